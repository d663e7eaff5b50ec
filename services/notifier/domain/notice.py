"""What becomes of a notice: the ledger's states, and what each answer of the mail server means.

Instants are the database's: here are only durations, so that no host's clock decides anything.
"""

from dataclasses import dataclass, replace
from datetime import timedelta
from enum import StrEnum
from typing import assert_never

BACKOFF = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 15, 30, 60))
GIVE_UP_AFTER = timedelta(hours=48)
# A sign-in code that comes later than this opens nothing any more.
CODE_LIVES = timedelta(minutes=10)
MOST_DOUBTS = 2


class State(StrEnum):
    """Where a notice stands. `unknown`: it may have been accepted, and nobody can say."""

    QUEUED = "queued"
    SENDING = "sending"
    SENT = "sent"
    RETRY = "retry"
    UNKNOWN = "unknown"
    FAILED = "failed"
    SUPERSEDED = "superseded"


class Failure(StrEnum):
    """Why mail can not reach a reader: said to an admin and on the reader's page."""

    REFUSED = "refused"
    GAVE_UP = "gave_up"
    ADDRESS = "address_not_usable"
    UNKNOWN = "delivery_unknown"


@dataclass(frozen=True, kw_only=True)
class Accepted:
    """The server has taken responsibility (250 after the final dot)."""

    code: int
    reply: str


@dataclass(frozen=True, kw_only=True)
class Refused:
    """The mail or its address will never be taken (5xx)."""

    code: int
    reply: str


@dataclass(frozen=True, kw_only=True)
class Deferred:
    """Not now (4xx, or a line lost in time): nothing was taken."""

    code: int | None
    reply: str


@dataclass(frozen=True, kw_only=True)
class InDoubt:
    """The connection, or the sender, died between the mail's first byte and the server's answer."""


@dataclass(frozen=True, kw_only=True)
class ServerAway:
    """No server could be spoken to; says nothing about this notice."""

    code: int | None = None


@dataclass(frozen=True, kw_only=True)
class Misconfigured:
    """The server will not serve us as we are set up: no notice is to blame, none must fail."""

    code: int | None
    reply: str


Answer = Accepted | Refused | Deferred | InDoubt | ServerAway | Misconfigured


@dataclass(frozen=True, kw_only=True)
class Standing:
    """A notice in hand, as the ledger knows it. `attempts` counts this try; `age` since queued.

    After `patience` it is not worth sending any more.
    """

    attempts: int
    doubts: int
    overtaken: bool
    age: timedelta
    patience: timedelta = GIVE_UP_AFTER


@dataclass(frozen=True, kw_only=True)
class Settlement:
    """What to write into the ledger. Due again after `wait`; never of itself when that is None."""

    state: State
    doubts: int
    attempts: int
    wait: timedelta | None = None
    failure: Failure | None = None


def settle(standing: Standing, answer: Answer) -> Settlement:
    """Where one try leaves a notice. Nothing is ever sent a third time without a person."""
    match answer:
        case Accepted():
            return _left_at(standing, State.SENT)
        case Refused():
            return _left_at(standing, State.FAILED, failure=Failure.REFUSED)
        case Deferred():
            return _later(standing, BACKOFF[min(standing.attempts, len(BACKOFF)) - 1])
        case InDoubt():
            return _doubted(standing)
        case ServerAway() | Misconfigured():
            return _later(replace(standing, attempts=standing.attempts - 1), timedelta(0))
        case _:
            assert_never(answer)


def gave_up(standing: Standing) -> Settlement | None:
    """The settlement of a notice that has waited too long to be worth another try, or None."""
    if standing.age < standing.patience:
        return None
    return _left_at(standing, State.FAILED, failure=Failure.GAVE_UP)


def _later(standing: Standing, wait: timedelta) -> Settlement:
    if standing.overtaken:
        return _left_at(standing, State.SUPERSEDED)
    if standing.age + wait >= standing.patience:
        return _left_at(standing, State.FAILED, failure=Failure.GAVE_UP)
    return _left_at(standing, State.RETRY, wait=wait)


def _doubted(standing: Standing) -> Settlement:
    """One doubt: sent again at once, the same bytes. A second: a person decides."""
    doubts = standing.doubts + 1
    left = replace(standing, doubts=doubts)
    if standing.overtaken:
        return _left_at(left, State.SUPERSEDED)
    if doubts >= MOST_DOUBTS:
        return _left_at(left, State.UNKNOWN, failure=Failure.UNKNOWN)
    return _left_at(left, State.UNKNOWN, wait=timedelta(0))


def _left_at(
    standing: Standing,
    state: State,
    *,
    wait: timedelta | None = None,
    failure: Failure | None = None,
) -> Settlement:
    return Settlement(
        state=state,
        doubts=standing.doubts,
        attempts=standing.attempts,
        wait=wait,
        failure=failure,
    )
