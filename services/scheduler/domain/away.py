"""Days that differ from a coach's weekly hours: she is away, or has extra hours. Pure."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from uuid import UUID
from zoneinfo import ZoneInfo

from services.scheduler.domain.availability import ExceptionKind, HoursException
from services.scheduler.domain.local_week import instant_of
from services.scheduler.domain.own_time import OwnWrong, of_stretch
from services.scheduler.domain.release import LiveSession

LONGEST = 100  # days
FARTHEST = 400  # days
_A_DAY = timedelta(days=1)


class AwayWrong(StrEnum):
    """What can be wrong with it."""

    NO_DATE = "no_date"
    NO_CLOCK = "no_clock"
    NO_TIMES = "no_times"
    ONE_TIME = "one_time"
    OFF_STEP = "off_step"
    ENDS_FIRST = "ends_first"
    LAST_FIRST = "last_first"
    PASSED = "passed"
    TOO_FAR = "too_far"
    TOO_LONG = "too_long"
    TWICE = "twice"
    STARTS_ODD = "starts_odd"
    ENDS_ODD = "ends_odd"


SAID: Mapping[AwayWrong, tuple[str, str, str]] = {
    AwayWrong.NO_DATE: ("first_day", "is no date", "a date, as in 2026-12-01"),
    AwayWrong.NO_CLOCK: ("starts", "is no time of day", "hours and minutes, as in 08:30"),
    AwayWrong.NO_TIMES: ("starts", "is missing", "from when and until when the extra hours are"),
    AwayWrong.ONE_TIME: ("ends", "is missing", "both times, or neither for whole days"),
    AwayWrong.OFF_STEP: ("starts", "is not in steps of five minutes", "as in 08:30 or 08:35"),
    AwayWrong.ENDS_FIRST: ("ends", "is before the beginning", "an end that is later"),
    AwayWrong.LAST_FIRST: ("last_day", "is before the first day", "that day or a later one"),
    AwayWrong.PASSED: ("last_day", "has passed", "today or later"),
    AwayWrong.TOO_FAR: ("last_day", "is too far ahead", f"within {FARTHEST} days"),
    AwayWrong.TOO_LONG: ("last_day", "is too late", f"at most {LONGEST} days in all"),
    AwayWrong.TWICE: ("first_day", "is noted already", "days that are not noted yet"),
    AwayWrong.STARTS_ODD: ("starts", "comes never or twice, as clocks change", "an hour beside it"),
    AwayWrong.ENDS_ODD: ("ends", "comes never or twice, as clocks change", "an hour beside it"),
}


@dataclass(frozen=True, kw_only=True)
class Away:
    """A day, or a row of days, on which something else holds. Without clock times: whole days."""

    id: UUID
    kind: ExceptionKind
    first_day: date
    last_day: date
    starts: time | None = None
    ends: time | None = None

    @property
    def days(self) -> Iterator[date]:
        """Each of its days."""
        for step in range((self.last_day - self.first_day).days + 1):
            yield self.first_day + step * _A_DAY

    @property
    def exceptions(self) -> Iterator[HoursException]:
        """The same, day by day."""
        for day in self.days:
            yield HoursException(day=day, kind=self.kind, starts=self.starts, ends=self.ends)

    def says_the_same(self, other: "Away") -> bool:
        """Whether nothing but the identity differs."""
        mine = (self.kind, self.first_day, self.last_day, self.starts, self.ends)
        return mine == (other.kind, other.first_day, other.last_day, other.starts, other.ends)

    def takes(self, session: LiveSession, zone: ZoneInfo) -> bool:
        """Whether a session stands in it."""
        if self.kind is not ExceptionKind.OFF:
            return False
        return any(
            session.starts_at < ends and begins < session.ends_at
            for begins, ends in self._stretches(zone)
        )

    def _stretches(self, zone: ZoneInfo) -> Iterator[tuple[datetime, datetime]]:
        for day in self.days:
            begins = instant_of(day, self.starts or time(), zone)
            ends = (
                instant_of(day, self.ends, zone)
                if self.ends
                else instant_of(day + _A_DAY, time(), zone)
            )
            yield begins, ends


def fault(away: Away, today: date, zone: ZoneInfo) -> AwayWrong | None:
    """What is wrong with it, or None."""
    return next(_faults(away, today), None) or next(_odd_times(away, zone), None)


def _odd_times(away: Away, zone: ZoneInfo) -> Iterator[AwayWrong]:
    """An hour that a clock change leaves out or brings twice is not guessed."""
    for wall, wrong in ((away.starts, AwayWrong.STARTS_ODD), (away.ends, AwayWrong.ENDS_ODD)):
        if wall is not None and any(_is_odd(day, wall, zone) for day in away.days):
            yield wrong


def _is_odd(day: date, wall: time, zone: ZoneInfo) -> bool:
    at = datetime.combine(day, wall, zone)
    return at.utcoffset() != at.replace(fold=1).utcoffset()


def _faults(away: Away, today: date) -> Iterator[AwayWrong]:
    yield from _of_times(away)
    if away.last_day < away.first_day:
        yield AwayWrong.LAST_FIRST
    if away.last_day < today:
        yield AwayWrong.PASSED
    if (away.last_day - today).days > FARTHEST:
        yield AwayWrong.TOO_FAR
    if (away.last_day - away.first_day).days >= LONGEST:
        yield AwayWrong.TOO_LONG


def _of_times(away: Away) -> Iterator[AwayWrong]:
    if away.starts is None or away.ends is None:
        if away.kind is ExceptionKind.EXTRA:
            yield AwayWrong.NO_TIMES
        elif away.starts != away.ends:
            yield AwayWrong.ONE_TIME
        return
    wrongs = set(of_stretch(away.starts, away.ends))
    if OwnWrong.OFF_STEP in wrongs:
        yield AwayWrong.OFF_STEP
    if OwnWrong.ENDS_FIRST in wrongs:
        yield AwayWrong.ENDS_FIRST
