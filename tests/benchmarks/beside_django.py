"""Goals 2 and 12: intake's POST and a coach's free times, beside what Django's packages do of the same kind.

All under gunicorn with two processes of four threads, on one PostgreSQL, at eight connections, turn about.
A whole booking of django-appointment is two POSTs, of which the second needs the first one's answer: each is
measured by itself, and the rate of both together follows.
"""

import random
import statistics
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from tests.benchmarks import servers
from tests.benchmarks.asks import ACCEPTED, Askers
from tests.benchmarks.goals import (
    BESIDE_BOOKING,
    BESIDE_REQUEST,
    BESIDE_TICKET,
    FREE_SLOTS,
    Goal,
)
from tests.benchmarks.peers.django_site import FOUND, READ, DjangoSite, django_site, school_day
from tests.benchmarks.report import Report
from tests.benchmarks.sizes import Sizes
from tests.benchmarks.stack import Stack
from tests.benchmarks.turns import spread, turn_about
from tests.support.load import closed_loop, get

GOALS = (BESIDE_TICKET, BESIDE_REQUEST, BESIDE_BOOKING, FREE_SLOTS)
CONNECTIONS = 8
_PRODUCT = "deploy.wsgi:create"
_WARM = 1.0
_SEED = 41
_MINUTES = 30
_MOST_POSTS_A_SECOND, _MOST_READS_A_SECOND, _MOST_OF_DJANGO_A_SECOND = 2_500, 4_000, 400
_COACHES = "SELECT id FROM scheduler.coach ORDER BY id"


@dataclass(frozen=True)
class Contender:
    """A server's answer to one kind of request; `make(count)` prepares so many."""

    port: int
    make: Callable[[int], list[bytes]]
    wanted: int
    most_a_second: int

    def rate(self, seconds: float) -> float:
        """Answers a second; whatever is answered otherwise than wanted is an error."""
        requests = self.make(int(seconds * self.most_a_second))
        load = closed_loop(self.port, requests, CONNECTIONS, seconds)
        if load.refused(self.wanted):
            raise RuntimeError(f"not all were answered {self.wanted}: {load.statuses()}")
        return load.rate


def measure(stack: Stack, askers: Askers, sizes: Sizes, report: Report) -> None:
    """Workers and ringer stand still, so that only what answers is measured."""
    stack.afresh(working=False)
    details = int((sizes.rounds * sizes.intake_seconds + _WARM + 1) * _MOST_OF_DJANGO_A_SECOND)
    environ, log = stack.environ, stack.data / "product.log"
    with servers.gunicorn(_PRODUCT, environ, log) as ours, django_site(stack, details) as site:
        contenders = _contenders(stack, askers, ours, site)
        for contender in contenders.values():
            contender.rate(_WARM)  # connections, caches
        rates = turn_about(
            sizes.rounds,
            {
                name: partial(contender.rate, sizes.intake_seconds)
                for name, contender in contenders.items()
            },
        )
    rates["booking"] = [
        1 / (1 / first + 1 / second)
        for first, second in zip(rates["request"], rates["details"], strict=True)
    ]
    for goal, own, peer in (
        (BESIDE_TICKET, "intake", "ticket"),
        (BESIDE_REQUEST, "intake", "request"),
        (BESIDE_BOOKING, "intake", "booking"),
        (FREE_SLOTS, "free times", "slots"),
    ):
        _add(goal, rates[own], rates[peer], report)


def _add(goal: Goal, ours: list[float], theirs: list[float], report: Report) -> None:
    ratio = statistics.median(a / b for a, b in zip(ours, theirs, strict=True))
    report.add(goal, ratio, f"theirs {spread(theirs)}/s; ours {spread(ours)}/s")


def _contenders(stack: Stack, askers: Askers, ours: int, site: DjangoSite) -> dict[str, Contender]:
    of_django = partial(Contender, site.port, most_a_second=_MOST_OF_DJANGO_A_SECOND)
    free_times = partial(_free_times, stack, askers)
    return {
        "intake": Contender(ours, askers.asks, ACCEPTED, _MOST_POSTS_A_SECOND),
        "ticket": of_django(site.tickets, FOUND),
        "request": of_django(site.requests, FOUND),
        "details": of_django(site.details, FOUND),
        "free times": Contender(ours, free_times, READ, _MOST_READS_A_SECOND),
        "slots": of_django(site.slots, READ),
    }


def _free_times(stack: Stack, askers: Askers, count: int) -> list[bytes]:
    """So many questions of teachers when a coach is free on one of the coming ten school days."""
    draw = random.Random(_SEED)  # noqa: S311  -- a sample, no secret
    coaches = [row["id"] for row in stack.sql(_COACHES)]
    days = [school_day(number) for number in range(10)]
    return [
        get(
            f"/api/scheduler/v1/coaches/{draw.choice(coaches)}/free"
            f"?day={draw.choice(days)}&minutes={_MINUTES}",
            {"Authorization": f"Bearer {draw.choice(askers.tokens)}"},
        )
        for _ in range(count)
    ]
