"""Who is told what of a cycle: whoever's calendar changed, and a teacher who is asked about a time."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from uuid import UUID

from services.notifier.domain.announcements import Announcement, Kind, Part
from shared.events import CycleScheduled
from shared.events.vocabulary import CycleMeeting, Instant, Person

_BOTH: tuple[Part, ...] = ("teacher", "coach")
# What its teacher is asked or told beside what her calendar says.
_TO_TEACHER = {"released": Kind.RELEASE, "offered": Kind.OFFER, "lapsed": Kind.WAITING}


@dataclass(frozen=True, kw_only=True)
class SeriesView:
    """One series of a cycle as it stands in calendars: whose it is, and its meetings."""

    series_id: UUID
    sequence: int
    anchor_at: Instant
    coach: Person
    meetings: tuple[CycleMeeting, ...]


def series_of(event: CycleScheduled) -> tuple[SeriesView, ...]:
    """The present series, and the former one if there is one."""
    present = SeriesView(
        series_id=event.series_id,
        sequence=event.sequence,
        anchor_at=event.anchor_at,
        coach=event.coach,
        meetings=_in(event, event.series_id),
    )
    if event.former is None:
        return (present,)
    former = event.former
    return present, SeriesView(
        series_id=former.series_id,
        sequence=former.sequence,
        anchor_at=former.anchor_at,
        coach=former.coach,
        meetings=_in(event, former.series_id),
    )


def view_of(event: CycleScheduled, series_id: UUID | None) -> SeriesView:
    """The series of this id."""
    return next(view for view in series_of(event) if view.series_id == series_id)


def announcements_of_cycle(
    event: CycleScheduled, changed: Collection[UUID]
) -> tuple[Announcement, ...]:
    """Who is told. `changed` are the series that calendars do not have so yet."""
    present = series_of(event)[0]
    told = _of_present(event, present, changed=present.series_id in changed)
    return (*told, *farewells_of_cycle(event, changed))


def farewells_of_cycle(
    event: CycleScheduled, changed: Collection[UUID]
) -> tuple[Announcement, ...]:
    """What takes its former coach's series out of calendars, if they do not know yet."""
    return tuple(
        _told(event, view, part, Kind.CANCELLATION)
        for view in series_of(event)[1:]
        if view.series_id in changed
        for part in _BOTH
    )


def _of_present(
    event: CycleScheduled, view: SeriesView, *, changed: bool
) -> Iterator[Announcement]:
    asked = _TO_TEACHER.get(event.because)
    if asked is not None:
        yield _told(event, view, "teacher", asked)
    elif changed:
        yield _told(event, view, "teacher", _in_calendar(event, view))
    if changed:
        yield _told(event, view, "coach", _in_calendar(event, view))


def _in_calendar(event: CycleScheduled, view: SeriesView) -> Kind:
    if not view.meetings:
        return Kind.CANCELLATION
    return Kind.UPDATE if event.sequence else Kind.INVITATION


def _told(event: CycleScheduled, view: SeriesView, part: Part, kind: Kind) -> Announcement:
    return Announcement(
        kind=kind,
        part=part,
        reader=event.teacher if part == "teacher" else view.coach,
        event=event,
        session_id=view.series_id,
    )


def _in(event: CycleScheduled, series_id: UUID) -> tuple[CycleMeeting, ...]:
    return tuple(meeting for meeting in event.meetings if meeting.series_id == series_id)
