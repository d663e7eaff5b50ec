"""Goals 8, 9 and 10: what a match costs as a division grows, and as its past does.

A match is one request as the drain handles it (everybody's time read, planned, booked, told) without its
commit, which costs the same everywhere: it is taken back, so that each finds the same division.
Three divisions take turns: 20 coaches, 2,000, and 2,000 behind a long past; each request has 20 candidates.
Durable bookings are whole drains in companies of 200, committed; past sessions are completed.
"""

import random
import statistics
import time
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from functools import partial

from shared.clock import utc_now
from shared.database.transaction import transaction
from shared.events import RequestSubmitted
from shared.messaging.append import append
from tests.benchmarks.divisions import (
    ACTOR,
    BenchDivision,
    a_division,
    ask_near,
    load_history,
    many_coaches,
)
from tests.benchmarks.goals import BOOKED_BY_HISTORY, BY_COACHES, BY_HISTORY
from tests.benchmarks.report import Report
from tests.benchmarks.sizes import Sizes
from tests.benchmarks.stack import Stack
from tests.benchmarks.turns import spread, turn_about

GOALS = (BY_COACHES, BY_HISTORY, BOOKED_BY_HISTORY)
_FEW, _MANY = 20, 2_000
_BOOKED_BEFORE = 2  # sessions to come of each coach, on average
_COMPANIES = 4
_ASKERS = 1_000
_SEED = 29
_SESSIONS = "SELECT count(*) AS n FROM scheduler.session"


def measure(stack: Stack, sizes: Sizes, report: Report) -> None:
    """Build the three, then take turns."""
    stack.afresh(working=False)
    draw = random.Random(_SEED)  # noqa: S311  -- invented asks, the same each time
    with ExitStack() as opened:
        names = {"few": _FEW, "many": _MANY, "old": _MANY}
        crowds = {
            name: opened.enter_context(a_division(stack, name, many_coaches(coaches)))
            for name, coaches in names.items()
        }
        began = time.perf_counter()
        load_history(crowds["old"], sizes.history)
        loaded = time.perf_counter() - began
        report.note("past sessions loaded", f"{sizes.history:,} in {loaded:.0f} s")
        for division in crowds.values():
            _book(division, _asks(draw, division, _BOOKED_BEFORE * division.coaches))
            division.settle()
        _report_matches(crowds, draw, sizes, report)
        _report_bookings(crowds, draw, sizes, report)


def _report_matches(
    crowds: Mapping[str, BenchDivision], draw: random.Random, sizes: Sizes, report: Report
) -> None:
    matching = {
        name: partial(_matched, division, draw, sizes.matched) for name, division in crowds.items()
    }
    turn_about(1, matching)  # warm: connections, prepared statements, caches
    cost = turn_about(sizes.rounds, matching)
    few, many, old = (f"{spread(cost[name], 2)} ms" for name in ("few", "many", "old"))
    report.add(
        BY_COACHES,
        _ratio(cost["many"], cost["few"]),
        f"20 coaches, the same candidates a request: {few}; 2,000: {many}",
    )
    report.add(BY_HISTORY, _ratio(cost["old"], cost["many"]), f"no past: {many}; behind it: {old}")


def _ratio(these: Sequence[float], those: Sequence[float]) -> float:
    """Of what was taken in the same round, the median."""
    return statistics.median(a / b for a, b in zip(these, those, strict=True))


def _report_bookings(
    crowds: Mapping[str, BenchDivision], draw: random.Random, sizes: Sizes, report: Report
) -> None:
    rows = crowds["many"].sql(_SESSIONS)[0]["n"]
    rates = turn_about(
        sizes.rounds,
        {name: partial(_booked_a_second, crowds[name], draw) for name in ("many", "old")},
    )
    report.add(
        BOOKED_BY_HISTORY,
        100 * _ratio(rates["old"], rates["many"]),
        f"{rows:,} sessions: {spread(rates['many'])}/s; behind them {spread(rates['old'])}/s",
    )


def _matched(division: BenchDivision, draw: random.Random, count: int) -> float:
    """The median of so many matches, in milliseconds."""
    application, taken = division.application, []
    handle = application.drain.handlings[RequestSubmitted]
    for ask in _asks(draw, division, count):
        with application.engine.connect() as connection:
            began = time.perf_counter()
            handle(connection, [ask])
            taken.append(time.perf_counter() - began)
            connection.rollback()
    return statistics.median(taken) * 1_000


def _booked_a_second(division: BenchDivision, draw: random.Random) -> float:
    most = division.application.drain.settings.most
    return _book(division, _asks(draw, division, _COMPANIES * most))


def _book(division: BenchDivision, asks: Sequence[RequestSubmitted]) -> float:
    """Tell of these and drain them; how many sessions a second came of it."""
    application, before = division.application, division.sql(_SESSIONS)[0]["n"]
    with transaction(application.engine, ACTOR) as connection:
        append(connection, asks, utc_now())
    began, handled = time.perf_counter(), 0
    while handled < len(asks):
        handled += application.drain.run().handled
    seconds = time.perf_counter() - began
    booked: int = division.sql(_SESSIONS)[0]["n"] - before
    return booked / seconds


def _asks(draw: random.Random, division: BenchDivision, count: int) -> list[RequestSubmitted]:
    coaches = division.coaches
    return [ask_near(draw.randrange(coaches), draw.randrange(_ASKERS)) for _ in range(count)]
