"""Cycles put into the event that tells them: each time the whole, as it stands now."""

from collections.abc import Sequence
from uuid import UUID

from services.scheduler.domain.booking import Booking
from services.scheduler.domain.cycle import Cycle
from services.scheduler.domain.model import ModelTerms
from services.scheduler.ports import Work
from shared.events import CycleScheduled
from shared.events.vocabulary import CycleMeeting, MeetingTime, OfferedTime, Reason


def tell_cycle_booked(work: Work, booking: Booking, terms: ModelTerms) -> None:
    """A whole cycle is booked."""
    request, series = booking.request, booking.series
    if series is None:
        raise ValueError("one meeting is no cycle")
    mode = terms.modes[request.support_mode]
    work.announce(
        CycleScheduled(
            version=booking.version,
            request_id=request.id,
            changed_at=work.now,
            state="open",
            because="booked",
            series_id=series.id,
            sequence=0,
            anchor_at=series.anchor_at,
            planned=request.meetings,
            weeks_between=series.weeks_between,
            coach=booking.coach.person,
            teacher=request.teacher,
            school=request.school,
            place=booking.place,
            zone=booking.zone,
            coach_type_name=terms.coach_types[booking.coach_type].name,
            topic_title=terms.topics[request.topic].title,
            support_mode=mode.key,
            mode_name=mode.name,
            meetings=tuple(
                CycleMeeting(
                    session_id=one.session_id,
                    series_id=series.id,
                    number=one.number,
                    coach_name=booking.coach.person.name,
                    starts_at=one.starts_at,
                    ends_at=one.ends_at,
                    state="scheduled",
                )
                for one in booking.meetings
            ),
            offers=(),
            former=None,
            reasons=booking.reasons,
        )
    )


def tell_cycle(
    work: Work, cycle: Cycle, terms: ModelTerms, because: str, reasons: Sequence[Reason]
) -> None:
    """A cycle stands as it is now."""
    request, mode = cycle.request, terms.modes[cycle.request.support_mode]
    work.announce(
        CycleScheduled(
            version=request.version,
            request_id=request.id,
            changed_at=work.now,
            state=cycle.state.value,
            because=because,
            series_id=cycle.series_id,
            sequence=cycle.sequence,
            anchor_at=cycle.anchor_at,
            planned=cycle.planned,
            weeks_between=cycle.weeks_between,
            coach=cycle.coach,
            teacher=request.teacher,
            school=request.school,
            place=cycle.place,
            zone=work.zone,
            coach_type_name=terms.coach_types[cycle.coach_type].name,
            topic_title=terms.topics[request.topic].title,
            support_mode=mode.key,
            mode_name=mode.name,
            meetings=tuple(
                CycleMeeting(
                    session_id=one.id,
                    series_id=one.series_id,
                    number=number,
                    coach_name=one.coach.name,
                    starts_at=one.starts_at,
                    ends_at=one.ends_at,
                    state=one.state,
                )
                for number, one in enumerate(cycle.meetings, start=1)
            ),
            offers=_offers(cycle),
            former=cycle.former,
            reasons=tuple(reasons),
        )
    )


def _offers(cycle: Cycle) -> tuple[OfferedTime, ...]:
    """What is held for it, each offer once: its first meeting, and the others behind it."""
    found: dict[UUID, OfferedTime] = {}
    for one in cycle.held:
        if one.offer_id is None or one.held_until is None:
            continue
        offer = found.get(one.offer_id)
        later = (
            (*offer.later, MeetingTime(starts_at=one.starts_at, ends_at=one.ends_at))
            if offer
            else ()
        )
        found[one.offer_id] = OfferedTime(
            session_id=one.offer_id,
            coach=one.coach,
            place=one.place,
            starts_at=offer.starts_at if offer else one.starts_at,
            ends_at=offer.ends_at if offer else one.ends_at,
            held_until=one.held_until,
            later=later,
        )
    return tuple(found.values())
