"""Which times a request allows: her windows, her school's time, and where in her day the help belongs."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from functools import reduce
from operator import or_

from services.scheduler.domain.local_week import Horizon, instant_of
from services.scheduler.domain.model import ModelTerms
from services.scheduler.domain.request import Request
from services.scheduler.domain.school_time import SchoolSlots, Timetable
from shared.events.vocabulary import Window

IN_CLASS, OUTSIDE_CLASS = "in_class", "outside_class"


@dataclass(frozen=True, kw_only=True)
class HerTime:
    """What is known of the time that a teacher lives by: her school's, and her own timetable."""

    school: SchoolSlots | None = None
    timetable: Timetable | None = None

    @property
    def teaching(self) -> int:
        """The slots in which she has a class, as far as that is known."""
        if self.school is None or self.timetable is None:
            return 0
        return self.school.pairs(self.timetable.teaches)

    @property
    def is_covered(self) -> bool:
        """Whether her school has agreed who takes her class meanwhile."""
        return self.school is not None and bool(self.school.school.cover)


NOTHING_KNOWN = HerTime()


@dataclass(frozen=True, kw_only=True)
class Asked:
    """The slots that a request allows, and those of them on which one can be at her school.

    `named` are her windows one by one, as she named them: those before are dearer to her. `prep_unknown`:
    she said “my prep”, and her timetable is not known.
    """

    anywhere: int
    at_school: int
    prep_unknown: bool = False
    named: tuple[int, ...] = ()


def asked(
    request: Request, terms: ModelTerms, hers: HerTime, horizon: Horizon, bookable: int
) -> Asked:
    """What of the `bookable` slots the request allows.

    Help that belongs outside her class stands in it only where somebody has agreed to cover it.
    """
    where = terms.where_in_day(request.topic, request.support_mode)
    slots, named = bookable, tuple(_windows(request, where, hers, horizon))
    if request.windows or request.school_windows:
        slots &= reduce(or_, named, 0)
    if hers.timetable is not None and where == IN_CLASS:
        slots &= hers.teaching
    if where == OUTSIDE_CLASS and not hers.is_covered:
        slots &= ~hers.teaching
    at_school = slots
    if hers.school is not None:
        # A day of the teachers' own learning is theirs to offer, and is not taken unasked.
        at_school &= hers.school.staffed if request.windows else hers.school.in_session
    prep = any(window.prep for window in request.school_windows)
    return Asked(
        anywhere=slots,
        at_school=at_school,
        prep_unknown=prep and hers.timetable is None,
        named=named,
    )


def _windows(request: Request, where: str, hers: HerTime, horizon: Horizon) -> Iterator[int]:
    for window in request.windows:
        if _belongs(window.in_class, where, covered=hers.is_covered):
            yield _clock_time(window, horizon, each_week=request.is_cycle or request.of_cycle)
    if hers.school is not None:
        for named in request.school_windows:
            if _belongs(named.in_class, where, covered=hers.is_covered):
                yield hers.school.wanted(named, hers.timetable)


def _clock_time(window: Window, horizon: Horizon, *, each_week: bool) -> int:
    """The slots of a window; of a cycle it is an hour of the week, from that one on."""
    slots = horizon.within(window.starts_at, window.ends_at)
    begins, ends = (at.astimezone(horizon.zone) for at in (window.starts_at, window.ends_at))
    for weeks in range(1, len(horizon.weeks) if each_week else 0):
        days = timedelta(days=7 * weeks)
        slots |= horizon.within(
            instant_of(begins.date() + days, begins.time(), horizon.zone),
            instant_of(ends.date() + days, ends.time(), horizon.zone),
        )
    return slots


def _belongs(in_class: bool | None, where: str, *, covered: bool) -> bool:
    """Whether a window that she ticked as in or outside her class may hold this kind of help."""
    if in_class is None:
        return True
    if where == IN_CLASS:
        return in_class
    return not in_class or where != OUTSIDE_CLASS or covered
