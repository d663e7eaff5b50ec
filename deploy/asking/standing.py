"""Where a request stands and what its people were told, as the two APIs say it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

WAITING = "waiting"
SCHEDULED = "scheduled"
_MAILS_OF = {SCHEDULED: 2}
_UNDER_WAY = frozenset({"queued", "sending", "retry", "unknown"})


@dataclass(frozen=True, kw_only=True)
class Notice:
    """One message to one person; `part` is teacher or coach."""

    part: str
    kind: str
    state: str
    message_id: str

    @property
    def settled(self) -> bool:
        """Whether nothing more will happen to it."""
        return self.state not in _UNDER_WAY


@dataclass(frozen=True, kw_only=True)
class Standing:
    """A request as intake's API answers it. `answer` is the whole body."""

    answer: Mapping[str, Any]

    @property
    def id(self) -> str:
        return str(self.answer["id"])

    @property
    def status(self) -> str:
        return str(self.answer["status"])

    @property
    def decision(self) -> str:
        return str(self.answer["decision"])

    @property
    def session(self) -> Mapping[str, Any] | None:
        """The session that was booked."""
        session: Mapping[str, Any] | None = self.answer.get("session")
        return session

    @property
    def offer(self) -> Mapping[str, Any] | None:
        """The time, or of a cycle the first of several, that is held until she says yes or no."""
        offer: Mapping[str, Any] | None = self.answer.get("offer")
        return offer if self.status == WAITING else None

    @property
    def cycle(self) -> Mapping[str, Any] | None:
        """The cycle that was booked."""
        cycle: Mapping[str, Any] | None = self.answer.get("cycle")
        return cycle

    @property
    def reasons(self) -> Sequence[Mapping[str, Any]]:
        """Why: of the match, or of the wait."""
        reasons: Sequence[Mapping[str, Any]] = self.answer.get("reasons") or ()
        return reasons

    @property
    def settled(self) -> bool:
        """Whether everybody concerned has spoken. `waiting` with no more said is still being matched."""
        return self.status != WAITING or bool(self.reasons or self.offer)

    def told(self, notices: Sequence[Notice]) -> bool:
        """Whether all mail of this end is out, or known to be impossible."""
        wanted = _MAILS_OF.get(self.status, 1)
        return len(notices) >= wanted and all(notice.settled for notice in notices)
