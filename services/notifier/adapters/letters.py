"""The words of every letter: warm, brief, with names; who, when, where, why, and what to do next.

Nothing that a teacher wrote is ever here, and a subject line says nothing of coaching to whoever
sees it on a locked screen. Translations lie in locale/; `_` marks what is translated.
"""

from collections.abc import Callable

from services.notifier.adapters.cycle_letters import cycle_words
from services.notifier.adapters.hand_over_letters import hand_over, stays
from services.notifier.adapters.offer_letters import offer, release
from services.notifier.adapters.plain_letters import copy_of_model, overdue
from services.notifier.adapters.wording import Wording
from services.notifier.adapters.words import (
    Link,
    Words,
    closing,
    expect,
    greeting,
    page_of,
    sentences,
    where,
    why_off,
)
from services.notifier.domain.announcements import Announcement, Kind, OfSession, Part, TakenOff
from services.notifier.domain.plain_text import one_line
from shared.events import (
    CycleScheduled,
    RequestDeclined,
    RequestUnderReview,
    RequestWaiting,
    SessionCancelled,
    SessionHandedOver,
    SessionReleased,
    SessionScheduled,
)
from shared.events.vocabulary import Person


def words_of(announcement: Announcement, wording: Wording, public_url: str) -> Words:
    """What this reader is told."""
    page = page_of(announcement, public_url)
    if isinstance(announcement.event, CycleScheduled):
        return cycle_words(announcement, wording, page)
    return _WRITERS[announcement.kind](announcement, wording, page)


def _invitation(told: Announcement, say: Wording, page: str) -> Words:
    event = expect(told, SessionScheduled)
    other = one_line(_other(event, told.part).name)
    _ = say.text
    return Words(
        language=say.language,
        subject=_("Your meeting on {when}").format(when=say.start(event.starts_at, event.zone)),
        greeting=greeting(told.reader, say),
        paragraphs=(_opening(told, other, say),),
        facts=_facts(event, other, say),
        reasons_title=_("Why {name}, and why then").format(name=one_line(event.coach.name)),
        reasons=sentences(event.reasons),
        links=(Link(label=_see_it(told, say), url=page),),
        closing=closing(say),
    )


def _see_it(told: Announcement, say: Wording) -> str:
    _ = say.text
    return _("See it, or hand it over") if told.part == "coach" else _("See it, or cancel it")


def _opening(told: Announcement, other: str, say: Wording) -> str:
    _ = say.text
    if told.kind is Kind.UPDATE:
        return _(
            "Your meeting with {name} has changed. Your calendar takes the new time from this mail."
        ).format(name=other)
    if told.part == "coach":
        return _("{name} asked for your help, and this time suits you both.").format(name=other)
    return _("Good news: {name} will meet with you.").format(name=other)


def _cancellation(told: Announcement, say: Wording, page: str) -> Words:
    event = _taken_off(told)
    other = one_line(_other(event, told.part).name)
    _ = say.text
    return Words(
        language=say.language,
        subject=_("Cancelled: your meeting on {when}").format(
            when=say.start(event.starts_at, event.zone)
        ),
        greeting=greeting(told.reader, say),
        paragraphs=(
            _why_cancelled(told, event, other, say),
            _("Your calendar takes it out with this mail; there is nothing you need to do."),
        ),
        facts=_facts(event, other, say),
        links=(_after_all(event, page, say),),
        closing=closing(say),
    )


def _after_all(event: TakenOff, page: str, say: Wording) -> Link:
    """What is another's now has no page any more for the coach who had it."""
    _ = say.text
    if isinstance(event, SessionHandedOver):
        return Link(label=_("See your time"), url=page.rpartition("/")[0])
    return Link(label=_("See where it stands"), url=page)


def _taken_off(told: Announcement) -> TakenOff:
    if isinstance(told.event, SessionReleased | SessionHandedOver):
        return told.event
    return expect(told, SessionCancelled)


def _why_cancelled(told: Announcement, event: TakenOff, other: str, say: Wording) -> str:
    _, part = say.text, told.part
    if isinstance(event, SessionReleased):
        return _why_released(told, event, other, say)
    if isinstance(event, SessionHandedOver):
        return _("{colleague} meets {name} instead of you, as {name} chose.").format(
            colleague=one_line(event.to.name), name=other
        )
    if event.cancelled_by == part:
        return _("As you asked, your meeting with {name} is cancelled.").format(name=other)
    if event.cancelled_by == "division":
        return _(
            "We are sorry: your meeting with {name} can not take place, and is cancelled."
        ).format(name=other)
    return _("{name} had to cancel your meeting.").format(name=other)


def _why_released(told: Announcement, event: SessionReleased, other: str, say: Wording) -> str:
    _ = say.text
    opening = _("Your meeting with {name} can not take place: {why}").format(
        name=other, why=" ".join(why_off(told, event, event.coach, say)[:1])
    )
    if event.offer is None or told.part == "teacher":
        return opening
    held = say.start(event.offer.starts_at, event.zone)
    if event.offer.coach.id != event.coach.id:
        instead = _("We asked whether {when} with {colleague} would suit instead.").format(
            when=held, colleague=one_line(event.offer.coach.name)
        )
        return f"{opening} {instead}"
    return " ".join((opening, _("We asked whether {when} would suit instead.").format(when=held)))


def _waiting(told: Announcement, say: Wording, page: str) -> Words:
    event = expect(told, RequestWaiting)
    _ = say.text
    return Words(
        language=say.language,
        subject=_("Your request is on the waitlist"),
        greeting=greeting(told.reader, say),
        paragraphs=(
            _("Yes, we can help with that. No time suits yet, so you are on the waitlist."),
            _("As soon as a time comes free you are matched at once, and an invitation follows."),
        ),
        facts=(
            (_("Topic"), one_line(event.topic_title)),
            (_("Support"), one_line(event.mode_name)),
        ),
        reasons_title=_("What stood in the way"),
        reasons=sentences(event.reasons),
        links=(Link(label=_("See it, or add times that suit you"), url=page),),
        closing=closing(say),
    )


def _decline(told: Announcement, say: Wording, page: str) -> Words:
    event = expect(told, RequestDeclined)
    redirect = event.redirect
    _ = say.text
    return Words(
        language=say.language,
        subject=_("Your request: who can help you best"),
        greeting=greeting(told.reader, say),
        paragraphs=(
            one_line(redirect.sentence, 500),
            _("It is not something our coaches do, so here is the shortest way to those who can."),
        ),
        facts=((_("Topic"), one_line(event.topic_title)), (_("Where to go"), _whereto(told))),
        links=(
            *_redirect_link(event),
            Link(label=_("I think this is coaching: please look again"), url=page),
        ),
        closing=closing(say),
    )


def _whereto(told: Announcement) -> str:
    redirect = expect(told, RequestDeclined).redirect
    label, target = one_line(redirect.label), one_line(redirect.target, 500)
    return label if redirect.kind == "link" or target == label else f"{label}, {target}"


def _redirect_link(event: RequestDeclined) -> tuple[Link, ...]:
    """Only what is plainly a web address is made pressable."""
    target = event.redirect.target.strip()
    if event.redirect.kind != "link" or not target.startswith(("https://", "http://")):
        return ()
    return (Link(label=one_line(event.redirect.label), url=one_line(target, 2_000)),)


def _review(told: Announcement, say: Wording, page: str) -> Words:
    expect(told, RequestUnderReview)
    _ = say.text
    return Words(
        language=say.language,
        subject=_("We have your request"),
        greeting=greeting(told.reader, say),
        paragraphs=(
            _("Thank you. A person will read your request, so that it reaches the right people."),
            _("You will hear from us as soon as that is done."),
        ),
        links=(Link(label=_("See where it stands"), url=page),),
        closing=closing(say),
    )


_WRITERS: dict[Kind, Callable[[Announcement, Wording, str], Words]] = {
    Kind.INVITATION: _invitation,
    Kind.UPDATE: _invitation,
    Kind.CANCELLATION: _cancellation,
    Kind.WAITING: _waiting,
    Kind.RELEASE: release,
    Kind.OFFER: offer,
    Kind.DECLINE: _decline,
    Kind.REVIEW: _review,
    Kind.OVERDUE: overdue,
    Kind.COPY: copy_of_model,
    Kind.HAND_OVER: hand_over,
    Kind.STAYS: stays,
}


def _facts(event: OfSession, other: str, say: Wording) -> tuple[tuple[str, str], ...]:
    _ = say.text
    return (
        (_("Who"), other),
        (_("When"), say.from_to(event.starts_at, event.ends_at, event.zone)),
        (_("Where"), where(event, say)),
        (_("Topic"), one_line(event.topic_title)),
        (_("Support"), one_line(event.mode_name)),
    )


def _other(event: OfSession, part: Part) -> Person:
    return event.coach if part == "teacher" else event.teacher
