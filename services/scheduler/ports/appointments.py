"""Coaches as an admin appoints them."""

from collections.abc import Sequence
from typing import Protocol
from uuid import UUID

from services.scheduler.domain.appointment import AppointedCoach, InUse, Offerable, Offers


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

    def is_new(self, coach_id: UUID) -> bool:
        """Whether she has never met anybody as a coach, and never begun slowly."""
        ...

    def replace(self, coach_id: UUID, offers: Offers) -> None:
        """Let her offer exactly these."""
        ...
