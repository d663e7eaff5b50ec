"""An event becomes notices: who is told, what that makes pointless, each letter written once."""

from collections.abc import Sequence
from uuid import UUID

from services.notifier.domain.announcements import (
    Announcement,
    Kind,
    News,
    TakenOff,
    announcements_of,
)
from services.notifier.domain.cycles import announcements_of_cycle
from services.notifier.domain.notice import Failure
from services.notifier.ports import Ledger, Letter, Writer
from shared.events import (
    CycleScheduled,
    NoticeFailed,
    OwnCopySent,
    RequestUnderReview,
    ReviewOverdue,
    SignInCodeAsked,
)

ToldPlainly = ReviewOverdue | SignInCodeAsked | OwnCopySent


def tell(ledger: Ledger, writer: Writer, events: Sequence[News]) -> None:
    """Queue the notices of these events. Stale and doubled ones change nothing, in any order.

    What takes a session off is never stale: a newer word of its request says nothing of the calendars
    that this session stands in.
    """
    newest = _newest_of_each_request(events)
    off = _newest_of_each_session(events)
    fresh = ledger.hear([*newest.values(), *off.values()])
    over = _reviews_that_are_over(ledger, [e for id_, e in newest.items() if id_ in fresh])
    told = [event for id_, event in newest.items() if id_ in fresh - over]
    late = [event for id_, event in off.items() if id_ in fresh and event not in told]
    announcements = [
        *(one for event in told for one in _announcements(event, fresh)),
        *(one for event in late for one in announcements_of(event, late=True)),
    ]
    ledger.overtake(announcements)
    _queue(ledger, writer, _worth_telling(ledger, announcements))


def _announcements(event: News, fresh: frozenset[UUID]) -> tuple[Announcement, ...]:
    if isinstance(event, CycleScheduled):
        return announcements_of_cycle(event, fresh)
    return announcements_of(event)


def tell_plainly(ledger: Ledger, writer: Writer, events: Sequence[ToldPlainly]) -> None:
    """Queue the notices of what is no news of a request: those of requests stay as they are."""
    _queue(ledger, writer, [one for event in events for one in announcements_of(event)])


def _queue(ledger: Ledger, writer: Writer, announcements: Sequence[Announcement]) -> None:
    letters = [writer.write(announcement) for announcement in announcements]
    ledger.add(letters)
    for letter in letters:
        if letter.mime is None:
            ledger.announce(_not_reachable(letter))


def _newest_of_each_request(events: Sequence[News]) -> dict[UUID, News]:
    newest: dict[UUID, News] = {}
    for event in sorted(events, key=lambda event: event.version):
        newest[event.request_id] = event
    return newest


def _newest_of_each_session(events: Sequence[News]) -> dict[UUID, TakenOff]:
    newest: dict[UUID, TakenOff] = {}
    for event in sorted(events, key=lambda event: event.version):
        if isinstance(event, TakenOff):
            newest[event.session_id] = event
    return newest


def _reviews_that_are_over(ledger: Ledger, events: Sequence[News]) -> frozenset[UUID]:
    """A request that was matched is not under review any more, in whatever order we hear of it."""
    reviews = [event.request_id for event in events if isinstance(event, RequestUnderReview)]
    return ledger.matched(reviews) if reviews else frozenset()


def _worth_telling(ledger: Ledger, announcements: Sequence[Announcement]) -> list[Announcement]:
    """All, but no cancellation of a session that its reader was never told of."""
    cancellations = [one for one in announcements if one.kind is Kind.CANCELLATION]
    out = ledger.may_be_out(cancellations) if cancellations else frozenset()
    return [
        one
        for one in announcements
        if one.kind is not Kind.CANCELLATION or (one.session_id, one.reader.id) in out
    ]


def _not_reachable(letter: Letter) -> NoticeFailed:
    return NoticeFailed(
        notice_id=letter.id,
        version=1,
        request_id=letter.announcement.request_id,
        recipient_id=letter.announcement.reader.id,
        kind=letter.announcement.kind,
        reason=Failure.ADDRESS,
    )
