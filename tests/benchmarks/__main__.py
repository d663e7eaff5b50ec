"""Run the benchmarks: `python -m tests.benchmarks [--peers] [--only GOAL …] [--quick] [--statements]`.

Those beside other products run with --peers alone, and nothing else does then.
"""

import argparse
import traceback
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.benchmarks import (
    asks,
    beside_django,
    bus,
    contention,
    fairness,
    free_starts,
    intake,
    journey,
    launch,
    mail,
    matcher,
    peers,
    replay,
    school_day,
    stampede,
)
from tests.benchmarks.asks import Askers
from tests.benchmarks.goals import ALL_GOALS, Goal
from tests.benchmarks.report import Report
from tests.benchmarks.sizes import FULL, QUICK, Sizes
from tests.benchmarks.stack import Stack, running, save_statements

_BUILD = Path(__file__).parents[2] / "build"


@dataclass(frozen=True)
class Benchmark:
    """What is measured together, on a city of its own."""

    name: str
    goals: tuple[Goal, ...]
    measure: Callable[[Stack, Askers, Sizes, Report], None]
    beside_peers: bool = False


BENCHMARKS = (
    Benchmark("intake", intake.GOALS, intake.measure),
    Benchmark("journey", journey.GOALS, journey.measure),
    Benchmark("stampede", stampede.GOALS, stampede.measure),
    Benchmark("bus", bus.GOALS, lambda stack, _, sizes, report: bus.measure(stack, sizes, report)),
    Benchmark(
        "mail", mail.GOALS, lambda stack, _, sizes, report: mail.measure(stack, sizes, report)
    ),
    Benchmark(
        "matcher",
        matcher.GOALS,
        lambda stack, _, sizes, report: matcher.measure(stack, sizes, report),
    ),
    Benchmark(
        "free starts",
        free_starts.GOALS,
        lambda _, __, sizes, report: free_starts.measure(sizes, report),
    ),
    Benchmark(
        "free starts beside Cal.com",
        free_starts.PEER_GOALS,
        lambda _, __, sizes, report: free_starts.measure_beside(sizes, report),
        beside_peers=True,
    ),
    Benchmark("beside Django", beside_django.GOALS, beside_django.measure, beside_peers=True),
    Benchmark(
        "contention",
        contention.GOALS,
        lambda stack, _, sizes, report: contention.measure(stack, sizes, report),
    ),
    Benchmark(
        "fairness", fairness.GOALS, lambda _, __, sizes, report: fairness.measure(sizes, report)
    ),
    Benchmark("launch", launch.GOALS, launch.measure),
    Benchmark(
        "replay", replay.GOALS, lambda stack, _, sizes, report: replay.measure(stack, sizes, report)
    ),
    Benchmark(
        "school day",
        school_day.GOALS,
        lambda stack, _, sizes, report: school_day.measure(stack, sizes, report),
    ),
)


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure, print the table, write build/bench.json (a quick or partial run has its own file)."""
    wishes = _parser().parse_args(arguments)
    report = Report()
    if wishes.peers and not peers.are_installed():
        raise SystemExit("The peers are not installed: run `make bench-peers`.")
    able = [one for one in BENCHMARKS if one.beside_peers == wishes.peers]
    chosen = [one for one in able if _is_chosen(one, wishes.only)]
    sizes = QUICK if wishes.quick else FULL
    with running(profiled=wishes.statements) as stack:
        askers = Askers(asks.mint(stack))
        stack.keep_as_template()
        for benchmark in chosen:
            report.console.rule(benchmark.name)
            _run(benchmark, stack, askers, sizes, report)
            if wishes.statements:
                _BUILD.mkdir(exist_ok=True)
                save_statements(stack, _BUILD / f"statements-{benchmark.name}.json")
    for one in BENCHMARKS:
        if one.beside_peers != wishes.peers:
            report.not_run(
                one.goals, "by make bench-peers" if one.beside_peers else "by make bench"
            )
    report.not_run(ALL_GOALS, "not chosen")
    report.print()
    name = "bench-peers" if wishes.peers else "bench"
    whole = not wishes.quick and not wishes.only
    report.console.print(f"Written to {report.save(_BUILD, name if whole else f'{name}-partial')}")


def _run(benchmark: Benchmark, stack: Stack, askers: Askers, sizes: Sizes, report: Report) -> None:
    """One that fails costs its own figures alone, and says so."""
    try:
        benchmark.measure(stack, askers, sizes, report)
    except Exception as error:  # noqa: BLE001  -- whatever it is, the others are still worth having
        traceback.print_exc()
        report.not_run(benchmark.goals, f"failed: {type(error).__name__}: {error}"[:200])


def _is_chosen(benchmark: Benchmark, only: Sequence[str]) -> bool:
    return not only or benchmark.name in only or any(goal.goal in only for goal in benchmark.goals)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks", description=__doc__)
    known = sorted({one.name for one in BENCHMARKS} | {goal.goal for goal in ALL_GOALS})
    parser.add_argument(
        "--only", nargs="+", choices=known, default=[], metavar="GOAL", help=", ".join(known)
    )
    parser.add_argument(
        "--peers",
        action="store_true",
        help="what stands beside other products, which are installed",
    )
    parser.add_argument("--quick", action="store_true", help="small sizes: does it work at all?")
    parser.add_argument(
        "--statements", action="store_true", help="keep the dearest SQL statements of each (slower)"
    )
    return parser


if __name__ == "__main__":
    main()
