"""What an event is the newest word of, so that old news is known for what it is."""

from collections.abc import Iterator
from uuid import UUID

from services.notifier.domain.announcements import News, TakenOff
from services.notifier.domain.cycles import series_of
from shared.events import CycleScheduled

Subject = tuple[UUID, str]


def subjects(event: News) -> Iterator[tuple[Subject, int]]:
    """Each with its version: its request; the session that it takes off; the series of its cycle."""
    yield (event.request_id, event.source), event.version
    if isinstance(event, TakenOff):
        yield (event.session_id, "taken_off"), event.version
    if isinstance(event, CycleScheduled):
        for view in series_of(event):
            yield (view.series_id, "series"), view.sequence
