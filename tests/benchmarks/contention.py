"""Goal 16: eight worker processes, forty coaches, 2,000 places, 2,000 asks for the same week.

Each ask is for one of the coaches (she is alone at her school) and prefers the early days. A try is a request
that the scheduler's handler was given, in whichever company; deadlocks are those that PostgreSQL counts in
the division's database, so also those that a drain would have hidden from its caller.
The reference inserts until it fits and catches, in as many processes.
"""

import json
import random
import subprocess
import sys
import time

from services.scheduler.adapters import checker
from shared.clock import utc_now
from shared.database.transaction import transaction
from shared.messaging.append import append
from tests.benchmarks.divisions import ACTOR, BenchDivision, a_division
from tests.benchmarks.goals import DEADLOCKS, TRIES
from tests.benchmarks.references import insert_and_catch
from tests.benchmarks.report import Report
from tests.benchmarks.sizes import Sizes
from tests.benchmarks.stack import Stack
from tests.support.scheduler.contested import contested_asks, contested_coaches
from tests.support.scheduler.workers import workers
from tests.support.waiting import until

GOALS = (TRIES, DEADLOCKS)
_WORKERS, _COACHES = 8, 40
_TOLD_AT_ONCE = 10
_SEED = 31
_LONGEST = 300.0
_HOURS_A_DAY = 5  # of two places each: ten a day, as the reference has
_OPEN = "SELECT count(*) AS n FROM bus.delivery WHERE state NOT IN ('done', 'dead') AND subscriber = 'scheduler'"
_ENDS = """
SELECT count(*) FILTER (WHERE state = 'scheduled') AS booked,
    count(*) FILTER (WHERE state = 'waiting') AS waiting FROM scheduler.request
"""
_DEADLOCKS = "SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()"


def measure(stack: Stack, sizes: Sizes, report: Report) -> None:
    """First the product, then the reference, on the same idle server."""
    stack.afresh(working=False)
    coaches = contested_coaches(_COACHES, _HOURS_A_DAY)
    with a_division(stack, "contended", coaches) as division:
        division.settle()
        ours = _filled(division, sizes.contended, report)
        theirs = _caught(division, sizes.contended)
    beside = (
        f"insert and catch: {theirs['tries'] / sizes.contended:.2f} tries, {theirs['booked']:,} booked"
        f" in {theirs['seconds']:.1f} s"
    )
    report.add(TRIES, ours["planned"] / sizes.contended, beside)
    report.add(
        DEADLOCKS,
        ours["deadlocks"],
        f"{ours['deadlocks']} in the database; insert and catch: {theirs['deadlocks']:.0f}",
    )


def _filled(division: BenchDivision, asks: int, report: Report) -> dict[str, int]:
    draw, now = random.Random(_SEED), utc_now()  # noqa: S311  -- invented asks, the same each time
    before = division.sql(_DEADLOCKS)[0]["deadlocks"]
    with workers(division.environ, _WORKERS) as running:
        began = time.perf_counter()
        running.go()
        for _ in range(asks // _TOLD_AT_ONCE):  # while they work, so that all of them find some
            with transaction(division.application.engine, ACTOR) as connection:
                append(connection, contested_asks(draw, _COACHES, _TOLD_AT_ONCE, now), now)
        until(lambda: division.sql(_OPEN)[0]["n"] == 0, _LONGEST)
        seconds = time.perf_counter() - began
        met = running.finish()
    ends = division.sql(_ENDS)[0]
    report.note(
        "8 workers, 40 coaches",
        f"{ends['booked']:,} booked, {ends['waiting']:,} waiting in {seconds:.1f} s",
    )
    with transaction(division.application.engine, ACTOR) as connection:
        wrong = [str(difference) for difference in checker.differences(connection)]
    if met.thrown or wrong or ends["booked"] + ends["waiting"] != asks:
        raise RuntimeError(f"not all was well: {met.thrown} {wrong} {ends}")
    deadlocks = division.sql(_DEADLOCKS)[0]["deadlocks"] - before
    return {"planned": met.planned, "deadlocks": max(deadlocks, met.deadlocks_met)}


def _caught(division: BenchDivision, asks: int) -> dict[str, float]:
    division.sql(insert_and_catch.TABLE)
    url = division.stack.administrator_url(division.name)
    processes = [
        subprocess.Popen(
            [sys.executable, "-W", "ignore", "-m", insert_and_catch.__name__, url]
            + [str(number) for number in (seed, asks // _WORKERS, _COACHES)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for seed in range(_WORKERS)
    ]
    for process in processes:
        assert process.stdout
        assert process.stdout.readline() == "ready\n"
    began = time.perf_counter()
    for process in processes:
        assert process.stdin
        process.stdin.write("go\n")
        process.stdin.flush()
    told = [json.loads(process.communicate(timeout=_LONGEST)[0]) for process in processes]
    seconds = time.perf_counter() - began
    return {key: sum(one[key] for one in told) for key in told[0]} | {"seconds": seconds}
