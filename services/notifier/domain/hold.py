"""When no mail at all can go out: the queue is held, and one try at a time asks whether it can.

A server that is away or refuses our sign-in says nothing about 500 waiting notices: none of them
may fail or use up its tries for it.
"""

from dataclasses import dataclass
from datetime import timedelta

from services.notifier.domain.notice import Misconfigured, ServerAway

AWAY = "server_away"
MISCONFIGURED = "misconfigured"

_ASK_AGAIN = tuple(timedelta(seconds=seconds) for seconds in (1, 2, 5, 10, 15, 30, 60))
_ASK_AGAIN_MISCONFIGURED = timedelta(minutes=1)
ALARM_AFTER = timedelta(minutes=15)


@dataclass(frozen=True, kw_only=True)
class Hold:
    """Why mail is held, and after how many probes that failed."""

    reason: str
    code: int | None
    failures: int

    @property
    def ask_again_after(self) -> timedelta:
        """How long until the next probe: soon at first, once a minute at last."""
        if self.reason == MISCONFIGURED:
            return _ASK_AGAIN_MISCONFIGURED
        return _ASK_AGAIN[min(self.failures, len(_ASK_AGAIN)) - 1]


def held_for(answer: ServerAway | Misconfigured, failures_before: int) -> Hold:
    """The hold that follows from an answer that is about us or the server, not about a notice."""
    reason = MISCONFIGURED if isinstance(answer, Misconfigured) else AWAY
    return Hold(reason=reason, code=answer.code, failures=failures_before + 1)


def someone_must_act(hold: Hold, held: timedelta) -> bool:
    """Our own set-up at once; a server that is away once it has been so for a quarter of an hour."""
    return hold.reason == MISCONFIGURED or held >= ALARM_AFTER
