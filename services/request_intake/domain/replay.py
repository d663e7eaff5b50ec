"""Judge past asks by a draft of the model, and say which of them would go elsewhere. Pure."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from services.request_intake.domain.coaching_model import CoachingModel
from services.request_intake.domain.model_draft import Document
from services.request_intake.domain.need import Reader, Reading
from services.request_intake.domain.remit import (
    Decision,
    InRemit,
    NotOffered,
    OutOfRemit,
    Unclear,
    decide,
)

_MOST_SHOWN = 5
IN_REMIT, OUT_OF_REMIT, UNCLEAR = "in_remit", "out_of_remit", "unclear"
NOT_OFFERED = "not_offered"


@dataclass(frozen=True, kw_only=True)
class PastAsk:
    """An ask as it was given and as it was decided. `asked_topic` and `asked_mode` are her own choice.

    `in_review`: she sent it to a person, who may read its words. `kept` is what was worked out of them.
    """

    id: UUID
    words: str
    asked_topic: str | None
    asked_mode: str | None
    decision: str
    topic: str | None
    coach_types: tuple[str, ...]
    in_review: bool
    kept: bytes | None = None


@dataclass(frozen=True, kw_only=True, order=True)
class Way:
    """Where an ask goes: coach types in remit, a redirect's topic out of it, nowhere yet when unclear."""

    decision: str
    topic: str
    goes_to: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Flip:
    """So many asks that would go another way, by one clause of the draft.

    `reviewed` are a few of those whose words may be read.
    """

    before: Way
    after: Way
    clause: str
    count: int
    reviewed: tuple[UUID, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Replay:
    """A replay as it begins. `revision` is the draft's."""

    id: UUID
    revision: int
    document: Document
    asked_by: str
    started_at: datetime


@dataclass(frozen=True, kw_only=True)
class Chunk:
    """A part of a replay's asks. `flips` is None until it is judged."""

    id: UUID
    replay_id: UUID
    number: int
    request_ids: tuple[UUID, ...]
    flips: tuple[Flip, ...] | None = None


@dataclass(frozen=True, kw_only=True)
class Standing:
    """How far a replay is: asks judged of all, the flips so far, and when it last moved."""

    revision: int
    started_at: datetime
    stopped_at: datetime | None
    moved_at: datetime
    judged: int
    asks: int
    flips: tuple[Flip, ...]

    @property
    def finished(self) -> bool:
        """Whether every ask was judged."""
        return self.judged == self.asks


def replayed(model: CoachingModel, reader: Reader, asks: Sequence[PastAsk]) -> list[Flip]:
    """The flips among these asks, counted together."""
    return merged(flip for _, flip in flips_of(model, reader, asks))


def flips_of(
    model: CoachingModel, reader: Reader, asks: Sequence[PastAsk]
) -> list[tuple[PastAsk, Flip]]:
    """Each ask that would go another way. A topic that she chose is judged as chosen, else her words."""
    chosen = [ask for ask in asks if ask.asked_topic in model.topic_of]
    read = [ask for ask in asks if ask.asked_topic not in model.topic_of]
    judged = [(ask, _judged(model, ask, ask.asked_topic, None)) for ask in chosen]
    readings = reader.read_all([ask.words for ask in read], [ask.kept for ask in read])
    judged += [
        (ask, _judged(model, ask, None, reading))
        for ask, reading in zip(read, readings, strict=True)
    ]
    return list(_flips(judged))


def merged(flips: Iterable[Flip]) -> list[Flip]:
    """The same flips, those of one way and clause counted together, the most frequent first."""
    found: dict[tuple[Way, Way, str], Flip] = {}
    for flip in flips:
        key = flip.before, flip.after, flip.clause
        known = found.get(key)
        found[key] = flip if known is None else _together(known, flip)
    return sorted(found.values(), key=_order)


def _order(flip: Flip) -> tuple[int, str, Way, Way]:
    return -flip.count, flip.clause, flip.before, flip.after


def _together(one: Flip, other: Flip) -> Flip:
    reviewed = (*one.reviewed, *other.reviewed)[:_MOST_SHOWN]
    return replace(one, count=one.count + other.count, reviewed=reviewed)


def _flips(
    judged: Iterable[tuple[PastAsk, Decision | NotOffered]],
) -> Iterator[tuple[PastAsk, Flip]]:
    for ask, decision in judged:
        before, (after, clause) = _before(ask), _after(decision)
        if (before.decision, before.goes_to) != (after.decision, after.goes_to):
            reviewed = (ask.id,) if ask.in_review else ()
            flip = Flip(before=before, after=after, clause=clause, count=1, reviewed=reviewed)
            yield ask, flip


def _judged(
    model: CoachingModel, ask: PastAsk, topic: str | None, reading: Reading | None
) -> Decision | NotOffered:
    mode = ask.asked_mode if ask.asked_mode in model.mode_of else None
    return decide(model, topic=topic, support_mode=mode, reading=reading)


def _before(ask: PastAsk) -> Way:
    topic = ask.topic or ""
    if ask.decision == OUT_OF_REMIT:
        return Way(decision=OUT_OF_REMIT, topic=topic, goes_to=(topic,))
    return Way(decision=ask.decision, topic=topic, goes_to=ask.coach_types)


def _after(decision: Decision | NotOffered) -> tuple[Way, str]:
    match decision:
        case InRemit():
            way = Way(decision=IN_REMIT, topic=decision.topic.key, goes_to=decision.coach_types)
            return way, decision.clause
        case OutOfRemit():
            key = decision.topic.key
            return Way(decision=OUT_OF_REMIT, topic=key, goes_to=(key,)), decision.clause
        case Unclear():
            return Way(decision=UNCLEAR, topic="", goes_to=()), ""
        case NotOffered():
            return Way(decision=NOT_OFFERED, topic="", goes_to=()), decision.message
