"""Who appraises whom, and who can not: nobody is coached by who appraises her. Pure."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

COACH, TEACHER = "coach", "teacher"


class Wrong(StrEnum):
    """What stands in the way of an appraisal."""

    NOBODY = "nobody"
    NO_COACH = "no_coach"
    NO_TEACHER = "no_teacher"
    HERSELF = "herself"


# What is wrong, and what would be right, for whoever reads English alone: programs and terminals.
SAID: Mapping[Wrong, tuple[str, str]] = {
    Wrong.NOBODY: ("is nobody here", "a person of this division"),
    Wrong.NO_COACH: ("is no coach", "a person with the role coach"),
    Wrong.NO_TEACHER: ("is no teacher", "a person with the role teacher"),
    Wrong.HERSELF: ("is the coach herself", "another person: nobody appraises herself"),
}


@dataclass(frozen=True, kw_only=True)
class KnownPerson:
    """Somebody of the division, as an admin tells her from others. People of the office have no school."""

    id: UUID
    name: str
    email: str
    school: str
    roles: frozenset[str]


@dataclass(frozen=True, kw_only=True)
class Appraisal:
    """What was said last of the two: it stands, or it does no more.

    `version` counts what was said; `by` is empty for Remit itself.
    """

    coach: KnownPerson
    teacher: KnownPerson
    version: int
    stands: bool
    by: str
    kept_at: datetime


@dataclass(frozen=True, kw_only=True)
class Fault:
    """One thing in the way; `field` is coach or teacher."""

    field: str
    wrong: Wrong


def unknown(coach: KnownPerson | None, teacher: KnownPerson | None) -> Iterator[Fault]:
    """Who of the two is nobody of this division."""
    if coach is None:
        yield Fault(field=COACH, wrong=Wrong.NOBODY)
    if teacher is None:
        yield Fault(field=TEACHER, wrong=Wrong.NOBODY)


def unfit(coach: KnownPerson, teacher: KnownPerson) -> Iterator[Fault]:
    """Why she can not appraise the other: only a coach appraises, only a teacher is appraised."""
    if COACH not in coach.roles:
        yield Fault(field=COACH, wrong=Wrong.NO_COACH)
    if coach.id == teacher.id:
        yield Fault(field=TEACHER, wrong=Wrong.HERSELF)
    elif TEACHER not in teacher.roles:
        yield Fault(field=TEACHER, wrong=Wrong.NO_TEACHER)
