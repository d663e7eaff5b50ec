"""What a letter is made of, whatever it is about."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

from services.notifier.adapters.wording import Wording
from services.notifier.domain.announcements import Announcement, Kind, OfSession
from services.notifier.domain.plain_text import one_line
from shared.events import CycleScheduled, SessionReleased
from shared.events.vocabulary import Person, Reason

E = TypeVar("E")
OffTold = SessionReleased | CycleScheduled
_APPRAISED = "appraised"  # the scheduler's code of this reason


@dataclass(frozen=True, kw_only=True)
class Link:
    """Something to press: what it says and where it leads."""

    label: str
    url: str


@dataclass(frozen=True, kw_only=True)
class Words:
    """A letter's words, the same in both of its forms."""

    language: str
    subject: str
    greeting: str
    paragraphs: tuple[str, ...]
    facts: tuple[tuple[str, str], ...] = ()
    reasons_title: str = ""
    reasons: tuple[str, ...] = ()
    links: tuple[Link, ...] = ()
    closing: str = ""


def marked(text: str) -> str:
    """The text itself, marked as one that is translated where it is used."""
    return text


def sentences(reasons: Sequence[Reason]) -> tuple[str, ...]:
    """Reasons as single lines."""
    return tuple(one_line(reason.sentence, 300) for reason in reasons)


def why_off(told: Announcement, event: OffTold, coach: Person, say: Wording) -> tuple[str, ...]:
    """Why a told time fell away, as single lines; an appraisal is named to each as it is hers."""
    said = sentences(event.reasons)
    return tuple(
        _appraised(told, event, coach, say) if reason.code == _APPRAISED else sentence
        for reason, sentence in zip(event.reasons, said, strict=True)
    )


def _appraised(told: Announcement, event: OffTold, coach: Person, say: Wording) -> str:
    _ = say.text
    if told.part == "coach":
        return _("You appraise {name}, and nobody is coached by who appraises her.").format(
            name=one_line(event.teacher.name)
        )
    return _("{name} appraises you, and nobody is coached by who appraises her.").format(
        name=one_line(coach.name)
    )


def greeting(reader: Person, say: Wording) -> str:
    """How it begins."""
    return say.text("Hello {name},").format(name=one_line(reader.name))


def closing(say: Wording) -> str:
    """How it ends."""
    return say.text("Warmly, Remit")


def expect(told: Announcement, kind: type[E]) -> E:
    """The event of an announcement that is about such a one."""
    if not isinstance(told.event, kind):
        raise TypeError(f"{told.kind} is not about {type(told.event).__name__}")
    return told.event


def page_of(told: Announcement, public_url: str) -> str:
    """Where its reader sees more: a teacher's request, a coach's time with its teacher, a review."""
    if told.kind is Kind.OVERDUE:
        return f"{public_url}/reviews/{told.request_id}"
    room = "my-time" if told.part == "coach" else "requests"
    return f"{public_url}/{room}/{told.request_id}"


def where(event: OfSession | CycleScheduled, say: Wording) -> str:
    """The place in one line: an online address by itself, a room with its school."""
    address = one_line(event.place.address, 500)
    if event.place.kind == "online":
        return address or say.text("Online")
    return ", ".join(part for part in (address, one_line(event.school.name)) if part)
