"""The use cases of signing in: with an identity of a provider, with a code by mail, in a role."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import Engine

from services.request_intake.adapters import sign_ins
from services.request_intake.domain.sign_in import Identity, Provider, Refused
from shared.access import audit, web_sessions
from shared.access.sign_in_codes import is_code_of
from shared.clock import Clock
from shared.database.transaction import transaction
from shared.events import SignInCodeAsked
from shared.identity import new_id
from shared.messaging.append import append

_SYSTEM = "system:request_intake"
# She who has several roles begins in the one that may least.
_FROM_THE_LEAST = ("teacher", "coach", "leader", "admin")


@dataclass(frozen=True, kw_only=True)
class SigningIn:
    """How somebody becomes known. Each method is a transaction of its own."""

    engine: Engine
    clock: Clock
    provider: Provider | None
    key: str

    def ask_code(self, *, browser: str, email: str, network: str) -> None:
        """Send a code to this address if somebody has it; nothing tells whether somebody does.

        Raises TooManyAttemptsError.
        """
        attempt_id, now = new_id(), self.clock()
        with transaction(self.engine, _SYSTEM) as connection:
            person = sign_ins.begin_attempt(
                connection, attempt_id, browser=browser, email=email, network=network
            )
            if person is not None:
                asked = SignInCodeAsked(
                    version=1, attempt_id=attempt_id, asked_at=now, person=person
                )
                append(connection, [asked], now)

    def by_code(self, *, browser: str, code: str) -> UUID | Refused:
        """Whose account this browser's code opens, once."""
        with transaction(self.engine, _SYSTEM) as connection:
            attempt = sign_ins.try_attempt(connection, browser)
            if attempt is None:
                return Refused("over")
            if not is_code_of(self.key, attempt.id, code) or attempt.actor_id is None:
                return Refused("wrong_code")
            sign_ins.use_attempt(connection, attempt.id)
            return attempt.actor_id

    def by_identity(self, identity: Identity) -> UUID | Refused:
        """Whose account this identity opens."""
        with transaction(self.engine, _SYSTEM) as connection:
            return sign_ins.account_of(connection, identity)

    def roles(self, actor_id: UUID) -> Sequence[str]:
        """Her roles, from the one that may least."""
        with transaction(self.engine, _SYSTEM) as connection:
            found = sign_ins.roles_of(connection, actor_id)
        return [role for role in _FROM_THE_LEAST if role in found]

    def begin_session(self, actor_id: UUID, role: str) -> str | None:
        """Open a web session in one of her roles: its secret, or None when she may not."""
        with transaction(self.engine, str(actor_id)) as connection:
            web_sessions.forget_ended(connection)
            secret = web_sessions.begin(connection, actor_id=actor_id, role=role)
            if secret is not None:
                audit.record(connection, "session.begun", actor_id, role=role)
            return secret
