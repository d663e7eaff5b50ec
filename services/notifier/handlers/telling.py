"""An event becomes notices: who is told, what that makes pointless, each letter written once."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from uuid import UUID

from services.notifier.domain.announcements import (
    Announcement,
    Kind,
    News,
    TakenOff,
    ToldPlainly,
    announcements_of,
)
from services.notifier.domain.cycles import (
    announcements_of_cycle,
    farewells_of_cycle,
    series_of,
)
from services.notifier.domain.hearing import Subject, speaks_of_request, taken_off
from services.notifier.domain.notice import Failure
from services.notifier.ports import Ledger, Letter, Writer
from shared.events import (
    CycleScheduled,
    NoticeFailed,
    RequestUnderReview,
    SessionReleased,
)

# What makes sense only to somebody who was told of the session before.
_OF_WHAT_IS_KNOWN = frozenset({Kind.CANCELLATION, Kind.UPDATE})


def tell(ledger: Ledger, writer: Writer, events: Sequence[News]) -> None:
    """Queue the notices of these events. Stale and doubled ones change nothing, in any order.

    Whose newer word is on its way is not asked about a time that she has answered. What takes a
    session off is never stale: a newer word of its request says nothing of the calendars
    that this session stands in.
    """
    newest = _newest_of_each_request(events)
    off = _newest_of_each_session(events)
    left = _series_left(events, newest)
    fresh = ledger.hear([*newest.values(), *off.values(), *left])
    over = _reviews_that_are_over(ledger, [e for id_, e in newest.items() if id_ in fresh])
    told = [event for id_, event in newest.items() if id_ in fresh - over]
    late = [event for (id_, _), event in off.items() if id_ in fresh and event not in told]
    overtaken = ledger.overtaken([event for event in told if isinstance(event, SessionReleased)])
    announcements = [
        one
        for event in told
        for one in _announcements(event, fresh, late=event.request_id in overtaken)
    ]
    announcements += [one for event in left for one in farewells_of_cycle(event, fresh)]
    newly = {(one.session_id, one.reader.id) for one in announcements}
    announcements += [
        one
        for event in late
        for one in announcements_of(event, late=True)
        if (one.session_id, one.reader.id) not in newly
    ]
    ledger.overtake(announcements)
    _queue(ledger, writer, _worth_telling(ledger, announcements))


def _announcements(event: News, fresh: frozenset[UUID], *, late: bool) -> tuple[Announcement, ...]:
    if isinstance(event, CycleScheduled):
        return announcements_of_cycle(event, fresh)
    return announcements_of(event, late=late)


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
        if speaks_of_request(event):
            newest[event.request_id] = event
    return newest


def _newest_of_each_session(events: Sequence[News]) -> dict[Subject, TakenOff]:
    newest: dict[Subject, TakenOff] = {}
    for event in sorted(events, key=lambda event: event.version):
        if isinstance(event, TakenOff):
            newest[taken_off(event)] = event
    return newest


def _series_left(events: Sequence[News], newest: Mapping[UUID, News]) -> list[CycleScheduled]:
    """Older words of cycles about a former coach of whom the newest says nothing any more."""
    known = {
        view.series_id
        for event in newest.values()
        if isinstance(event, CycleScheduled)
        for view in series_of(event)
    }
    left = {
        event.former.series_id: event
        for event in sorted(events, key=lambda event: event.version)
        if isinstance(event, CycleScheduled) and event.former
    }
    return [event for series_id, event in left.items() if series_id not in known]


def _reviews_that_are_over(ledger: Ledger, events: Sequence[News]) -> frozenset[UUID]:
    """A request that was matched is not under review any more, in whatever order we hear of it."""
    reviews = [event.request_id for event in events if isinstance(event, RequestUnderReview)]
    return ledger.matched(reviews) if reviews else frozenset()


def _worth_telling(ledger: Ledger, announcements: Sequence[Announcement]) -> list[Announcement]:
    """Each as its reader can know it by now.

    Who was never told of a session is not told that it is off, and is invited when it changes.
    """
    of_known = [one for one in announcements if one.kind in _OF_WHAT_IS_KNOWN]
    out = ledger.may_be_out(of_known) if of_known else frozenset()
    worth = []
    for one in announcements:
        if one.kind not in _OF_WHAT_IS_KNOWN or (one.session_id, one.reader.id) in out:
            worth.append(one)
        elif one.kind is Kind.UPDATE:
            worth.append(replace(one, kind=Kind.INVITATION))
    return worth


def _not_reachable(letter: Letter) -> NoticeFailed:
    return NoticeFailed(
        notice_id=letter.id,
        version=1,
        request_id=letter.announcement.request_id,
        recipient_id=letter.announcement.reader.id,
        kind=letter.announcement.kind,
        reason=Failure.ADDRESS,
    )
