"""A review: why a person reads an ask, what she may answer, and what comes of it. Pure.

A person judges by the same function and the same published model as a machine: no answer leads
outside it. An exception names a combination that the model publishes, and is counted.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from uuid import UUID

from services.request_intake.domain.coaching_model import CoachingModel, OutOfRemitTopic, Topic
from services.request_intake.domain.need import Reading
from services.request_intake.domain.remit import InRemit, NotOffered, OutOfRemit, decide
from services.request_intake.domain.request import Request, decided
from services.request_intake.domain.standing import State
from shared.events.vocabulary import Person

LONGEST_SENTENCE = 500
_MOST_LIKELY = 3


class Why(StrEnum):
    """Why a person reads it: her words were unclear, or she appealed a decline."""

    UNCLEAR = "unclear"
    APPEAL = "appeal"


@dataclass(frozen=True, kw_only=True)
class Review:
    """A request that waits for its reader. `sentence` is what she said when she appealed."""

    request: Request
    teacher: Person
    why: Why
    sentence: str
    since: datetime
    escalated_at: datetime | None

    def overdue(self, patience: timedelta, now: datetime) -> bool:
        """Whether it has waited longer than it should."""
        return self.since + patience <= now


@dataclass(frozen=True, kw_only=True)
class Closed:
    """A review that is over: what was answered, when, and by whom; by nobody when withdrawn."""

    answer: str
    at: datetime
    by: UUID | None


@dataclass(frozen=True, kw_only=True)
class Coaching:
    """It is coaching, on this topic; without mode, in hers or the topic's first."""

    topic: str
    support_mode: str | None = None


@dataclass(frozen=True, kw_only=True)
class Elsewhere:
    """It is not coaching: this topic out of remit says where it goes."""

    topic: str


@dataclass(frozen=True, kw_only=True)
class Keep:
    """An appealed decline stays as it is."""


@dataclass(frozen=True, kw_only=True)
class ByException:
    """It is not coaching, and is coached this once, as this published combination."""

    topic: str
    coach_type: str
    support_mode: str
    reason: str


Verdict = Coaching | Elsewhere | Keep | ByException
# A coach who reads an appeal may say yes. No is the office's to say, by the same words everywhere.
OF_COACHES = (Coaching, ByException)
NAMES: Mapping[type[Verdict], str] = {
    Coaching: "coaching",
    Elsewhere: "elsewhere",
    Keep: "kept",
    ByException: "exception",
}


@dataclass(frozen=True, kw_only=True)
class Grant:
    """An exception as it is recorded. `month` is the first day of the month that it counts in."""

    request_id: UUID
    teacher_id: UUID
    granted_by: UUID
    granted_at: datetime
    reason: str
    model_version: int
    topic: str
    coach_type: str
    support_mode: str
    month: date
    budget: int


def may_be_appealed(request: Request) -> bool:
    """Whether she can say that it is coaching: of a declined request, once."""
    return request.state is State.DECLINED and not request.appealed


def appealed(request: Request, now: datetime) -> Request:
    """The request under review because she says so; only when `may_be_appealed`."""
    return replace(
        request,
        state=State.UNDER_REVIEW,
        appealed=True,
        version=request.version + 1,
        changed_at=now,
    )


def answered(
    request: Request, decision: InRemit | OutOfRemit, model_version: int, now: datetime
) -> Request:
    """The request as its reader decided it, under this version of the model."""
    return replace(
        request,
        version=request.version + 1,
        changed_at=now,
        model_version=model_version,
        **decided(request.support_mode, decision),
    )


def judge(
    model: CoachingModel, review: Review, verdict: Verdict, urgent: Reading | None
) -> InRemit | OutOfRemit | NotOffered:
    """What an answer comes to under this model; NotOffered when that leads outside it."""
    match verdict:
        case Coaching(topic=topic, support_mode=mode):
            return _inside(model, review.request, topic, mode, urgent)
        case Elsewhere(topic=topic):
            return _outside(model, topic, "topic")
        case Keep():
            return _kept(model, review)
        case ByException():
            return _excepted(model, review.request, verdict, urgent)


def mode_for(model: CoachingModel, topic: Topic, request: Request) -> str | None:
    """Her own mode if the topic is offered in it, else the topic's first in which she can be met."""
    possible = [
        key
        for key in topic.modes
        if model.accepted(topic, key)
        and (request.meeting != "online" or model.mode_of[key].online_ok)
    ]
    return request.support_mode if request.support_mode in possible else next(iter(possible), None)


def likely(
    model: CoachingModel, shares: Mapping[str, float]
) -> tuple[Sequence[Topic], OutOfRemitTopic]:
    """The likeliest topics in remit, likeliest first, and the likeliest out of remit."""
    inside = sorted(model.topics, key=lambda topic: -shares[topic.key])
    return inside[:_MOST_LIKELY], max(model.out_of_remit, key=lambda topic: shares[topic.key])


def _inside(
    model: CoachingModel, request: Request, key: str, mode: str | None, urgent: Reading | None
) -> InRemit | NotOffered:
    topic = model.topic_of.get(key)
    if mode is None and isinstance(topic, Topic):
        mode = mode_for(model, topic, request)
    decision = decide(model, topic=key, support_mode=mode, reading=urgent)
    if isinstance(decision, NotOffered):
        return decision
    if not isinstance(decision, InRemit):
        return NotOffered(
            field="topic",
            message="is not coaching work in the coaching model in force",
            right="a topic in remit",
        )
    if request.meeting == "online" and not model.mode_of[decision.support_mode].online_ok:
        return NotOffered(
            field="support_mode",
            message="is not held online, and she asked to meet online",
            right="a support mode that is held online",
        )
    return decision


def _outside(model: CoachingModel, key: str, field: str) -> OutOfRemit | NotOffered:
    decision = decide(model, topic=key, support_mode=None, reading=None)
    if isinstance(decision, OutOfRemit):
        return decision
    return NotOffered(
        field=field,
        message="is not out of remit in the coaching model in force",
        right="a topic out of remit",
    )


def _kept(model: CoachingModel, review: Review) -> OutOfRemit | NotOffered:
    if review.why is not Why.APPEAL:
        return NotOffered(
            field="answer",
            message="keeps a decline, and this ask was unclear",
            right="one of: coaching, elsewhere, exception",
        )
    return _outside(model, review.request.topic or "", "answer")


def _excepted(
    model: CoachingModel, request: Request, verdict: ByException, urgent: Reading | None
) -> InRemit | NotOffered:
    found = _inside(model, request, verdict.topic, verdict.support_mode, urgent)
    if isinstance(found, NotOffered):
        return found
    if verdict.coach_type not in found.coach_types:
        return NotOffered(
            field="coach_type",
            message=f"does not take {verdict.topic} in this support mode",
            right=f"one of: {', '.join(found.coach_types)}",
        )
    return replace(found, coach_types=(verdict.coach_type,))
