"""What the scheduler tells of schools' own time and of teachers' timetables."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from shared.events.declaration import Event


@dataclass(frozen=True, kw_only=True)
class SchoolTimeKept(Event):
    """What a school calls its days and periods, in their order: the words that an ask may use.

    `by_weekday`: its days have no labels of their own; they are mon to sun.
    """

    name: ClassVar[str] = "school.time_kept"
    source: ClassVar[str] = "scheduler"
    aggregate_field: ClassVar[str] = "school_id"

    school_id: UUID
    labels: tuple[str, ...]
    by_weekday: bool
    periods: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class TimetableKept(Event):
    """A teacher's timetable at a school is known; `prepares`: it names prep periods."""

    name: ClassVar[str] = "timetable.kept"
    source: ClassVar[str] = "scheduler"
    aggregate_field: ClassVar[str] = "teacher_id"

    teacher_id: UUID
    school_id: UUID
    prepares: bool
