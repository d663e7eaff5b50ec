"""The pulse: which of these can a coach help with? Statements of the model, and how answers are scored."""

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from services.request_intake.domain.coaching_model import CoachingModel

STATEMENTS = 8
ANSWERS = YES, NO, NOT_SURE = ("yes", "no", "not_sure")
# Counts of fewer people could be somebody.
FEWEST_SHOWN = 5


@dataclass(frozen=True, kw_only=True)
class Pulse:
    """One round of the question; it is asked of one model version, whatever is published meanwhile."""

    id: UUID
    name: str
    model_version: int
    opened_at: datetime
    closes_on: date
    closed_at: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class Statement:
    """Something that a teacher may need. `clause` is what the model says of it."""

    text: str
    is_coaching: bool
    clause: str


@dataclass(frozen=True, kw_only=True)
class Answered:
    """A statement, what was answered, and whether the model says so too."""

    statement: Statement
    answer: str

    @property
    def is_right(self) -> bool:
        """Not being sure is never right: who is not sure does not ask."""
        return self.answer == (YES if self.statement.is_coaching else NO)


@dataclass(frozen=True, kw_only=True)
class SchoolScore:
    """How a school's people answered. `share` is None where too few did to say."""

    school: str
    people: int
    asked: int
    right: int
    is_shown: bool = True

    @property
    def share(self) -> float | None:
        """Right answers of all, 0 to 1."""
        return self.right / self.asked if self.is_shown and self.asked else None


def statements(model: CoachingModel, pulse: UUID, person: UUID) -> list[Statement]:
    """Hers of this pulse, always the same: as many that are coaching as are not, in no order."""
    draw = random.Random(f"{pulse} {person}")  # noqa: S311  -- a fair draw, not a secret
    inside = [
        Statement(text=topic.title, is_coaching=True, clause=topic.description)
        for topic in model.topics
    ]
    outside = [
        Statement(text=topic.title, is_coaching=False, clause=topic.description)
        for topic in model.out_of_remit
    ]
    half = STATEMENTS // 2
    drawn = [*_some(draw, inside, half), *_some(draw, outside, half)]
    draw.shuffle(drawn)
    return drawn


def scored(asked: Sequence[Statement], answers: Mapping[int, str]) -> list[Answered] | None:
    """Each statement with its answer, by its place; None when one has none."""
    if any(answers.get(place) not in ANSWERS for place in range(len(asked))):
        return None
    return [
        Answered(statement=statement, answer=answers[place])
        for place, statement in enumerate(asked)
    ]


def shown(scores: Sequence[SchoolScore]) -> list[SchoolScore]:
    """The scores, those of few people hidden, and where those few could be worked out, one more.

    Together with the whole, what is shown would otherwise say what the hidden few answered.
    """
    many = sorted((one for one in scores if one.people >= FEWEST_SHOWN), key=lambda one: one.people)
    few = [one for one in scores if one.people < FEWEST_SHOWN]
    if few and many and sum(one.people for one in few) < FEWEST_SHOWN:
        few.append(many.pop(0))
    hidden = [
        SchoolScore(school=one.school, people=0, asked=0, right=0, is_shown=False) for one in few
    ]
    return sorted([*many, *hidden], key=lambda one: one.school)


def _some(draw: random.Random, among: Sequence[Statement], count: int) -> list[Statement]:
    return draw.sample(list(among), min(count, len(among)))
