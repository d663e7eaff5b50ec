"""Signing in: with the division's own accounts where a provider is set up, else with a code by mail."""

import logging
import secrets
from dataclasses import dataclass
from uuid import UUID

from flask import Blueprint, abort, g, redirect, render_template, request, session, url_for
from werkzeug.wrappers import Response

from services.request_intake.adapters.sign_ins import TooManyAttemptsError
from services.request_intake.bootstrap import Application
from services.request_intake.domain.sign_in import Refused
from services.request_intake.entrypoints.openid import OpenId, ProviderAwayError
from services.request_intake.entrypoints.pages import sitting

log = logging.getLogger(__name__)

_LONGEST_ADDRESS = 254
# What the browser's cookie keeps until she is in: her attempt's secret, and the page she wanted.
_ATTEMPT, _WANTED = "attempt", "wanted"

Page = Response | tuple[str, int]


@dataclass(frozen=True)
class SigningIn:
    """The pages. `openid` is None where codes by mail are the way in."""

    application: Application
    openid: OpenId | None

    def install(self, blueprint: Blueprint) -> None:
        """Add them; under demo none of them is there."""
        add = blueprint.add_url_rule
        add("/sign-in", "sign_in", self.sign_in)
        add("/sign-in", "send_code", self.send_code, methods=["POST"])
        add("/sign-in/code", "code", self.code)
        add("/sign-in/code", "enter_code", self.enter_code, methods=["POST"])
        add("/sign-in/go", "go", self.go)
        add("/sign-in/back", "back", self.back)
        add("/my-roles", "my_roles", self.my_roles)
        add("/my-roles", "change_role", self.change_role, methods=["POST"])

    def sign_in(self) -> Page:
        """The entrance."""
        self._is_there()
        if g.asker:
            return redirect(sitting.first_page(g.asker.role), 303)
        session[_WANTED] = sitting.ours(request.args.get("next", ""))
        return self._entrance()

    def send_code(self) -> Page:
        """Mail a code, if somebody has the address; the answer is the same if nobody has."""
        self._is_there(with_codes=True)
        email = request.form.get("email", "").strip()
        if "@" not in email[1:-1] or len(email) > _LONGEST_ADDRESS or not email.isprintable():
            return self._entrance(email=email, fault="not_an_address", status=422)
        browser = secrets.token_urlsafe(32)
        try:
            self.application.signing_in.ask_code(
                browser=browser, email=email, network=request.remote_addr or ""
            )
        except TooManyAttemptsError:
            return self._entrance(email=email, fault="too_many", status=429)
        session[_ATTEMPT] = browser
        return redirect(url_for("pages.code"), 303)

    def code(self) -> Page:
        """Where the code is typed. It changes nothing: whatever opens a mail's link opens this."""
        self._is_there(with_codes=True)
        return render_template(
            "intake/sign_in_code.html", fault=None, asked=_ATTEMPT in session
        ), 200

    def enter_code(self) -> Page:
        """Let her in with the code of the attempt that this browser began."""
        self._is_there(with_codes=True)
        found = self.application.signing_in.by_code(
            browser=str(session.get(_ATTEMPT, "")), code=request.form.get("code", "")
        )
        if isinstance(found, Refused):
            asked = found.why != "over"
            page = render_template("intake/sign_in_code.html", fault=found.why, asked=asked)
            return page, 422
        return self._let_in(found)

    def go(self) -> Page:
        """On to the provider."""
        openid = self._provider()
        try:
            return openid.away(url_for("pages.back", _external=True))
        except ProviderAwayError:
            return self._entrance(fault="away", status=503)

    def back(self) -> Page:
        """Back from the provider."""
        openid = self._provider()
        try:
            identity = openid.returned()
        except ProviderAwayError:
            return self._entrance(fault="away", status=503)
        if isinstance(identity, Refused):
            return self._refused(identity)
        found = self.application.signing_in.by_identity(identity)
        return self._refused(found) if isinstance(found, Refused) else self._let_in(found)

    def my_roles(self) -> Page:
        """Choose one of her roles; they never merge."""
        self._is_there()
        roles = self.application.signing_in.roles(sitting.myself().person.id)
        return render_template("intake/my_roles.html", roles=roles), 200

    def change_role(self) -> Page:
        """Go on in another of her roles, in a new session."""
        self._is_there()
        role = request.form.get("role", "")
        begun = sitting.begin(self.application, sitting.myself().person.id, role)
        return begun or abort(422)

    def _let_in(self, actor_id: UUID) -> Page:
        roles = self.application.signing_in.roles(actor_id)
        wanted = str(session.get(_WANTED) or "")
        begun = roles and sitting.begin(self.application, actor_id, roles[0], wanted)
        if not begun:
            return self._refused(Refused("unknown"))
        return begun if len(roles) == 1 else redirect(url_for("pages.my_roles"), 303)

    def _refused(self, refused: Refused) -> Page:
        log.info("sign_in.refused", extra={"reason": refused.why})
        return self._entrance(fault=refused.why, status=200 if refused.why == "cancelled" else 403)

    def _entrance(self, *, email: str = "", fault: str | None = None, status: int = 200) -> Page:
        page = render_template(
            "intake/sign_in.html",
            provider=self.openid.provider if self.openid else None,
            promise=self.application.model().model.promise,
            email=email,
            fault=fault,
        )
        return page, status

    def _provider(self) -> OpenId:
        self._is_there()
        return self.openid or abort(404)

    def _is_there(self, *, with_codes: bool = False) -> None:
        """Under demo nobody signs in; with a provider, codes open nothing (ASVS 5.0, 6.3.4)."""
        if self.application.demo or (with_codes and self.openid):
            abort(404)
