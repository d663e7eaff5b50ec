"""Schools, their own time, teachers' timetables and the ways between schools, as people keep them."""

from collections.abc import Collection, Mapping, Sequence
from typing import Protocol
from uuid import UUID

from services.scheduler.domain.school_time import SchoolTime, Timetable
from services.scheduler.domain.schools import KnownSchool
from services.scheduler.domain.timetabling import KnownTimetable
from services.scheduler.domain.ways import KnownTravel, Table
from shared.events import SchoolKept


class Schools(Protocol):
    """The division's schools, as intake tells of them."""

    def keep(self, told: Sequence[SchoolKept]) -> None:
        """Remember the newest of each."""
        ...


class SchoolYears(Protocol):
    """Schools' own time."""

    def school(self, school_id: UUID) -> KnownSchool | None:
        """The school of this id, whose year nobody else changes until the transaction ends."""
        ...

    def standing(self, school_ids: Collection[UUID]) -> Mapping[UUID, SchoolTime]:
        """The years of these as they stand, as far as they are known, kept from changing."""
        ...

    def remember(self, before: SchoolTime, version: int) -> None:
        """Keep the year that this version replaced, until what that made impossible is found."""
        ...

    def save(self, schools: Sequence[SchoolTime]) -> Sequence[SchoolTime]:
        """Write these; as they are now, each one version on, with what was declared since."""
        ...


class Timetables(Protocol):
    """When teachers teach and when they prepare."""

    def save(self, given: Mapping[tuple[UUID, UUID], Timetable]) -> Mapping[tuple[UUID, UUID], int]:
        """Write timetables, by teacher and school; the version that each has now."""
        ...

    def one(self, teacher_id: UUID, school_id: UUID) -> KnownTimetable:
        """Her timetable at this school, as far as it is known."""
        ...

    def swap(
        self, teacher_id: UUID, school_id: UUID, timetable: Timetable, seen: int
    ) -> int | None:
        """Write it if it is of the version that was seen, 0 for none; its version now, else None."""
        ...


class TravelTimes(Protocol):
    """The division's speed, and the table of minutes between schools."""

    def keys(self) -> Mapping[str, UUID]:
        """The schools by the keys that a way may name."""
        ...

    def known(self) -> KnownTravel | None:
        """What is known; None while there is no division."""
        ...

    def swap(self, kmh: int, table: Table, seen: int) -> int | None:
        """Write all of it if it is of the version that was seen; its version now, else None."""
        ...
