"""A request as its teacher reads it: keys of the model turned into the words of the model."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import chain, islice, zip_longest
from uuid import UUID

from services.request_intake.domain.coaching_model import (
    CoachingModel,
    CoachType,
    OutOfRemitTopic,
    SupportMode,
    Topic,
)
from services.request_intake.domain.remit import InRemit, OutOfRemit, Unclear
from services.request_intake.domain.request import Request
from services.request_intake.domain.review import may_be_appealed
from services.request_intake.domain.school_additions import SchoolAdditions
from services.request_intake.domain.standing import BookedSession, CycleStanding, State
from services.request_intake.handlers.reading import ReadNeed
from shared.events.vocabulary import OfferedTime, Reason, Redirect

_BOOKED = (State.SCHEDULED, State.COMPLETED)


@dataclass(frozen=True, kw_only=True)
class RequestView:
    """What the list and the status page show. `question` is the one asked of unclear words.

    `only_at`: she named her times. `heard`: the scheduler has answered. `turn` changes
    whenever the page would read differently.
    """

    id: UUID
    version: int
    state: str
    words: str
    submitted_at: datetime
    school: str
    topic: str
    topic_title: str
    only_at: bool
    mode: SupportMode | None
    clause: str
    boundary_note: str
    redirect: Redirect | None
    beside: Redirect | None
    question: str
    suggestions: tuple[Topic | OutOfRemitTopic, ...]
    session: BookedSession | None
    cycle: CycleStanding | None
    offer: OfferedTime | None
    reasons: tuple[Reason, ...]
    heard: bool
    called_off: bool
    turn: str
    notice_failed: bool
    may_be_cancelled: bool
    may_be_appealed: bool
    appealed: bool
    excepted: bool


def view(request: Request, model: CoachingModel) -> RequestView:
    """The request in the words of `model`; what that no longer knows is left out, never guessed."""
    topic = model.topic_of.get(request.topic or "")
    declined = request.decision == "out_of_remit"
    unclear = request.decision == "unclear"
    standing = request.standing
    return RequestView(
        id=request.id,
        version=request.version,
        state=request.state.value,
        words=request.words,
        submitted_at=request.submitted_at,
        school=request.school.name,
        topic=topic.key if topic else "",
        only_at=bool(request.windows or request.school_windows),
        topic_title=topic.title if topic else "",
        mode=model.mode_of.get(request.support_mode or ""),
        clause=request.clause if declined else "",
        boundary_note=topic.boundary_note if topic else "",
        redirect=request.redirect if declined else None,
        beside=None if declined else request.redirect,
        question=request.clause if unclear else "",
        suggestions=tuple(model.topic_of[k] for k in request.suggestions if k in model.topic_of),
        session=standing.session if standing and request.state in _BOOKED else None,
        cycle=standing.cycle if standing and request.state in _BOOKED else None,
        offer=standing.offer if standing and request.state is State.WAITING else None,
        reasons=standing.reasons if standing else (),
        heard=standing is not None,
        called_off=standing is None and request.standing_version > 0,
        turn=f"{request.state}-{request.version}-{request.standing_version}",
        notice_failed=request.notice_failed,
        may_be_cancelled=request.may_be_cancelled,
        may_be_appealed=may_be_appealed(request),
        appealed=request.appealed,
        excepted=request.excepted,
    )


@dataclass(frozen=True, kw_only=True)
class ReadingView:
    """What words sound like: topics that may be chosen, a redirect, or a question."""

    offered: tuple[Topic, ...] = ()
    redirect: Redirect | None = None
    clause: str = ""
    question: str = ""
    nearest: tuple[Topic | OutOfRemitTopic, ...] = ()


def read_as(found: ReadNeed, additions: SchoolAdditions) -> ReadingView:
    """The reading in the words of the model, with the contacts of her school."""
    topic_of = found.published.model.topic_of
    match found.decision:
        case InRemit() as decided:
            topics = (topic_of[key] for key in found.likely)
            offered = tuple(topic for topic in topics if isinstance(topic, Topic))
            return ReadingView(offered=offered, redirect=additions.localized(decided.beside))
        case OutOfRemit() as decided:
            return ReadingView(
                redirect=additions.localized(decided.redirect), clause=decided.clause
            )
        case Unclear() as decided:
            nearest = tuple(topic_of[key] for key in decided.suggestions)
            return ReadingView(question=decided.question, nearest=nearest)


def topics_by_type(model: CoachingModel) -> list[tuple[CoachType, list[Topic]]]:
    """The topics in remit, each once, under the coach type that takes it first."""
    return [
        (kind, [topic for topic in model.topics if topic.coach_types[0] == kind.key])
        for kind in model.coach_types
    ]


def examples(model: CoachingModel, most: int = 2) -> Sequence[str]:
    """A few asks as other teachers would type them, from different coach types."""
    groups = (
        (topic.examples[0] for topic in topics if topic.examples)
        for _kind, topics in topics_by_type(model)
    )
    mixed = chain.from_iterable(zip_longest(*groups))
    return list(islice((text for text in mixed if text), most))
