"""An admin's pages of asks judged anew: past ones by the draft, open ones by the model in force."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from services.request_intake.bootstrap import Application
from services.request_intake.domain.model_document import ModelFaults
from services.request_intake.domain.replay import Standing
from services.request_intake.entrypoints.pages.following import Refresh
from services.request_intake.entrypoints.pages.sitting import myself
from services.request_intake.handlers.drafting import DraftChanged
from shared.clock import Clock

_STUCK = timedelta(minutes=1)
_WAIT = 2
_TOPICS = ("topics", "out_of_remit")


@dataclass(frozen=True)
class Replaying:
    """The replay's pages."""

    application: Application
    clock: Clock

    def install(self, blueprint: Blueprint) -> None:
        """Give the pages their addresses."""
        blueprint.get("/model/draft/replay", endpoint="replay")(self.show)
        blueprint.post("/model/draft/replay", endpoint="start_replay")(self.start)
        blueprint.post("/model/draft/replay/stop", endpoint="stop_replay")(self.stop)
        blueprint.get("/model/open-requests", endpoint="open_requests")(self.open_requests)

    def show(self) -> str:
        standing = self.application.replaying.standing()
        names = self._names()
        stuck = standing is not None and self.clock() - standing.moved_at > _STUCK
        return render_template(
            "intake/replay.html",
            standing=standing,
            draft=self.application.drafting.draft(),
            stuck=stuck,
            now=self.clock(),
            flipped=sum(flip.count for flip in standing.flips) if standing else 0,
            titles=lambda key: names.get(key, key),
            types=lambda keys: ", ".join(names.get(key, key) for key in keys),
            words_of=self.application.replaying.words,
            refresh=None if stuck else _refresh(standing),
        )

    def open_requests(self) -> str:
        """What is still open from an earlier version and would be decided otherwise now."""
        names = self._names()
        return render_template(
            "intake/open_requests.html",
            found=self.application.rejudging.judged(),
            titles=lambda key: names.get(key, key),
            types=lambda keys: ", ".join(names.get(key, key) for key in keys),
        )

    def start(self) -> Response:
        """Start it for the draft as it was seen; otherwise back to the draft as it is now."""
        seen = request.form.get("revision", -1, type=int)
        try:
            answer = self.application.replaying.start(myself().person.id, seen=seen)
        except ModelFaults:
            return redirect(url_for("pages.draft"), 303)
        page = "pages.draft" if isinstance(answer, DraftChanged) else "pages.replay"
        return redirect(url_for(page), 303)

    def stop(self) -> Response:
        self.application.replaying.stop(myself().person.id)
        return redirect(url_for("pages.replay"), 303)

    def _names(self) -> Mapping[str, str]:
        """Topics and coach types by key, those of the draft over those in force."""
        model = self.application.model().model
        names = {topic.key: topic.title for topic in model.all_topics}
        names |= {kind.key: kind.name for kind in model.coach_types}
        if draft := self.application.drafting.draft():
            for section in _TOPICS:
                names |= {one["key"]: one["title"] for one in draft.document[section]}
            names |= {one["key"]: one["name"] for one in draft.document["coach_types"]}
        return names


def _refresh(standing: Standing | None) -> Refresh | None:
    if standing is None or standing.finished or standing.stopped_at:
        return None
    return Refresh(_WAIT, url_for("pages.replay"))
