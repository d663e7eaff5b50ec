"""An ask in words that people read: one line a stage, and how it ended. Pure text, no colour."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from deploy.asking.choices import Choices
from deploy.asking.ending import Ending, Mail
from deploy.asking.follow import Stage, Step
from deploy.asking.standing import SCHEDULED, Standing

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
                return _matched(step.standing)
            case Stage.TOLD:
                return ", ".join(f"{notice.part}: {notice.kind}" for notice in step.notices)

    def headline(self, ending: Ending) -> str:
        """The end in a sentence."""
        if not ending.followed.settled:
            return "Not settled yet. The request is safe, and goes on by itself"
        return _HEADLINES[ending.followed.standing.status]

    def parts(self, ending: Ending) -> Iterator[Part]:
        """Everything else: decision, meeting, where it goes, why, mails, page."""
        standing = ending.followed.standing
        yield Part(heading="Decision", lines=(self._decided(standing),))
        if standing.session and standing.status == SCHEDULED:
            yield from self._meeting(standing.session, standing.answer)
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

    def _meeting(self, session: Mapping[str, Any], answer: Mapping[str, Any]) -> Iterator[Part]:
        yield Part(heading="Coach", lines=(f"{session['coach']}, {session['coach_type']}",))
        yield Part(heading="When", lines=(when(session),))
        place = session["place"]
        where = place["address"] or "agreed with the coach"
        school = answer["school"]["name"]
        at = "online, " + where if place["kind"] == "online" else f"{where}, {school}"
        yield Part(heading="Where", lines=(where if school in where else at,))
        if session["meetings_planned"] > 1:
            line = f"This is the first of {session['meetings_planned']} meetings."
            yield Part(heading="Note", lines=(line,))


def when(session: Mapping[str, Any]) -> str:
    """Local day and clock times, in full."""
    zone = ZoneInfo(session["zone"])
    starts, ends = (
        datetime.fromisoformat(session[key]).astimezone(zone) for key in ("starts_at", "ends_at")
    )
    day = f"{starts:%A}, {starts.day} {starts:%B %Y}"
    return f"{day}, {starts:%H:%M} to {ends:%H:%M} ({starts:%Z})"


def _matched(standing: Standing) -> str:
    session = standing.session
    return f"{session['coach']}, {when(session)}" if session else "no time fits yet"


def _redirect(redirect: Mapping[str, Any]) -> Iterator[str]:
    yield f"{redirect['label']}: {redirect['target']}"
    yield redirect["sentence"]


def _reason(reason: Mapping[str, Any]) -> str:
    count = reason.get("count")
    return reason["sentence"] if count is None else f"{reason['sentence']} ({count})"


def _mail(mail: Mail) -> Iterator[str]:
    yield f"{mail.notice.part}, {mail.notice.kind} {mail.notice.state}"
    yield from (f"  {place}" for place in (mail.path, mail.page) if place)
