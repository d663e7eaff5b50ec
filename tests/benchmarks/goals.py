"""The goals, their bounds, and the verdict on a figure."""

from dataclasses import dataclass

AIM, MUST, SHORT, NOT_RUN = "aim", "must", "short", "not run"


@dataclass(frozen=True, kw_only=True)
class Goal:
    """One line of the goals table. `aim` is what we publish, `must` what we may never fall short of."""

    goal: str
    what: str
    unit: str
    must: float
    aim: float | None
    at_least: bool = False

    def verdict(self, value: float) -> str:
        """Which bound the value keeps."""
        if self.aim is not None and self._keeps(value, self.aim):
            return AIM
        return MUST if self._keeps(value, self.must) else SHORT

    def bound(self, value: float | None) -> str:
        """A bound as people read it."""
        return "" if value is None else f"{'≥' if self.at_least else '≤'} {value:g}"

    def _keeps(self, value: float, bound: float) -> bool:
        return value >= bound if self.at_least else value <= bound


@dataclass(frozen=True, kw_only=True)
class Figure:
    """A goal's value in this run, and what it was measured beside; without value, why not."""

    goal: Goal
    value: float | None
    reference: str

    @property
    def verdict(self) -> str:
        return NOT_RUN if self.value is None else self.goal.verdict(self.value)


def _zero(what: str) -> Goal:
    return Goal(goal="7", what=f"stampede: {what}", unit="", must=0, aim=0)


INTAKE_RATE = Goal(
    goal="1", what="intake POST, 8 connections", unit="%", must=55, aim=75, at_least=True
)
BESIDE_TICKET = Goal(
    goal="2",
    what="intake POST / django-helpdesk's ticket",
    unit="x",
    must=5,
    aim=8,
    at_least=True,
)
BESIDE_REQUEST = Goal(
    goal="2",
    what="intake POST / django-appointment's request",
    unit="x",
    must=5,
    aim=8,
    at_least=True,
)
BESIDE_BOOKING = Goal(
    goal="2",
    what="intake POST / django-appointment's whole booking",
    unit="x",
    must=12,
    aim=20,
    at_least=True,
)
INTAKE_TAIL = Goal(goal="3", what="intake POST's p99, 8 connections", unit="x", must=3, aim=2)
BOOKED_50_MEDIAN = Goal(goal="4", what="submit to booked at 50/s, p50", unit="ms", must=30, aim=15)
BOOKED_50_TAIL = Goal(goal="4", what="submit to booked at 50/s, p99", unit="ms", must=120, aim=50)
BOOKED_150_MEDIAN = Goal(
    goal="5", what="submit to booked at 150/s, p50", unit="ms", must=50, aim=20
)
BOOKED_150_TAIL = Goal(goal="5", what="submit to booked at 150/s, p99", unit="ms", must=250, aim=80)
LAST_BOOKED_RATIO = Goal(
    goal="6", what="stampede: last booked / last accepted", unit="x", must=1.4, aim=1.15
)
LAST_BOOKED = Goal(goal="6", what="stampede: last booked after", unit="s", must=60, aim=25)
LAST_TOLD = Goal(goal="6", what="stampede: last told after", unit="s", must=240, aim=None)
REFUSED = _zero("refused")
LOST = _zero("lost")
DOUBLED = _zero("doubled")
OVERLAPPING = _zero("overlapping")
OUT_OF_REMIT = _zero("out of remit")
OVERLOADED = _zero("past a coach's cap")
BY_CELERY = Goal(
    goal="7",
    what="stampede: deliveries handled by Celery",
    unit="%",
    must=99,
    aim=99.9,
    at_least=True,
)
BY_COACHES = Goal(
    goal="8", what="a match among 2,000 coaches, beside 20", unit="x", must=1.3, aim=1.1
)
BY_HISTORY = Goal(
    goal="9",
    what="a match behind 1,000,000 past sessions, beside none",
    unit="x",
    must=1.3,
    aim=1.1,
)
BOOKED_BY_HISTORY = Goal(
    goal="10",
    what="durable bookings/s behind 1,000,000 past sessions",
    unit="%",
    must=60,
    aim=70,
    at_least=True,
)
FREE_STARTS = Goal(
    goal="11", what="all free starts of 2,000 coaches, a fortnight", unit="ms", must=5, aim=1
)
FREE_STARTS_BESIDE = Goal(
    goal="11", what="the same, beside Cal.com's ranges of 200 hosts", unit="ms", must=5, aim=1
)
FREE_SLOTS = Goal(
    goal="12",
    what="GET free slots of a coach and day, 8 connections",
    unit="x",
    must=5,
    aim=10,
    at_least=True,
)
BACKLOG = Goal(
    goal="15", what="bus backlog drained, events/s", unit="%", must=50, aim=75, at_least=True
)
HANDLED_TAIL = Goal(goal="15", what="commit to handled at 50/s, p99", unit="ms", must=40, aim=20)
TRIES = Goal(goal="16", what="8 workers, 40 coaches: tries an ask", unit="", must=1.2, aim=1.05)
DEADLOCKS = Goal(
    goal="16", what="8 workers, 40 coaches: deadlocks seen by a caller", unit="", must=0, aim=0
)
MAIL_RATE = Goal(
    goal="17",
    what="e-mails/s, one sender, written and marked",
    unit="%",
    must=45,
    aim=60,
    at_least=True,
)
LAUNCH = Goal(goal="19", what="launch to first request booked", unit="s", must=5, aim=2)
REPLAYED = Goal(
    goal="replay", what="10,000 past asks judged by a draft", unit="s", must=30, aim=None
)
MATCHED = Goal(goal="match", what="one request matched in process, p99", unit="ms", must=10, aim=5)
SNOW_DAY = Goal(
    goal="snow day",
    what="every school closed, and all of it planned anew",
    unit="s",
    must=10,
    aim=5,
)
FAIRER_SEEDS = Goal(
    goal="fairness",
    what="terms in which the worst school's wait is nearer to the mean than first come's",
    unit="of 10",
    must=10,
    aim=10,
    at_least=True,
)
MEAN_WAIT = Goal(
    goal="fairness", what="the mean wait, beside first come's", unit="x", must=1.05, aim=1
)

ALL_GOALS = (
    INTAKE_RATE,
    BESIDE_TICKET,
    BESIDE_REQUEST,
    BESIDE_BOOKING,
    INTAKE_TAIL,
    BOOKED_50_MEDIAN,
    BOOKED_50_TAIL,
    BOOKED_150_MEDIAN,
    BOOKED_150_TAIL,
    LAST_BOOKED_RATIO,
    LAST_BOOKED,
    LAST_TOLD,
    REFUSED,
    LOST,
    DOUBLED,
    OVERLAPPING,
    OUT_OF_REMIT,
    OVERLOADED,
    BY_CELERY,
    BY_COACHES,
    BY_HISTORY,
    BOOKED_BY_HISTORY,
    FREE_STARTS,
    FREE_STARTS_BESIDE,
    FREE_SLOTS,
    BACKLOG,
    HANDLED_TAIL,
    TRIES,
    DEADLOCKS,
    MAIL_RATE,
    LAUNCH,
    REPLAYED,
    MATCHED,
    SNOW_DAY,
    FAIRER_SEEDS,
    MEAN_WAIT,
)
