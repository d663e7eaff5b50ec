"""Where her requests stand: the list, the page of one, and taking one back."""

from dataclasses import dataclass
from uuid import UUID

from flask import Blueprint, abort, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from services.request_intake.bootstrap import Application
from services.request_intake.domain.request import Request
from services.request_intake.entrypoints.pages.sitting import myself
from services.request_intake.entrypoints.pages.views import RequestView, view
from services.request_intake.handlers.following import CanNotBeCancelled
from shared.clock import Clock

_MOST_LOOKS = 20
_FIRST_WAIT, _WAIT = 1, 3
_STOP = "stop"
_ONE = "/requests/<uuid:request_id>"


@dataclass(frozen=True)
class Refresh:
    """When a page looks again by itself, and where."""

    seconds: int
    url: str


@dataclass(frozen=True)
class Following:
    """The pages that follow a request."""

    application: Application
    clock: Clock

    def install(self, blueprint: Blueprint) -> None:
        """Give the pages their addresses."""
        blueprint.get("/requests", endpoint="requests")(self.list_mine)
        blueprint.get(_ONE, endpoint="request_page")(self.show)
        blueprint.get(f"{_ONE}/cancel", endpoint="cancel")(self.ask_to_cancel)
        blueprint.post(f"{_ONE}/cancel", endpoint="cancel_now")(self.cancel)

    def list_mine(self) -> str:
        mine = [self._view(item) for item in self.application.requests(myself().person.id)]
        return render_template("intake/requests.html", requests=mine)

    def show(self, request_id: UUID) -> str:
        found = self._mine(request_id)
        return render_template(
            "intake/request.html",
            asked=found,
            refresh=_refresh(found),
            now=self.clock(),
            for_coaches=self.application.reviewing.is_for_coaches(myself().person.id, request_id)
            if found.state == "under_review"
            else False,
        )

    def ask_to_cancel(self, request_id: UUID) -> Response | str:
        found = self._mine(request_id)
        if not found.may_be_cancelled:
            return _to_page_of(request_id)
        return render_template("intake/cancel.html", asked=found, changed=False)

    def cancel(self, request_id: UUID) -> Response | tuple[str, int]:
        """Cancel what she saw; if it changed since, she sees that first."""
        seen = request.form.get("version", type=int)
        answer = self.application.cancel(myself().person.id, request_id, seen_version=seen)
        if answer is None:
            abort(404)
        if isinstance(answer, CanNotBeCancelled) and answer.request.may_be_cancelled:
            found = self._view(answer.request)
            return render_template("intake/cancel.html", asked=found, changed=True), 409
        return _to_page_of(request_id)

    def _mine(self, request_id: UUID) -> RequestView:
        found = self.application.request(myself().person.id, request_id)
        if found is None:
            abort(404)
        return self._view(found)

    def _view(self, asked: Request) -> RequestView:
        return view(asked, self.application.model().model)


def _to_page_of(request_id: UUID) -> Response:
    return redirect(url_for("pages.request_page", request_id=request_id), 303)


def _refresh(found: RequestView) -> Refresh | None:
    """Look again while the answer is on its way: after a second, then every three, for a minute."""
    look = request.args.get("look", "0")
    looks = int(look) if look.isascii() and look.isdigit() and len(look) < 4 else _MOST_LOOKS
    if found.state != "waiting" or look == _STOP or looks >= _MOST_LOOKS:
        return None
    url = url_for("pages.request_page", request_id=found.id, look=looks + 1)
    return Refresh(_WAIT if looks else _FIRST_WAIT, url)
