"""Goal 11: every start at which an hour fits, of 2,000 coaches over a fortnight, in process.

The coaches' diaries are in memory, as a plan has them: an ordinary week's hours, and twenty hours booked of
each fortnight. What is timed is the function that books and that the API asks. Beside it (with the peers)
stand Cal.com's own date ranges for 200 hosts with the same hours and as much booked: without slots, which
its function makes of them afterwards.
"""

import random
import statistics
import time
from collections.abc import Sequence
from functools import reduce
from operator import or_

from services.scheduler.domain.diary import Diary
from services.scheduler.domain.free_times import starts_in
from tests.benchmarks.goals import FREE_STARTS, FREE_STARTS_BESIDE
from tests.benchmarks.peers import cal_com
from tests.benchmarks.report import Report
from tests.benchmarks.sizes import Sizes
from tests.benchmarks.turns import spread
from tests.support.scheduler.domain import a_diary, hours

GOALS = (FREE_STARTS,)
PEER_GOALS = (FREE_STARTS_BESIDE,)
_COACHES, _HOSTS = 2_000, 200
_MINUTES, _BOOKED = 60, 20
_SCHOOL_DAYS = (*range(5), *range(7, 12))
_FIRST, _LAST = 8, 16
_SLOTS_AN_HOUR = 12
_SEED = 37


def measure(sizes: Sizes, report: Report) -> None:
    """The diaries made once, the question asked again and again."""
    diaries = _diaries(_COACHES)
    taken = [_asked(diaries) for _ in range(4 * sizes.rounds)]
    found = sum(starts.bit_count() for starts in _starts(diaries))
    report.add(
        FREE_STARTS,
        statistics.median(taken),
        f"{found:,} starts of an hour; least {min(taken):.2f} ms, most {max(taken):.2f} ms",
    )


def measure_beside(sizes: Sizes, report: Report) -> None:
    """Turn about with Cal.com's."""
    diaries = _diaries(_COACHES)
    theirs, ours = [], []
    for _ in range(sizes.rounds):
        theirs.append(cal_com.date_ranges(_HOSTS, _BOOKED))
        ours.append(_asked(diaries))
    times = statistics.median(a / b for a, b in zip(theirs, ours, strict=True))
    report.add(
        FREE_STARTS_BESIDE,
        statistics.median(ours),
        f"Cal.com {cal_com.VERSION}, a tenth as many: {spread(theirs)} ms, {times:,.0f} x",
    )


def _asked(diaries: Sequence[Diary]) -> float:
    """How many milliseconds of a processor it took: what others do meanwhile is not counted."""
    began = time.thread_time()
    _starts(diaries)
    return (time.thread_time() - began) * 1_000


def _starts(diaries: Sequence[Diary]) -> list[int]:
    bookable = (1 << diaries[0].horizon.slots) - 1
    return [starts_in(diary, _MINUTES, bookable) for diary in diaries]


def _diaries(count: int) -> list[Diary]:
    draw = random.Random(_SEED)  # noqa: S311  -- invented meetings, the same each time
    return [_diary(draw) for _ in range(count)]


def _diary(draw: random.Random) -> Diary:
    diary = a_diary(free=reduce(or_, (hours(day, _FIRST, _LAST) for day in _SCHOOL_DAYS)))
    places = [(day, hour) for day in _SCHOOL_DAYS for hour in range(_FIRST, _LAST)]
    for day, hour in draw.sample(places, _BOOKED):
        diary.book((day * 24 + hour) * _SLOTS_AN_HOUR, _SLOTS_AN_HOUR, _MINUTES)
    return diary
