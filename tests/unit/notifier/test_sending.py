"""A round of sending: the order of what becomes durable, and what each answer leads to."""

from datetime import timedelta

import pytest

from services.notifier.domain.hold import ALARM_AFTER, AWAY, MISCONFIGURED, Hold, someone_must_act
from services.notifier.domain.notice import (
    Deferred,
    InDoubt,
    Misconfigured,
    Refused,
    ServerAway,
    Standing,
    State,
)
from services.notifier.handlers.sending import LETTERS_IN_HAND, send_due
from tests.support.notifier.fakes import FakeMailer, FakeNotice, FakePostOffice

DEFERRED = Deferred(code=451, reply="later")
REFUSED = Refused(code=550, reply="nobody")
OURS = Misconfigured(code=535, reply="sign-in refused")


def never() -> bool:
    return False


def three() -> FakePostOffice:
    return FakePostOffice([FakeNotice() for _ in range(3)])


def states(office: FakePostOffice) -> list[State]:
    return [one.state for one in office.notices]


def test_each_letter_is_marked_before_and_right_after() -> None:
    office = three()
    assert send_due(office, FakeMailer(), never) == 3
    assert office.log == ["sending", "sent"] * 3 + ["let go"]


def test_one_that_is_refused_or_deferred_does_not_hold_up_the_others() -> None:
    office = three()
    send_due(office, FakeMailer([REFUSED, DEFERRED]), never)
    assert states(office) == [State.FAILED, State.RETRY, State.SENT]


def test_one_that_another_sender_has_is_passed_over() -> None:
    office = three()
    office.taken_by_others.add(office.notices[1].id)
    mailer = FakeMailer()
    assert send_due(office, mailer, never) == 2
    assert mailer.letters == 2


@pytest.mark.parametrize(("problem", "reason"), [(OURS, MISCONFIGURED), (ServerAway(), AWAY)])
def test_a_problem_of_ours_or_the_servers_holds_all_and_blames_none(problem, reason) -> None:  # noqa: ANN001
    office = three()
    mailer = FakeMailer([problem])
    send_due(office, mailer, never)
    assert mailer.letters == 1
    assert states(office) == [State.RETRY, State.QUEUED, State.QUEUED]
    assert office.notices[0].standing.attempts == 0
    assert office.hold is not None
    assert office.hold.reason == reason


def test_on_hold_nothing_is_sent_until_a_probe_succeeds() -> None:
    office = three()
    office.hold = Hold(reason=AWAY, code=None, failures=1)
    mailer = FakeMailer(problem=ServerAway())
    assert send_due(office, mailer, never) == 0
    assert office.hold.failures == 2
    mailer.problem = None
    office.time_to_ask = False
    assert send_due(office, mailer, never) == 0
    office.time_to_ask = True
    assert send_due(office, mailer, never) == 3


def test_on_hold_what_waited_two_days_is_still_given_up() -> None:
    old = Standing(attempts=0, doubts=0, overtaken=False, age=timedelta(hours=48))
    office = FakePostOffice([FakeNotice(standing=old), FakeNotice()])
    office.hold = Hold(reason=AWAY, code=None, failures=9)
    office.time_to_ask = False
    assert send_due(office, FakeMailer(), never) == 1
    assert states(office) == [State.FAILED, State.QUEUED]


def test_a_letter_whose_sender_died_goes_out_once_more_and_no_third_time() -> None:
    office = FakePostOffice([FakeNotice()])
    mailer = FakeMailer([KeyboardInterrupt, KeyboardInterrupt])
    for _ in range(2):
        with pytest.raises(KeyboardInterrupt):
            send_due(office, mailer, never)
    for _ in range(3):
        send_due(office, mailer, never)
    assert mailer.letters == 2
    assert states(office) == [State.UNKNOWN]


def test_a_doubt_is_settled_by_one_more_copy() -> None:
    office = FakePostOffice([FakeNotice()])
    mailer = FakeMailer([InDoubt()])
    for _ in range(3):
        send_due(office, mailer, never)
    assert mailer.letters == 2
    assert states(office) == [State.SENT]


def test_when_the_time_is_up_the_rest_is_let_go() -> None:
    office = three()
    answers = iter([False, True])
    assert send_due(office, FakeMailer(), lambda: next(answers)) == 1
    assert office.log == ["sending", "sent", "let go"]


def test_a_round_takes_one_handful() -> None:
    office = FakePostOffice([FakeNotice() for _ in range(LETTERS_IN_HAND + 1)])
    assert send_due(office, FakeMailer(), never) == LETTERS_IN_HAND


def test_probes_come_soon_at_first_and_once_a_minute_at_last() -> None:
    waits = [Hold(reason=AWAY, code=None, failures=n).ask_again_after for n in range(1, 10)]
    assert waits == [timedelta(seconds=s) for s in (1, 2, 5, 10, 15, 30, 60, 60, 60)]


def test_our_own_fault_calls_somebody_at_once_a_servers_after_a_quarter_of_an_hour() -> None:
    ours, theirs = (Hold(reason=reason, code=None, failures=1) for reason in (MISCONFIGURED, AWAY))
    assert someone_must_act(ours, timedelta(0))
    assert not someone_must_act(theirs, ALARM_AFTER - timedelta(seconds=1))
    assert someone_must_act(theirs, ALARM_AFTER)
