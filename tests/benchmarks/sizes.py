"""How much is run: enough for figures, or just enough to see that everything works."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Sizes:
    """Rounds of turn about, seconds of load, numbers of things."""

    rounds: int
    intake_seconds: float
    open_loop_seconds: int
    stampede: int
    backlog: int
    letters: int
    launches: int
    replayed: int
    booked: int
    matched: int
    history: int
    contended: int


FULL = Sizes(
    rounds=5,
    intake_seconds=4.0,
    open_loop_seconds=20,
    stampede=10_000,
    backlog=10_000,
    letters=400,
    launches=5,
    replayed=10_000,
    booked=3_000,
    matched=120,
    history=1_000_000,
    contended=2_000,
)
QUICK = Sizes(
    rounds=2,
    intake_seconds=1.0,
    open_loop_seconds=4,
    stampede=500,
    backlog=2_000,
    letters=60,
    launches=1,
    replayed=500,
    booked=300,
    matched=20,
    history=20_000,
    contended=300,
)
