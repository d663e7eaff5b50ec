"""Appoint a coach to coach types: within the published model, never under a meeting's feet."""

from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID
from zoneinfo import ZoneInfo

from services.scheduler.domain.appointment import AppointedCoach, InUse, Offer, Offers
from services.scheduler.domain.local_week import monday_of
from services.scheduler.domain.week_caps import ramp_up
from services.scheduler.handlers.telling import tell_all_freed
from services.scheduler.ports import Appointments, WeekCaps, Work


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


@dataclass(frozen=True, kw_only=True)
class Begin:
    """For how many weeks who is newly appointed does less than her cap, and where that is kept."""

    caps: WeekCaps
    weeks: int


Appointed = AppointedCoach | OffersChanged | NotPublished | StillNeeded | None


def appoint(
    work: Work,
    appointments: Appointments,
    coach_id: UUID,
    wanted: Offers,
    *,
    seen: Offers,
    begin: Begin,
) -> Appointed:
    """Let her offer exactly `wanted`; None when there is no such coach.

    Who waits and could use what is new is matched anew. Who is newly appointed may begin slowly.
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
    if wanted and not coach.offers and appointments.is_new(coach_id):
        _begin_slowly(work, coach, begin)
    appointments.replace(coach_id, wanted)
    if wanted - coach.offers:
        tell_all_freed(work, coach_id)
    return appointments.locked(coach_id)


def _begin_slowly(work: Work, coach: AppointedCoach, begin: Begin) -> None:
    first = monday_of(work.now, ZoneInfo(work.zone))
    begin.caps.keep(coach.id, ramp_up(first, coach.weekly_minutes, begin.weeks))


def _needed(
    appointments: Appointments, coach_id: UUID, withdrawn: Collection[Offer]
) -> tuple[InUse, ...]:
    if not withdrawn:
        return ()
    return tuple(one for one in appointments.in_use(coach_id) if one.offer in withdrawn)
