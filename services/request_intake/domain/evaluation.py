"""How well teachers' words are read: measures over labelled asks. Pure.

An answer is an offer (ranked topics, perhaps with a redirect beside them), a decline (a redirect
alone) or a clarifying question. Shares are over the asks that a measure is about.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import assert_never

from services.request_intake.domain.coaching_model import CoachingModel
from services.request_intake.domain.need import LikelyTopics, Reading
from services.request_intake.domain.remit import InRemit, NotOffered, OutOfRemit, Unclear, decide


@dataclass(frozen=True, kw_only=True)
class LabelledAsk:
    """What a teacher wrote, and the answers that are right. `in_remit` is None for an unclear ask."""

    id: str
    text: str
    in_remit: bool | None
    topics: frozenset[str]
    coach_types: frozenset[str]
    modes: frozenset[str]
    redirect: str | None
    difficulty: str
    tags: frozenset[str]

    @property
    def needs_clarification(self) -> bool:
        """Whether one question is the right answer."""
        return self.in_remit is None


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What Remit says to an ask; without topics and redirect it is a clarifying question."""

    topics: tuple[str, ...] = ()
    coach_types: tuple[str, ...] = ()
    support_mode: str | None = None
    redirect: str | None = None

    @property
    def is_offer(self) -> bool:
        """Coaching is offered, perhaps with a redirect beside it."""
        return bool(self.topics)

    @property
    def is_decline(self) -> bool:
        """A redirect alone."""
        return not self.topics and self.redirect is not None

    @property
    def is_question(self) -> bool:
        """One clarifying question."""
        return not self.topics and self.redirect is None


@dataclass(frozen=True, kw_only=True)
class Tally:
    """How many of how many."""

    count: int
    of: int

    @property
    def share(self) -> float | None:
        """Between 0 and 1; None over nothing."""
        return self.count / self.of if self.of else None


Judged = tuple[LabelledAsk, Answer]


@dataclass(frozen=True, kw_only=True)
class Measure:
    """Over the asks that `about` chooses, the share for which `holds`."""

    name: str
    about: Callable[[LabelledAsk, Answer], bool]
    holds: Callable[[LabelledAsk, Answer], bool]

    def over(self, judged: Iterable[Judged]) -> Tally:
        """The measure over these."""
        chosen = [self.holds(ask, answer) for ask, answer in judged if self.about(ask, answer)]
        return Tally(count=sum(chosen), of=len(chosen))


def answer_to(model: CoachingModel, reading: Reading) -> Answer:
    """What is answered to words that were read so, with nothing chosen beside them."""
    decision = decide(model, topic=None, support_mode=None, reading=reading)
    match decision:
        case InRemit():
            ranked = reading.topics if isinstance(reading, LikelyTopics) else ()
            first = decision.topic.key
            return Answer(
                topics=(first, *(key for key in ranked if key != first)),
                coach_types=decision.coach_types,
                support_mode=decision.support_mode,
                redirect=decision.beside.key if decision.beside else None,
            )
        case OutOfRemit():
            return Answer(redirect=decision.topic.key)
        case Unclear():
            return Answer()
        case NotOffered():
            raise ValueError(f"words alone were refused: {decision.field}")
        case _:
            assert_never(decision)


def measures(urgent: Collection[str]) -> Sequence[Measure]:
    """Every measure, in the order in which they are shown; `urgent` are the urgent redirects."""

    def inside(ask: LabelledAsk, _: Answer) -> bool:
        return ask.in_remit is True

    def among_first(most: int) -> Callable[[LabelledAsk, Answer], bool]:
        return lambda ask, answer: not ask.topics.isdisjoint(answer.topics[:most])

    return (
        Measure(
            name="redirect_accuracy",
            about=lambda ask, _: ask.in_remit is False,
            holds=lambda ask, answer: answer.is_decline and answer.redirect == ask.redirect,
        ),
        Measure(name="wrongly_declined", about=inside, holds=lambda _, answer: answer.is_decline),
        Measure(name="topic_accuracy@1", about=inside, holds=among_first(1)),
        Measure(name="topic_accuracy@3", about=inside, holds=among_first(3)),
        Measure(
            name="coach_type_ok",
            about=inside,
            holds=lambda ask, answer: not ask.coach_types.isdisjoint(answer.coach_types[:1]),
        ),
        Measure(
            name="mode_ok",
            about=inside,
            holds=lambda ask, answer: answer.support_mode in ask.modes,
        ),
        Measure(
            name="mixed_redirect_recall",
            about=lambda ask, _: "mixed" in ask.tags,
            holds=lambda ask, answer: answer.is_offer and answer.redirect == ask.redirect,
        ),
        Measure(
            name="clarification_recall",
            about=lambda ask, _: ask.needs_clarification,
            holds=lambda _, answer: answer.is_question,
        ),
        Measure(
            name="clarification_precision",
            about=lambda _, answer: answer.is_question,
            holds=lambda ask, _: ask.needs_clarification,
        ),
        Measure(
            name="urgent_missed",
            about=lambda ask, _: ask.redirect in urgent,
            holds=lambda ask, answer: answer.redirect != ask.redirect,
        ),
    )


def evaluate(judged: Sequence[Judged], urgent: Collection[str]) -> Mapping[str, Tally]:
    """Every measure by its name."""
    return {measure.name: measure.over(judged) for measure in measures(urgent)}


def by_kind(judged: Sequence[Judged]) -> Iterator[tuple[str, Sequence[Judged]]]:
    """The asks of each difficulty, then of each tag, with its name."""
    for level in ("easy", "medium", "hard"):
        yield level, [pair for pair in judged if pair[0].difficulty == level]
    for tag in sorted({tag for ask, _ in judged for tag in ask.tags}):
        yield tag, [pair for pair in judged if tag in pair[0].tags]
