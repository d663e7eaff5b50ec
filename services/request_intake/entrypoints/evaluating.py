"""Measure how words are read, on a file of labelled asks: one JSON object a line."""

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson
from marshmallow import EXCLUDE, Schema, ValidationError, fields, post_load, validate

from services.request_intake.domain.choosing import cross_validated
from services.request_intake.domain.coaching_model import CoachingModel
from services.request_intake.domain.evaluation import Answer, Judged, LabelledAsk, answer_to
from services.request_intake.domain.need import VAGUE, Balance, Reader, Thresholds
from shared.http.problems import faults_in

_DIFFICULTIES = ("easy", "medium", "hard")


class BadAsksError(Exception):
    """The file does not hold labelled asks. `faults` has a line for each fault, with its line number."""

    def __init__(self, faults: Sequence[str]) -> None:
        super().__init__("\n".join(faults))
        self.faults = tuple(faults)


class _LabelSchema(Schema):
    class Meta:
        unknown = EXCLUDE

    in_remit = fields.Boolean(required=True, allow_none=True)
    topic = fields.String(required=True, allow_none=True)
    coach_types = fields.List(fields.String(), required=True)
    modes = fields.List(fields.String(), required=True)
    redirect = fields.String(required=True, allow_none=True)


class _AskSchema(Schema):
    class Meta:
        unknown = EXCLUDE

    id = fields.String(required=True)
    text = fields.String(required=True)
    label = fields.Nested(_LabelSchema, required=True)
    also_topics = fields.List(fields.String(), load_default=list)
    difficulty = fields.String(required=True, validate=validate.OneOf(_DIFFICULTIES))
    tags = fields.List(fields.String(), load_default=list)

    @post_load
    def make(self, data: dict[str, Any], **_: Any) -> LabelledAsk:
        label = data["label"]
        topics = [*data["also_topics"], *([label["topic"]] if label["topic"] else [])]
        return LabelledAsk(
            id=data["id"],
            text=data["text"],
            in_remit=label["in_remit"],
            topics=frozenset(topics),
            coach_types=frozenset(label["coach_types"]),
            modes=frozenset(label["modes"]),
            redirect=label["redirect"],
            difficulty=data["difficulty"],
            tags=frozenset(data["tags"]),
        )


@dataclass(frozen=True, kw_only=True)
class Evaluated:
    """Every ask with its answer, and how long each reading took, in milliseconds, sorted."""

    judged: Sequence[Judged]
    milliseconds: Sequence[float]


@dataclass(frozen=True, kw_only=True)
class Miss:
    """An ask with a wrong answer: what is right of it, its share, and what was likelier."""

    ask: LabelledAsk
    answer: Answer
    right: str
    share: float
    likeliest: str


class _Remembered:
    """Shares that were worked out before: other thresholds read the same words by them."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader
        self._known: dict[str, Balance] = {}

    def shares(
        self,
        words: Sequence[str],
        kept: Sequence[bytes | None] = (),  # noqa: ARG002  -- the port's
    ) -> Sequence[Balance]:
        for ask in words:
            if ask not in self._known:
                self._known[ask] = self._reader.shares(ask)
        return [self._known[ask] for ask in words]


def labelled_asks(file: Path) -> list[LabelledAsk]:
    """The asks in `file`; raises BadAsksError naming every line at fault."""
    asks: list[LabelledAsk] = []
    faults: list[str] = []
    for number, line in enumerate(file.read_bytes().splitlines(), start=1):
        if line.strip():
            try:
                asks.append(_AskSchema().load(orjson.loads(line)))
            except (orjson.JSONDecodeError, ValidationError) as error:
                faults += [f"line {number}: {fault}" for fault in _said(error)]
    if faults or not asks:
        raise BadAsksError(faults or ["the file holds no asks"])
    return asks


def _said(error: orjson.JSONDecodeError | ValidationError) -> Iterator[str]:
    if isinstance(error, ValidationError):
        for fault in faults_in(error.messages):
            yield f"{fault.field}: {fault.message}"
    else:
        yield "is not JSON"


def evaluate_asks(model: CoachingModel, reader: Reader, asks: Sequence[LabelledAsk]) -> Evaluated:
    """Read every ask as the form would, one after the other."""
    judged: list[Judged] = []
    times: list[float] = []
    for ask in asks:
        began = time.perf_counter()
        answer = answer_to(model, reader.read(ask.text))
        times.append((time.perf_counter() - began) * 1000)
        judged.append((ask, answer))
    return Evaluated(judged=judged, milliseconds=sorted(times))


def evaluate_across(
    model: CoachingModel, reader: Reader, asks: Sequence[LabelledAsk], folds: int
) -> list[Judged]:
    """Every ask by thresholds that were chosen without it, in as many folds."""
    remembered = _Remembered(reader)
    readers: dict[Thresholds, Reader] = {}

    def answering(thresholds: Thresholds, ask: LabelledAsk) -> Answer:
        if thresholds not in readers:
            readers[thresholds] = Reader(model, remembered, thresholds)
        return answer_to(model, readers[thresholds].read(ask.text))

    urgent = {topic.key for topic in model.out_of_remit if topic.urgent}
    return cross_validated(asks, answering, urgent, folds)


def worst(reader: Reader, judged: Sequence[Judged], most: int) -> list[Miss]:
    """The wrong answers that were farthest from right, the farthest first."""
    misses = [_miss(reader, ask, answer) for ask, answer in judged if not is_right(ask, answer)]
    return sorted(misses, key=lambda miss: miss.share)[:most]


def is_right(ask: LabelledAsk, answer: Answer) -> bool:
    """A question to an unclear ask, its redirect to one out of remit, else a right topic among three."""
    if ask.needs_clarification:
        return answer.is_question
    if ask.in_remit:
        return not ask.topics.isdisjoint(answer.topics[:3])
    return answer.is_decline and answer.redirect == ask.redirect


def _miss(reader: Reader, ask: LabelledAsk, answer: Answer) -> Miss:
    shares = reader.shares(ask.text)
    wanted = ask.topics if ask.in_remit else {VAGUE if ask.in_remit is None else ask.redirect}
    right = max((key for key in wanted if key), key=lambda key: shares.get(key, 0.0))
    return Miss(
        ask=ask,
        answer=answer,
        right=right,
        share=shares.get(right, 0.0),
        likeliest=max(shares, key=lambda key: shares[key]),
    )
