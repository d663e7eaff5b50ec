"""Goal 19: from the start of web, workers, ringer and beat, stores up, to the first request booked."""

import http.client
import statistics
import time

from deploy.stack.ports import HOST
from tests.benchmarks.asks import ACCEPTED, PATH, Askers
from tests.benchmarks.goals import LAUNCH
from tests.benchmarks.report import Report
from tests.benchmarks.sizes import Sizes
from tests.benchmarks.stack import Stack, wait_while_moving
from tests.benchmarks.turns import spread
from tests.support.waiting import until

GOALS = (LAUNCH,)
_TRY_EVERY = 0.02
_BOOKED = """
SELECT extract(epoch FROM pg_xact_commit_timestamp(s.xmin))::float AS booked,
    extract(epoch FROM r.submitted_at)::float AS submitted
FROM request_intake.request r JOIN scheduler.session s ON s.request_id = r.id
WHERE r.submitted_at >= to_timestamp(%(since)s) ORDER BY s.recorded_at LIMIT 1
"""


def measure(stack: Stack, askers: Askers, sizes: Sizes, report: Report) -> None:
    """Launch a few times; the median counts."""
    stack.afresh(working=False)
    booked, accepted = [], []
    for _ in range(sizes.launches):
        whole, first_post = _launched(stack, askers)
        booked.append(whole)
        accepted.append(first_post)
        wait_while_moving(stack, 60)
        stack.stop_work()
    report.add(
        LAUNCH,
        statistics.median(booked),
        f"median of {len(booked)}: {spread(booked, 2)} s; first POST taken after {spread(accepted, 2)} s",
    )


def _launched(stack: Stack, askers: Askers) -> tuple[float, float]:
    """Seconds until the first booking stands, and until the first ask was taken."""
    # Without times of hers any coach will do, so the first ask is one that can be booked.
    bodies = (body for body in askers.bodies(200) if b"windows" not in body)
    body, token = next(bodies), askers.tokens[0]
    began = time.time()
    stack.launch()
    until(lambda: _taken(stack.port, body, token), 60, _TRY_EVERY)
    rows = until(lambda: stack.sql(_BOOKED, since=began), 60, _TRY_EVERY)
    return rows[0]["booked"] - began, rows[0]["submitted"] - began


def _taken(port: int, body: bytes, token: str) -> bool:
    connection = http.client.HTTPConnection(HOST, port, timeout=30)
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
    try:
        connection.request("POST", PATH, body, headers)
        return connection.getresponse().status == ACCEPTED
    except OSError:
        return False
    finally:
        connection.close()
