"""Letters about cycles: all meetings at once, and after that what changed, with the whole beside it."""

from collections.abc import Mapping

from services.notifier.adapters.offer_letters import facts_of_offer
from services.notifier.adapters.wording import Wording
from services.notifier.adapters.words import (
    Link,
    Words,
    closing,
    expect,
    greeting,
    marked,
    where,
    why_off,
)
from services.notifier.domain.announcements import Announcement, Kind
from services.notifier.domain.cycles import SeriesView, view_of
from services.notifier.domain.plain_text import one_line
from shared.events import CycleScheduled

Facts = tuple[tuple[str, str], ...]


def cycle_words(told: Announcement, say: Wording, page: str) -> Words:
    """What this reader is told of the cycle."""
    event = expect(told, CycleScheduled)
    view = view_of(event, told.session_id)
    _ = say.text
    return Words(
        language=say.language,
        subject=_subject(told, event, view, say),
        greeting=greeting(told.reader, say),
        paragraphs=_paragraphs(told, event, view, say),
        facts=_facts(told, event, view, say),
        reasons_title=_("Why"),
        reasons=why_off(told, event, view.coach, say),
        links=(Link(label=_("See it, or change it"), url=page),),
        closing=closing(say),
    )


def _subject(told: Announcement, event: CycleScheduled, view: SeriesView, say: Wording) -> str:
    _ = say.text
    name = _other(told, view)
    match told.kind:
        case Kind.INVITATION:
            return _("Your {count} meetings with {name}").format(
                count=len(view.meetings), name=name
            )
        case Kind.RELEASE:
            return _("One of your meetings has to move")
        case Kind.OFFER if event.offers:
            held = event.offers[0]
            return _("A time is held for you: {when}").format(
                when=say.start(held.starts_at, event.zone)
            )
        case Kind.CANCELLATION:
            return _("Cancelled: your meetings with {name}").format(name=name)
        case _:
            return _("Changed: your meetings with {name}").format(name=name)


def _paragraphs(
    told: Announcement, event: CycleScheduled, view: SeriesView, say: Wording
) -> tuple[str, ...]:
    _ = say.text
    said = [_opening(told, event, view, say)]
    if event.because in {"released", "offered"} and told.part == "teacher":
        said.append(_held(event, say))
    elif told.kind is Kind.WAITING:
        said.append(_("We look for another time before anybody else is served."))
    if view.meetings:
        said.append(_("They stand in your calendar as one entry that comes again each week."))
    elif told.kind is Kind.CANCELLATION:
        said.append(
            _("Your calendar takes it out with this mail; there is nothing you need to do.")
        )
    return tuple(said)


def _opening(told: Announcement, event: CycleScheduled, view: SeriesView, say: Wording) -> str:
    name = _other(told, view)
    if view.series_id != event.series_id:
        return _handed_over(told, event, say)
    if told.kind is Kind.INVITATION:
        return _invited(told, event, say, name)
    return say.text(_CHANGED.get(event.because, _CHANGED_SOMEHOW)).format(name=name)


def _handed_over(told: Announcement, event: CycleScheduled, say: Wording) -> str:
    _ = say.text
    if told.part == "coach":
        return _("{teacher} goes on with {name} from now on. Thank you for what you did.").format(
            teacher=one_line(event.teacher.name), name=one_line(event.coach.name)
        )
    return _(
        "{name} goes on with you from now on. The new meetings come with a mail of their own."
    ).format(name=one_line(event.coach.name))


def _invited(told: Announcement, event: CycleScheduled, say: Wording, name: str) -> str:
    _ = say.text
    if told.part == "coach":
        return _(
            "{name} asked for a cycle of meetings with you, and these times suit you both."
        ).format(name=name)
    if event.because == "handed_over":
        return _("{name} goes on with you, as you agreed.").format(name=name)
    return _("Good news: {name} will meet with you, with one goal and at these times.").format(
        name=name
    )


_CHANGED: Mapping[str, str] = {
    "moved": marked("One of your meetings with {name} has moved."),
    "released": marked("One of your meetings with {name} can not take place."),
    "offered": marked("A meeting of your cycle with {name} had no time yet."),
    "lapsed": marked("The time that was held for a meeting with {name} was not confirmed."),
    "taken": marked("One more of your meetings with {name} has its time."),
    "paused": marked("Your cycle with {name} rests until its teacher takes it up again."),
    "resumed": marked("Your cycle with {name} goes on."),
    "extended": marked("Your cycle with {name} has one meeting more."),
    "cancelled": marked("Your cycle with {name} has one meeting less."),
    "missed": marked("A meeting with {name} did not take place. It is owed, and we look on."),
    "ended": marked("Your cycle with {name} is over."),
}
_CHANGED_SOMEHOW = marked("Your meetings with {name} have changed.")


def _held(event: CycleScheduled, say: Wording) -> str:
    _ = say.text
    if not event.offers:
        return _("No other time could be held yet; your coach owes it to you, and we look on.")
    if event.offers[0].later:
        return _("Other times are held for you. They are yours with one yes:")
    return _("Another time is held for you. It is yours with one yes:")


def _facts(told: Announcement, event: CycleScheduled, view: SeriesView, say: Wording) -> Facts:
    _ = say.text
    offers: Facts = ()
    if told.part == "teacher" and view.series_id == event.series_id:
        offers = tuple(
            fact for offer in event.offers for fact in facts_of_offer(offer, event.zone, say)
        )
    met = tuple(
        (
            _("Meeting {number}").format(number=one.number),
            say.from_to(one.starts_at, one.ends_at, event.zone),
        )
        for one in view.meetings
        if one.state == "scheduled"
    )
    return (
        *offers,
        (_("Who"), _other(told, view)),
        *met,
        (_("Where"), where(event, say)),
        (_("Topic"), one_line(event.topic_title)),
        (_("Support"), one_line(event.mode_name)),
    )


def _other(told: Announcement, view: SeriesView) -> str:
    event = expect(told, CycleScheduled)
    return one_line(view.coach.name if told.part == "teacher" else event.teacher.name)
