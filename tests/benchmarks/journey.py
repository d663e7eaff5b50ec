"""Goals 4 and 5: from submit to booked at a steady rate, with everything on: ledger, mail, reasons.

From the instant that intake heard the ask to the commit of the session, both by the same clock.
"""

from datetime import datetime

from shared.clock import utc_now
from tests.benchmarks import servers
from tests.benchmarks.asks import ACCEPTED, Askers
from tests.benchmarks.goals import (
    BOOKED_50_MEDIAN,
    BOOKED_50_TAIL,
    BOOKED_150_MEDIAN,
    BOOKED_150_TAIL,
    Goal,
)
from tests.benchmarks.references import bare_intake
from tests.benchmarks.report import Report
from tests.benchmarks.sizes import Sizes
from tests.benchmarks.stack import Stack, used, wait_while_moving
from tests.support.load import closed_loop, open_loop, post

GOALS = (BOOKED_50_MEDIAN, BOOKED_50_TAIL, BOOKED_150_MEDIAN, BOOKED_150_TAIL)
_RATES: dict[int, tuple[Goal, Goal]] = {
    50: (BOOKED_50_MEDIAN, BOOKED_50_TAIL),
    150: (BOOKED_150_MEDIAN, BOOKED_150_TAIL),
}
_CONNECTIONS = 16
_WARM = 100
_BARE_SECONDS = 2.0
_SETTLED_WITHIN = 180.0
_BOOKED = """
SELECT count(*) AS asked, count(s.id) AS booked,
    percentile_cont(ARRAY[0.5, 0.99]) WITHIN GROUP (ORDER BY
        1000 * extract(epoch FROM pg_xact_commit_timestamp(s.xmin) - r.submitted_at)) AS ms
FROM request_intake.request r LEFT JOIN scheduler.session s ON s.request_id = r.id
WHERE r.submitted_at >= %(since)s
"""


def measure(stack: Stack, askers: Askers, sizes: Sizes, report: Report) -> None:
    """Run both rates, each on a fresh city."""
    floor = _floor(stack, askers)
    report.note("bare commit, 1 connection, p50 ms", f"{floor:.1f}")
    for rate, goals in _RATES.items():
        stack.afresh(working=True)
        since = _ask_at(stack, askers, rate, sizes.open_loop_seconds * rate, report)
        wait_while_moving(stack, _SETTLED_WITHIN)
        row = stack.one(_BOOKED, since=since)
        for goal, milliseconds in zip(goals, row["ms"], strict=True):
            report.add(
                goal,
                milliseconds,
                f"{row['booked']:,} of {row['asked']:,} booked;"
                f" {milliseconds / floor:.1f} x the bare commit's p50 at 1 connection ({floor:.1f} ms)",
            )


def _ask_at(stack: Stack, askers: Askers, rate: int, count: int, report: Report) -> datetime:
    """Warm up, then send; when the measured part began."""
    open_loop(stack.port, askers.asks(_WARM), _CONNECTIONS, rate=50)
    wait_while_moving(stack, _SETTLED_WITHIN)
    asks = askers.asks(count)
    before = stack.processor_seconds()
    since = utc_now()
    load = open_loop(stack.port, asks, _CONNECTIONS, rate)
    if load.refused(ACCEPTED):
        raise RuntimeError(f"asks were refused at {rate}/s: {load.statuses()}")
    report.note(
        f"POST at {rate}/s, p50 / p99 ms",
        f"{load.percentile(0.5) * 1000:.1f} / {load.percentile(0.99) * 1000:.1f}",
    )
    report.note(
        f"processor time in {load.seconds:.0f} s at {rate}/s",
        used(before, stack.processor_seconds()),
    )
    return since


def _floor(stack: Stack, askers: Askers) -> float:
    """The p50 of a bare commit at one connection, in milliseconds."""
    stack.afresh(working=False)
    owner_url = stack.address.owner_database_url
    bare_intake.make_table(owner_url)
    bodies = [post("/bare", body) for body in askers.bodies(2_000)]
    environ = stack.environ | {bare_intake.DATABASE: owner_url}
    factory = "tests.benchmarks.references.bare_intake:create"
    with servers.gunicorn(factory, environ, stack.data / "floor.log") as port:
        closed_loop(port, bodies[:100], 1)
        return closed_loop(port, bodies[100:], 1, _BARE_SECONDS).percentile(0.5) * 1000
