"""Letters about times that are held: what fell away, what is kept instead, and until when."""

from services.notifier.adapters.wording import Wording
from services.notifier.adapters.words import (
    Link,
    Words,
    closing,
    expect,
    greeting,
    sentences,
    why_off,
)
from services.notifier.domain.announcements import Announcement
from services.notifier.domain.plain_text import one_line
from shared.events import SessionOffered, SessionReleased
from shared.events.vocabulary import OfferedTime


def release(told: Announcement, say: Wording, page: str) -> Words:
    """A told time fell away, and another is held if there is one."""
    event = expect(told, SessionReleased)
    _ = say.text
    when = say.start(event.starts_at, event.zone)
    opening = _("Your meeting with {name} on {when} can not take place.").format(
        name=one_line(event.coach.name), when=when
    )
    if event.offer is None:
        after = _("We could not hold another time yet. You are at the head of the waitlist.")
    else:
        after = _("Another time is held for you. It is yours with one yes:")
    return Words(
        language=say.language,
        subject=_("Your meeting on {when} has to move").format(when=when),
        greeting=greeting(told.reader, say),
        paragraphs=(
            opening,
            _("Your calendar takes it out with this mail; there is nothing you need to do."),
            after,
        ),
        facts=facts_of_offer(event.offer, event.zone, say),
        reasons_title=_("Why"),
        reasons=why_off(told, event, event.coach, say),
        links=_links(event.offer, say, page),
        closing=closing(say),
    )


def offer(told: Announcement, say: Wording, page: str) -> Words:
    """A time is held for somebody who waits."""
    event = expect(told, SessionOffered)
    _ = say.text
    return Words(
        language=say.language,
        subject=_("A time is held for you: {when}").format(
            when=say.start(event.offer.starts_at, event.zone)
        ),
        greeting=greeting(told.reader, say),
        paragraphs=(_("This time would suit you both. It is yours with one yes:"),),
        facts=facts_of_offer(event.offer, event.zone, say),
        reasons_title=_("Why"),
        reasons=sentences(event.reasons),
        links=_links(event.offer, say, page),
        closing=closing(say),
    )


def facts_of_offer(
    held: OfferedTime | None, zone: str, say: Wording
) -> tuple[tuple[str, str], ...]:
    """With whom, when, where, and until when it is held; nothing when nothing is."""
    if held is None:
        return ()
    _ = say.text
    return (
        (_("Who"), one_line(held.coach.name)),
        (_("When"), say.from_to(held.starts_at, held.ends_at, zone)),
        *((_("And"), say.from_to(one.starts_at, one.ends_at, zone)) for one in held.later),
        (_("Where"), one_line(held.place.address, 500)),
        (_("Held until"), say.start(held.held_until, zone)),
    )


def _links(held: OfferedTime | None, say: Wording, page: str) -> tuple[Link, ...]:
    _ = say.text
    label = _("See where it stands") if held is None else _("Say yes, or ask for another time")
    return (Link(label=label, url=page),)
