"""What the scheduler tells of cycles: several meetings with one goal and one coach."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from shared.events.declaration import Event
from shared.events.vocabulary import (
    CycleMeeting,
    FormerSeries,
    Instant,
    OfferedTime,
    Person,
    Place,
    Reason,
    School,
)


@dataclass(frozen=True, kw_only=True)
class CycleScheduled(Event):
    """A cycle as it stands now, whole: told when it is booked, and at each change of it.

    `state` is open, paused or ended. `because` is a stable code: booked, moved, released, offered, taken,
    turned_down, lapsed, taken_back, followed, cancelled, missed, completed, paused, resumed, extended,
    handed_over or ended.
    `meetings` are those that stand or were held, by their beginning; of `planned` ones some may be
    lacking, and `offers` hold times for them. In calendars it is one entry that recurs each week from
    `anchor_at` in wall time, with those weeks taken out in which nobody meets; `sequence` is that
    entry's (RFC 5545, 3.8.7.4).
    """

    name: ClassVar[str] = "cycle.scheduled"
    source: ClassVar[str] = "scheduler"
    aggregate_field: ClassVar[str] = "request_id"

    request_id: UUID
    changed_at: Instant
    state: str
    because: str
    series_id: UUID
    sequence: int
    anchor_at: Instant
    planned: int
    weeks_between: int
    coach: Person
    teacher: Person
    school: School
    place: Place
    zone: str
    coach_type_name: str
    topic_title: str
    support_mode: str
    mode_name: str
    meetings: tuple[CycleMeeting, ...]
    offers: tuple[OfferedTime, ...]
    former: FormerSeries | None
    reasons: tuple[Reason, ...]
