"""The values that events carry, in the words of the glossary.

Domain code may use these too: they hold facts, no rules.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated
from uuid import UUID

from msgspec import Meta

# A moment, always aware: a reader refuses one without an offset.
Instant = Annotated[datetime, Meta(tz=True)]


@dataclass(frozen=True, kw_only=True)
class Person:
    """Somebody to be told, as she was known when the event happened."""

    id: UUID
    name: str
    email: str
    language: str = "en"


@dataclass(frozen=True, kw_only=True)
class School:
    """A school of the division."""

    id: UUID
    name: str


@dataclass(frozen=True, kw_only=True)
class Window:
    """A stretch of time, half-open [starts_at, ends_at), both aware.

    `in_class`: whether she teaches then; None when she did not say.
    """

    starts_at: Instant
    ends_at: Instant
    in_class: bool | None = None


@dataclass(frozen=True, kw_only=True)
class SchoolWindow:
    """A stretch in her school's own words: a period on the days of a label; empty means any.

    `prep` stands alone: all her prep periods, as her timetable has them.
    """

    label: str = ""
    period: str = ""
    in_class: bool | None = None
    prep: bool = False


@dataclass(frozen=True, kw_only=True)
class Place:
    """Where a session is held: `room` (at the school) or `online` (the coach's standing address)."""

    kind: str
    address: str


@dataclass(frozen=True, kw_only=True)
class MeetingTime:
    """When a meeting begins and ends."""

    starts_at: Instant
    ends_at: Instant


@dataclass(frozen=True, kw_only=True)
class OfferedTime:
    """A time that is held for a teacher until she answers, or until `held_until`.

    `later` are the further meetings of a cycle that are held with it: one yes takes them all.
    """

    session_id: UUID
    coach: Person
    place: Place
    starts_at: Instant
    ends_at: Instant
    held_until: Instant
    later: tuple[MeetingTime, ...] = ()


@dataclass(frozen=True, kw_only=True)
class CycleMeeting:
    """A meeting of a cycle: scheduled, completed or missed. It stands in a series of its coach's."""

    session_id: UUID
    series_id: UUID
    number: int
    coach_name: str
    starts_at: Instant
    ends_at: Instant
    state: str


@dataclass(frozen=True, kw_only=True)
class FormerSeries:
    """How a cycle stood in the calendars while another had it: what was held then is left in it."""

    series_id: UUID
    sequence: int
    anchor_at: Instant
    coach: Person


@dataclass(frozen=True, kw_only=True)
class Reason:
    """One reason of a decision or a match: a stable code, the sentence that people read, a count."""

    code: str
    sentence: str
    count: int | None = None


@dataclass(frozen=True, kw_only=True)
class Redirect:
    """Where an out-of-remit ask goes. `kind` is link, email or person."""

    key: str
    label: str
    kind: str
    target: str
    sentence: str
    urgent: bool = False


@dataclass(frozen=True, kw_only=True)
class Combination:
    """One thing the published model allows: this coach type, on this topic, in this support mode."""

    coach_type: str
    topic: str
    support_mode: str


@dataclass(frozen=True, kw_only=True)
class ModeTerms:
    """A support mode's terms. `minutes` is the length of one meeting.

    `where_in_day` is either, in_class or outside_class. The meetings of a cycle are `weeks_between`
    weeks apart. `uses_protected`: it may use protected time.
    """

    key: str
    name: str
    minutes: int
    sessions_min: int
    sessions_max: int
    online_ok: bool
    where_in_day: str = "either"
    weeks_between: int = 1
    uses_protected: bool = False


@dataclass(frozen=True, kw_only=True)
class Duties:
    """What each of the three sides undertakes, in the model's words."""

    leadership: tuple[str, ...] = ()
    coaches: tuple[str, ...] = ()
    coachees: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class CoachTypeTerms:
    """A coach type's name and caps. `protected_percent` of her week is protected time."""

    key: str
    name: str
    sessions_per_day: int
    weekly_minutes: int
    cycles_at_once: int = 5
    protected_percent: int = 0


@dataclass(frozen=True, kw_only=True)
class TopicTerms:
    """An in-remit topic's title, as teachers and coaches read it.

    `where_in_day` narrows what its support modes say of it; empty, it is as they say.
    """

    key: str
    title: str
    where_in_day: str = ""
