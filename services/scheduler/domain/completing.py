"""A session is over: what kind of work it was, and the support mode as it turned out. Pure."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from services.scheduler.domain.release import LiveSession


class KindOfWork(StrEnum):
    """What coach and teacher did together, without a word about pupils or persons."""

    PLANNING = "planning"
    TEACHING = "teaching"
    PUPILS_WORK = "pupils_work"
    REFLECTING = "reflecting"
    RESOURCES = "resources"
    ARRANGING = "arranging"


@dataclass(frozen=True, kw_only=True)
class Closing:
    """What a coach says of a session that is over. `turned_out` is a support mode's key."""

    kind: KindOfWork
    turned_out: str


@dataclass(frozen=True, kw_only=True)
class OverSession:
    """A session whose time is over and that nobody has closed yet, with the modes it may have become."""

    session: LiveSession
    modes: tuple[tuple[str, str], ...]


def may_close(session: LiveSession, coach_id: UUID, now: datetime) -> bool:
    """Whether it is hers to close: it has begun, and she is its coach."""
    return session.coach.id == coach_id and session.starts_at <= now


def may_say_missed(session: LiveSession, person_id: UUID, now: datetime) -> bool:
    """Whether she can say that they did not meet: it has begun, and she is one of the two."""
    people = (session.coach.id, session.request.teacher.id)
    return person_id in people and session.starts_at <= now
