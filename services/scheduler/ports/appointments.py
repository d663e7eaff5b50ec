"""Coaches as an admin appoints them, and schools' years as they are kept."""

from collections.abc import Mapping, Sequence
from typing import Protocol
from uuid import UUID

from services.scheduler.domain.appointment import AppointedCoach, InUse, Offerable, Offers
from services.scheduler.domain.school_time import SchoolTime, Timetable


class Appointments(Protocol):
    """Coaches and what they offer."""

    def locked(self, coach_id: UUID) -> AppointedCoach | None:
        """The coach of this id, kept from changing until the transaction ends."""
        ...

    def offerable(self) -> Offerable:
        """What the newest published version allows."""
        ...

    def in_use(self, coach_id: UUID) -> Sequence[InUse]:
        """Her offers that meetings to come need."""
        ...

    def replace(self, coach_id: UUID, offers: Offers) -> None:
        """Let her offer exactly these."""
        ...


class SchoolYears(Protocol):
    """Schools' own time, and teachers' timetables."""

    def save(self, schools: Sequence[SchoolTime]) -> Sequence[SchoolTime]:
        """Write these; as they are now, each one version on, with what was declared since."""
        ...

    def save_timetables(
        self, given: Mapping[tuple[UUID, UUID], Timetable]
    ) -> Mapping[tuple[UUID, UUID], int]:
        """Write timetables, by teacher and school; the version that each has now."""
        ...
