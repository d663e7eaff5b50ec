"""A request: what a teacher asked, how it was decided, and where it stands. Pure."""

import hashlib
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta, tzinfo
from typing import TypedDict, assert_never
from uuid import UUID

from services.request_intake.domain.remit import Decision, InRemit, NotOffered, OutOfRemit, Unclear
from services.request_intake.domain.standing import Said, Standing, State
from shared.events.vocabulary import (
    Person,
    Redirect,
    School,
    SchoolWindow,
    Window,
)

MEETINGS = ("in_person", "online", "either")
LONGEST_WORDS = 2_000
MOST_WINDOWS = 20
MOST_MEETINGS = 20
_HORIZON = timedelta(days=366)


_NEXT: dict[State, frozenset[State]] = {
    State.DECLINED: frozenset({State.UNDER_REVIEW}),
    State.UNDER_REVIEW: frozenset({State.CANCELLED, State.WAITING, State.DECLINED}),
    # Completed too: what was said in between may come later, and is old news then.
    State.WAITING: frozenset({State.WAITING, State.SCHEDULED, State.COMPLETED, State.CANCELLED}),
    State.SCHEDULED: frozenset({State.SCHEDULED, State.WAITING, State.COMPLETED, State.CANCELLED}),
    State.COMPLETED: frozenset(),
    State.CANCELLED: frozenset(),
}


@dataclass(frozen=True, kw_only=True)
class Asker:
    """Who asks, always for herself. People of the division's office have no school of their own."""

    person: Person
    role: str
    school: School | None
    room: str


_NOBODY = UUID(int=0)

# Who asks is found out by the very statement that stores the ask; until then it is a stranger's.
STRANGER = Asker(
    person=Person(id=_NOBODY, name="", email="", language=""),
    role="",
    school=School(id=_NOBODY, name=""),
    room="",
)


@dataclass(frozen=True, kw_only=True)
class Ask:
    """What she gave.

    Without topic, her words are read; without mode, the topic's first is meant; without school or
    room, hers; without windows and school windows, any time will do; without meetings, as many as
    the mode usually takes. It helps until the end of `needed_by`.
    """

    words: str
    topic: str | None = None
    support_mode: str | None = None
    school: str | None = None
    meeting: str = "either"
    windows: tuple[Window, ...] = ()
    room: str | None = None
    school_windows: tuple[SchoolWindow, ...] = ()
    meetings: int | None = None
    needed_by: date | None = None

    def digest(self) -> bytes:
        """Equal for equal asks: tells a repeated one from another under the same key."""
        times: list[object] = [
            (w.starts_at.timestamp(), w.ends_at.timestamp(), w.in_class) for w in self.windows
        ]
        given = (self.words, self.topic, self.support_mode, self.school, self.meeting, self.room)
        more = (self.meetings, self.needed_by) if self.meetings or self.needed_by else ()
        return hashlib.sha256(repr((given, times, self.school_windows, *more)).encode()).digest()


@dataclass(frozen=True, kw_only=True)
class Request:
    """An ask with its decision. `clause` is what the model says of it; of an unclear one, the question.

    `version` grows with each change that others are told of; `standing_version` is the scheduler's
    own count of what it said. `asked_topic` and `asked_mode` are those that she chose herself.
    `appealed`: she said once that it is coaching. `excepted`: it is coached by a recorded exception.
    """

    id: UUID
    teacher_id: UUID
    school: School
    words: str
    topic: str | None
    support_mode: str | None
    coach_types: tuple[str, ...]
    meeting: str
    windows: tuple[Window, ...]
    room: str
    model_version: int
    decision: str
    clause: str
    redirect: Redirect | None
    suggestions: tuple[str, ...]
    state: State
    version: int
    submitted_at: datetime
    changed_at: datetime
    standing: Standing | None = None
    standing_version: int = 0
    notice_failed: bool = False
    asked_topic: str | None = None
    asked_mode: str | None = None
    appealed: bool = False
    excepted: bool = False
    school_windows: tuple[SchoolWindow, ...] = ()
    meetings: int | None = None
    needed_by: date | None = None

    @property
    def may_be_cancelled(self) -> bool:
        """Whether she can still take it back."""
        return State.CANCELLED in _NEXT[self.state]

    def cancelled(self, now: datetime) -> "Request":
        """The request, taken back by its teacher; only when `may_be_cancelled`."""
        return replace(self, state=State.CANCELLED, version=self.version + 1, changed_at=now)

    def told(self, said: Said) -> "Request | None":
        """How it stands after the scheduler's word; None when that is old news or moot."""
        if said.version <= self.standing_version or said.state not in _NEXT[self.state]:
            return None
        return replace(
            self,
            state=said.state,
            standing=said.standing,
            standing_version=said.version,
            changed_at=said.at,
        )


@dataclass(frozen=True, kw_only=True)
class Judged:
    """What became of an ask: for which school if not hers, how it was decided, by which version."""

    school: School | None
    decision: Decision
    model_version: int


def received(request_id: UUID, asker: Asker, ask: Ask, judged: Judged, now: datetime) -> Request:
    """The request that an ask becomes once it is judged; ValueError when it has no school."""
    school = judged.school or asker.school
    if school is None:
        raise ValueError("an ask of nobody's school")
    return Request(
        id=request_id,
        teacher_id=asker.person.id,
        school=school,
        words=ask.words,
        meeting=ask.meeting,
        windows=ask.windows,
        school_windows=ask.school_windows,
        room=asker.room if ask.room is None else ask.room,
        model_version=judged.model_version,
        version=1,
        submitted_at=now,
        changed_at=now,
        asked_topic=ask.topic,
        asked_mode=ask.support_mode,
        meetings=ask.meetings,
        needed_by=ask.needed_by,
        **decided(ask.support_mode, judged.decision),
    )


def decided(support_mode: str | None, decision: Decision) -> "Decided":
    """What a decision makes of a request in whose ask this mode was chosen, or none."""
    match decision:
        case InRemit():
            return {
                "decision": "in_remit",
                "state": State.WAITING,
                "topic": decision.topic.key,
                "support_mode": decision.support_mode,
                "coach_types": decision.coach_types,
                "clause": decision.clause,
                "redirect": decision.beside,
                "suggestions": (),
            }
        case OutOfRemit():
            return {
                "decision": "out_of_remit",
                "state": State.DECLINED,
                "topic": decision.topic.key,
                "support_mode": support_mode,
                "coach_types": (),
                "clause": decision.clause,
                "redirect": decision.redirect,
                "suggestions": (),
            }
        case Unclear():
            return {
                "decision": "unclear",
                "state": State.UNDER_REVIEW,
                "topic": None,
                "support_mode": support_mode,
                "coach_types": (),
                "clause": decision.question,
                "redirect": None,
                "suggestions": decision.suggestions,
            }
        case _:
            assert_never(decision)


class Decided(TypedDict):
    """The fields of a request that its decision gives."""

    decision: str
    state: State
    topic: str | None
    support_mode: str | None
    coach_types: tuple[str, ...]
    clause: str
    redirect: Redirect | None
    suggestions: tuple[str, ...]


def time_fault(ask: Ask, now: datetime, zone: tzinfo) -> NotOffered | None:
    """The first of her times in which nobody could help, or None."""
    today = now.astimezone(zone).date()
    if ask.needed_by is not None and ask.needed_by < today:
        return NotOffered(field="needed_by", message="has passed", right="today or a day to come")
    if ask.needed_by is not None and ask.needed_by > today + _HORIZON:
        return NotOffered(
            field="needed_by", message="is too far ahead", right="a day within twelve months"
        )
    return window_fault(ask.windows, now)


def window_fault(windows: tuple[Window, ...], now: datetime) -> NotOffered | None:
    """The first window in which nobody could meet, or None."""
    for index, window in enumerate(windows):
        place = f"windows.{index}"
        if window.ends_at <= window.starts_at:
            return NotOffered(
                field=f"{place}.ends_at", message="is not after its start", right="a later time"
            )
        if window.ends_at <= now:
            return NotOffered(
                field=f"{place}.ends_at", message="has passed", right="a time to come"
            )
        if window.ends_at > now + _HORIZON:
            return NotOffered(
                field=f"{place}.ends_at",
                message="is too far ahead",
                right="a time within twelve months",
            )
    return None
