"""What a demo division is made of: plain facts that the loader hands to each service."""

from dataclasses import dataclass
from datetime import date, datetime, time
from uuid import UUID

from services.request_intake.domain.coaching_model import SupportMode

TEACHER, LEADER, COACH, ADMIN = "teacher", "leader", "coach", "admin"
ELEMENTARY, JUNIOR_HIGH, SENIOR_HIGH = "elementary", "junior_high", "senior_high"
DOMAIN = "three-larches.example.org"
USUAL_SEED = 3


@dataclass(frozen=True, kw_only=True)
class Size:
    """How much of everything there is."""

    name: str
    schools: int
    teachers: int
    coaches: int
    past_sessions: int


SMALL = Size(name="small", schools=12, teachers=400, coaches=14, past_sessions=0)
CITY = Size(name="city", schools=200, teachers=8_000, coaches=240, past_sessions=30_000)
SIZES = {size.name: size for size in (SMALL, CITY)}


@dataclass(frozen=True, kw_only=True)
class School:
    """A school, with the key that people type."""

    id: UUID
    key: str
    name: str
    level: str


@dataclass(frozen=True, kw_only=True)
class Person:
    """Somebody who works in the division. `room` is a teacher's own; an admin has no school."""

    id: UUID
    name: str
    email: str
    role: str
    school_ids: tuple[UUID, ...] = ()
    room: str = ""


@dataclass(frozen=True, kw_only=True)
class Hours:
    """A stretch of every such weekday (Monday is 0), in wall time."""

    weekday: int
    starts: time
    ends: time


@dataclass(frozen=True, kw_only=True)
class Away:
    """A day on which a coach can not be booked, or a part of it, whatever her weekly hours say."""

    day: date
    starts: time | None = None
    ends: time | None = None


@dataclass(frozen=True, kw_only=True)
class Coach:
    """A coach's role as she fills it: her type, modes, schools, hours, and what she carries at most."""

    person: Person
    coach_type: str
    modes: tuple[str, ...]
    school_ids: tuple[UUID, ...]
    hours: tuple[Hours, ...]
    away: tuple[Away, ...]
    sessions_per_day: int
    weekly_minutes: int
    online_address: str


@dataclass(frozen=True, kw_only=True)
class PastSession:
    """A completed session of last school year."""

    id: UUID
    request_id: UUID
    coach: Coach
    teacher: Person
    school: School
    topic: str
    mode: SupportMode
    starts_at: datetime
    ends_at: datetime
    online: bool


@dataclass(frozen=True, kw_only=True)
class Division:
    """The whole of it. `people` holds everybody, coaches included."""

    size: Size
    seed: int
    zone: str
    schools: tuple[School, ...]
    people: tuple[Person, ...]
    coaches: tuple[Coach, ...]
    past_sessions: tuple[PastSession, ...]

    @property
    def teachers(self) -> tuple[Person, ...]:
        """Those who ask."""
        return tuple(person for person in self.people if person.role == TEACHER)
