"""What becomes of a notice: no path sends it a third time, none leaves it nowhere."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from services.notifier.domain.notice import (
    BACKOFF,
    GIVE_UP_AFTER,
    Accepted,
    Answer,
    Deferred,
    Failure,
    InDoubt,
    Misconfigured,
    Refused,
    ServerAway,
    Settlement,
    Standing,
    State,
    gave_up,
    settle,
)

ACCEPTED = Accepted(code=250, reply="ok")
REFUSED = Refused(code=550, reply="no such user")
DEFERRED = Deferred(code=451, reply="later")
OURS = Misconfigured(code=535, reply="sign-in refused")
AWAY = ServerAway()


def a_standing(
    attempts: int = 1,
    doubts: int = 0,
    overtaken: bool = False,
    age: timedelta = timedelta(0),
) -> Standing:
    return Standing(attempts=attempts, doubts=doubts, overtaken=overtaken, age=age)


def test_waits_grow_from_a_minute_to_an_hour_and_stay_there() -> None:
    waits = [settle(a_standing(attempts=tries), DEFERRED).wait for tries in range(1, 9)]
    assert waits == [*BACKOFF, *[timedelta(hours=1)] * 3]


def test_two_days_of_waiting_end_it() -> None:
    late = GIVE_UP_AFTER - timedelta(minutes=30)
    settlement = settle(a_standing(attempts=50, age=late), DEFERRED)
    assert (settlement.state, settlement.failure) == (State.FAILED, Failure.GAVE_UP)
    assert gave_up(a_standing(age=late)) is None
    assert gave_up(a_standing(age=GIVE_UP_AFTER)) == Settlement(
        state=State.FAILED, doubts=0, attempts=1, failure=Failure.GAVE_UP
    )


def test_a_refusal_is_not_tried_again() -> None:
    settlement = settle(a_standing(), REFUSED)
    assert (settlement.state, settlement.wait) == (State.FAILED, None)


@pytest.mark.parametrize("answer", [OURS, AWAY])
def test_what_is_no_fault_of_the_notice_uses_up_no_try(answer: Answer) -> None:
    settlement = settle(a_standing(attempts=3), answer)
    assert (settlement.state, settlement.attempts, settlement.failure) == (State.RETRY, 2, None)


def test_a_first_doubt_is_sent_again_and_a_second_waits_for_a_person() -> None:
    first = settle(a_standing(), InDoubt())
    assert (first.state, first.wait) == (State.UNKNOWN, timedelta(0))
    second = settle(a_standing(attempts=2, doubts=first.doubts), InDoubt())
    assert (second.state, second.wait, second.failure) == (State.UNKNOWN, None, Failure.UNKNOWN)


@pytest.mark.parametrize("answer", [DEFERRED, AWAY, InDoubt()])
def test_an_overtaken_notice_is_not_tried_again(answer: Answer) -> None:
    settlement = settle(a_standing(overtaken=True), answer)
    assert (settlement.state, settlement.wait) == (State.SUPERSEDED, None)


@given(
    attempts=st.integers(1, 200),
    doubts=st.integers(0, 1),
    overtaken=st.booleans(),
    minutes=st.integers(0, 4_000),
    answer=st.sampled_from([ACCEPTED, REFUSED, DEFERRED, OURS, AWAY, InDoubt()]),
)
def test_every_settlement_is_whole(
    attempts: int, doubts: int, overtaken: bool, minutes: int, answer: Answer
) -> None:
    standing = a_standing(attempts, doubts, overtaken, timedelta(minutes=minutes))
    settlement = settle(standing, answer)
    due_again = settlement.wait is not None
    assert due_again == (
        settlement.state is State.RETRY
        or (settlement.state is State.UNKNOWN and settlement.failure is None)
    )
    assert (settlement.failure is not None) == (
        settlement.state is State.FAILED or (settlement.state is State.UNKNOWN and not due_again)
    )
    assert settlement.doubts <= 2
    assert settlement.state is not State.SENDING


class NoticeUnderFire(RuleBasedStateMachine):
    """Any answers in any order, crashes included: counts what the server may have taken."""

    def __init__(self) -> None:
        super().__init__()
        self.standing = a_standing(attempts=0)
        self.settlement = Settlement(state=State.QUEUED, doubts=0, attempts=0, wait=timedelta(0))
        self.copies = 0

    @precondition(lambda self: self.settlement.wait is not None)
    @rule(
        answer=st.sampled_from([ACCEPTED, REFUSED, DEFERRED, OURS, AWAY, InDoubt()]),
        overtaken=st.booleans(),
    )
    def try_once(self, answer: Answer, overtaken: bool) -> None:
        assert self.settlement.wait is not None
        self.standing = Standing(
            attempts=self.settlement.attempts + 1,
            doubts=self.settlement.doubts,
            overtaken=self.standing.overtaken or overtaken,
            age=self.standing.age + self.settlement.wait,
        )
        self.copies += isinstance(answer, Accepted | InDoubt)
        self.settlement = settle(self.standing, answer)

    @precondition(lambda self: self.settlement.wait is None)
    @rule()
    def stay_settled(self) -> None:
        assert self.settlement.state in (State.SENT, State.FAILED, State.SUPERSEDED, State.UNKNOWN)

    @invariant()
    def at_most_two_copies(self) -> None:
        assert self.copies <= 2
        assert self.settlement.doubts <= self.copies

    @invariant()
    def it_rests_within_two_days(self) -> None:
        assert self.standing.age < GIVE_UP_AFTER


TestNoticeUnderFire = NoticeUnderFire.TestCase
