"""Goals 1 and 3: what intake's POST costs beside the least that Flask and PostgreSQL can do.

Four servers turn about: the product and the bare commit, each under gunicorn and under granian.
"""

import statistics
from contextlib import ExitStack
from functools import partial

from tests.benchmarks import servers
from tests.benchmarks.asks import ACCEPTED, Askers
from tests.benchmarks.goals import INTAKE_RATE, INTAKE_TAIL
from tests.benchmarks.references import bare_intake
from tests.benchmarks.report import Report
from tests.benchmarks.sizes import Sizes
from tests.benchmarks.stack import Stack
from tests.benchmarks.turns import spread, turn_about
from tests.support.load import Load, closed_loop, post

GOALS = (INTAKE_RATE, INTAKE_TAIL)
CONNECTIONS = 8
_MOST_A_SECOND = 2_500
_CREATED = 201
_PRODUCT, _BARE = "deploy.wsgi:create", "tests.benchmarks.references.bare_intake:create"
_SERVERS = {"gunicorn": servers.gunicorn, "granian": servers.granian}


def measure(stack: Stack, askers: Askers, sizes: Sizes, report: Report) -> None:
    """Run it. Workers and ringer stand still, so that intake alone is measured."""
    stack.afresh(working=False)
    bare_intake.make_table(stack.address.owner_database_url)
    with ExitStack() as started:
        ports = {}
        for kind, serve in _SERVERS.items():
            for name, factory in (("intake", _PRODUCT), ("bare", _BARE)):
                environ = stack.environ | {bare_intake.DATABASE: stack.address.owner_database_url}
                log = stack.data / f"{name}-{kind}.log"
                ports[name, kind] = started.enter_context(serve(factory, environ, log))
        _Contest(askers, sizes, ports).run(report)


class _Contest:
    def __init__(self, askers: Askers, sizes: Sizes, ports: dict[tuple[str, str], int]) -> None:
        self._askers = askers
        self._sizes = sizes
        self._ports = ports

    def run(self, report: Report) -> None:
        for contender in self._ports:
            self._load(contender, seconds=1.0)  # warm: connections, caches
        loads = turn_about(
            self._sizes.rounds,
            {" ".join(contender): partial(self._load, contender) for contender in self._ports},
        )
        for name, given in loads.items():
            rates = [load.rate for load in given]
            tails = [load.percentile(0.99) * 1000 for load in given]
            report.note(f"{name}, requests/s", spread(rates))
            report.note(f"{name}, p50 ms", spread([x.percentile(0.5) * 1000 for x in given], 1))
            report.note(f"{name}, p99 ms", spread(tails, 1))
        self._judge(loads, report)

    def _judge(self, loads: dict[str, list[Load]], report: Report) -> None:
        rate = {name: statistics.median(x.rate for x in given) for name, given in loads.items()}
        tail = {
            name: statistics.median(x.percentile(0.99) for x in given) * 1000
            for name, given in loads.items()
        }
        report.add(
            INTAKE_RATE,
            100 * rate["intake gunicorn"] / rate["bare gunicorn"],
            f"bare Flask + one durable commit, gunicorn gthread 2x4: {rate['bare gunicorn']:,.0f}/s;"
            f" intake {rate['intake gunicorn']:,.0f}/s",
        )
        report.add(
            INTAKE_TAIL,
            tail["intake gunicorn"] / tail["bare gunicorn"],
            f"bare commit's p99 {tail['bare gunicorn']:.1f} ms; intake {tail['intake gunicorn']:.1f} ms",
        )
        report.note(
            "granian / gunicorn, intake POST",
            f"{rate['intake granian'] / rate['intake gunicorn']:.2f}x the rate,"
            f" {tail['intake granian'] / tail['intake gunicorn']:.2f}x the p99",
        )
        report.note(
            "intake / bare commit under granian",
            f"{100 * rate['intake granian'] / rate['bare granian']:.0f} %,"
            f" p99 {tail['intake granian'] / tail['bare granian']:.2f}x",
        )

    def _load(self, contender: tuple[str, str], seconds: float | None = None) -> Load:
        seconds = seconds or self._sizes.intake_seconds
        count = int(seconds * _MOST_A_SECOND)
        name, _ = contender
        if name == "intake":
            asks, wanted = self._askers.asks(count), ACCEPTED
        else:
            asks = [post("/bare", body) for body in self._askers.bodies(count)]
            wanted = _CREATED
        load = closed_loop(self._ports[contender], asks, CONNECTIONS, seconds)
        if load.refused(wanted):
            raise RuntimeError(f"{contender} refused: {load.statuses()}")
        return load
