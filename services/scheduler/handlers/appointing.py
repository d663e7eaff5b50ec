"""Appoint a coach to coach types: within the published model, never under a meeting's feet."""

from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from services.scheduler.domain.appointment import AppointedCoach, InUse, Offer, Offers
from services.scheduler.handlers.telling import tell_all_freed
from services.scheduler.ports import Appointments, Work


@dataclass(frozen=True, kw_only=True)
class OffersChanged:
    """Somebody changed her offers since they were seen; nothing was written."""

    now: AppointedCoach


@dataclass(frozen=True, kw_only=True)
class NotPublished:
    """These are in no published coaching model; nothing was written."""

    offers: tuple[Offer, ...]


@dataclass(frozen=True, kw_only=True)
class StillNeeded:
    """Meetings to come need these; nothing was written."""

    in_use: tuple[InUse, ...]


Appointed = AppointedCoach | OffersChanged | NotPublished | StillNeeded | None


def appoint(
    work: Work,
    appointments: Appointments,
    coach_id: UUID,
    wanted: Offers,
    *,
    seen: Offers,
) -> Appointed:
    """Let her offer exactly `wanted`; None when there is no such coach.

    Who waits and could use what is new is matched anew.
    """
    work.take_turn()
    coach = appointments.locked(coach_id)
    if coach is None:
        return None
    if coach.offers != seen:
        return OffersChanged(now=coach)
    if unknown := appointments.offerable().unknown(wanted, coach.offers):
        return NotPublished(offers=unknown)
    if needed := _needed(appointments, coach_id, coach.offers - wanted):
        return StillNeeded(in_use=needed)
    appointments.replace(coach_id, wanted)
    if wanted - coach.offers:
        tell_all_freed(work, coach_id)
    return appointments.locked(coach_id)


def _needed(
    appointments: Appointments, coach_id: UUID, withdrawn: Collection[Offer]
) -> tuple[InUse, ...]:
    if not withdrawn:
        return ()
    return tuple(one for one in appointments.in_use(coach_id) if one.offer in withdrawn)
