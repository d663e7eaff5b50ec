"""What an event is the newest word of, so that old news is known for what it is."""

from collections.abc import Iterator
from uuid import UUID

from services.notifier.domain.announcements import News, TakenOff
from services.notifier.domain.cycles import series_of
from shared.events import CycleScheduled, Event, SessionHandedOver

Subject = tuple[UUID, str]


def subjects(event: News) -> Iterator[tuple[Subject, int]]:
    """Each with its version: its request; the session that it takes off; the series of its cycle."""
    if speaks_of_request(event):
        yield (event.request_id, event.source), event.version
    if isinstance(event, TakenOff):
        yield taken_off(event), event.version
    if isinstance(event, CycleScheduled):
        for view in series_of(event):
            yield (view.series_id, "series"), view.sequence


def speaks_of_request(event: News) -> bool:
    """Whether it says how its request stands; that a coach is out of it says nothing of that."""
    return says_how_it_stands(type(event))


def says_how_it_stands(kind: type[Event]) -> bool:
    """Whether events of this kind say how a request stands."""
    return kind is not SessionHandedOver


def taken_off(event: TakenOff) -> Subject:
    """The session that is off: for all its people, or for the coach who had it."""
    if isinstance(event, SessionHandedOver):
        return event.session_id, f"taken_off:{event.coach.id}"
    return event.session_id, "taken_off"
