"""An ask in words that people read: one line a stage, and how it ended. Pure text, no colour."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from deploy.asking.choices import Choices
from deploy.asking.ending import Ending, Mail
from deploy.asking.follow import Stage, Step
from deploy.asking.meeting import Meeting, offered, scheduled
from deploy.asking.standing import SCHEDULED, Standing

_OFFERED = "Does this time suit you?"
_HEADLINES = {
    "scheduled": "You have a coach",
    "waiting": "It is coaching, and no time fits yet: you are on the waitlist",
    "declined": "This one is for somebody else",
    "under_review": "A person will read it",
    "completed": "You have met",
    "cancelled": "This request was cancelled",
}
_DECIDED = {"out_of_remit": "not coaching work", "unclear": "unclear: a person will read it"}


@dataclass(frozen=True, kw_only=True)
class Part:
    """A heading with its lines."""

    heading: str
    lines: tuple[str, ...]


class Teller:
    """Says it in the words of the division's model."""

    def __init__(self, choices: Choices) -> None:
        self._choices = choices

    def step(self, step: Step) -> str:
        """What a stage brought."""
        match step.stage:
            case Stage.RECEIVED:
                return f"request {step.standing.id}"
            case Stage.DECIDED:
                return self._decided(step.standing)
            case Stage.MATCHED:
                return self._matched(step.standing)
            case Stage.TOLD:
                return ", ".join(f"{notice.part}: {notice.kind}" for notice in step.notices)

    def headline(self, ending: Ending) -> str:
        """The end in a sentence."""
        if not ending.followed.settled:
            return "Not settled yet. The request is safe, and goes on by itself"
        standing = ending.followed.standing
        return _OFFERED if standing.offer else _HEADLINES[standing.status]

    def parts(self, ending: Ending) -> Iterator[Part]:
        """Everything else: decision, meeting, where it goes, why, mails, page."""
        standing = ending.followed.standing
        yield Part(heading="Decision", lines=(self._decided(standing),))
        if meeting := self._meeting(standing):
            yield from _parts(meeting, standing.answer["school"]["name"])
        if redirect := standing.answer.get("redirect"):
            yield Part(heading="Goes to", lines=tuple(_redirect(redirect)))
        if ending.reasons:
            why = tuple(_reason(reason) for reason in ending.reasons)
            yield Part(heading="Why", lines=why)
        if ending.mails:
            mails = tuple(line for mail in ending.mails for line in _mail(mail))
            yield Part(heading="Mail", lines=mails)
        if ending.page:
            yield Part(heading="Page", lines=(ending.page,))

    def _decided(self, standing: Standing) -> str:
        answer = standing.answer
        topic = self._choices.topics.get(answer.get("topic") or "", "")
        if standing.decision == "in_remit":
            mode = self._choices.modes.get(answer.get("support_mode") or "", "")
            return f"in remit: {topic}, {mode}"
        said = _DECIDED.get(standing.decision, standing.decision)
        return f"{said}: {topic}" if topic else said

    def _meeting(self, standing: Standing) -> Meeting | None:
        if standing.session and standing.status == SCHEDULED:
            return scheduled(standing.session, standing.cycle)
        return offered(standing.offer, self._choices.zone) if standing.offer else None

    def _matched(self, standing: Standing) -> str:
        meeting = self._meeting(standing)
        return meeting.in_a_line if meeting else "no time fits yet"


def _parts(meeting: Meeting, school: str) -> Iterator[Part]:
    yield Part(heading="Coach", lines=(meeting.coach,))
    yield Part(heading="When", lines=(meeting.when,))
    if meeting.later:
        yield Part(heading="Then", lines=meeting.later)
    yield Part(heading="Where", lines=(meeting.where(school),))
    if meeting.notes:
        yield Part(heading="Note", lines=meeting.notes)


def _redirect(redirect: Mapping[str, Any]) -> Iterator[str]:
    yield f"{redirect['label']}: {redirect['target']}"
    yield redirect["sentence"]


def _reason(reason: Mapping[str, Any]) -> str:
    count = reason.get("count")
    return reason["sentence"] if count is None else f"{reason['sentence']} ({count})"


def _mail(mail: Mail) -> Iterator[str]:
    yield f"{mail.notice.part}, {mail.notice.kind} {mail.notice.state}"
    yield from (f"  {place}" for place in (mail.path, mail.page) if place)
