"""Following: each stage once, politely, and never beyond its limit."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import pytest

from deploy.asking.client import NobodyAnswers, Refused
from deploy.asking.follow import Followed, Follower, Step
from deploy.asking.standing import Notice, Standing
from tests.unit.ask.builders import REASON, a_notice, a_standing, declined, offered, scheduled

_BOTH = [a_notice("teacher"), a_notice("coach")]


@dataclass
class _World:
    """A server that answers from a script (its last answer again and again), and a clock."""

    standings: list[Standing | Exception]
    told: list[list[Notice]]
    now: float = 100.0
    pauses: list[float] = field(default_factory=list)

    def look(self, _request_id: str) -> Standing:
        answer = self._next(self.standings)
        if isinstance(answer, Exception):
            raise answer
        return answer

    def notices(self, _request_id: str) -> list[Notice]:
        return self._next(self.told)

    def clock(self) -> float:
        return self.now

    def pause(self, seconds: float) -> None:
        self.pauses.append(seconds)
        self.now += seconds

    @staticmethod
    def _next(script: list) -> object:
        return script.pop(0) if len(script) > 1 else script[0]


def _follow(
    first: Standing,
    *then: Standing | Exception,
    told: Sequence[list[Notice]] = ((),),
    limit: float = 10.0,
) -> tuple[Followed, list[Step], _World]:
    world = _World(list(then) or [first], [list(notices) for notices in told])
    steps: list[Step] = []
    follower = Follower(
        looker=world, report=steps.append, limit=limit, clock=world.clock, pause=world.pause
    )
    return follower.follow(lambda: first), steps, world


def _stages(steps: list[Step]) -> list[str]:
    return [step.stage.value for step in steps]


def test_a_request_is_received_decided_matched_and_told_in_that_order() -> None:
    followed, steps, _ = _follow(a_standing(), a_standing(), scheduled(), told=[[], _BOTH])
    assert _stages(steps) == ["received", "decided", "matched", "told"]
    assert followed.settled
    assert followed.standing.status == "scheduled"
    assert len(followed.notices) == 2


def test_each_stage_carries_the_milliseconds_since_the_ask() -> None:
    _, steps, _ = _follow(a_standing(), a_standing(), scheduled(), told=[_BOTH])
    elapsed = [step.milliseconds for step in steps]
    assert elapsed == sorted(elapsed)
    assert elapsed[2] == round((0.025 + 0.0375) * 1000)


def test_a_decline_is_told_without_a_match() -> None:
    decline = a_notice(kind="decline")
    followed, steps, _ = _follow(declined(), told=[[], [decline]])
    assert _stages(steps) == ["received", "decided", "told"]
    assert followed.notices == (decline,)


def test_a_request_that_waits_is_settled_once_its_reasons_are_known() -> None:
    waiting = a_standing(reasons=[REASON])
    followed, _, _ = _follow(a_standing(), waiting, told=[[a_notice(kind="waiting")]])
    assert followed.settled
    assert followed.standing.status == "waiting"


def test_an_offer_is_an_answer_and_is_told_by_one_mail() -> None:
    followed, steps, _ = _follow(a_standing(), offered(), told=[[], [a_notice(kind="offer")]])
    assert followed.settled
    assert _stages(steps) == ["received", "decided", "matched", "told"]
    assert followed.standing.offer


def test_a_scheduled_request_is_not_told_until_both_have_mail() -> None:
    followed, _, _ = _follow(scheduled(), told=[[a_notice("teacher")], _BOTH])
    assert {notice.part for notice in followed.notices} == {"teacher", "coach"}


@pytest.mark.parametrize("state", ["queued", "sending", "retry", "unknown"])
def test_a_notice_under_way_is_waited_for(state: str) -> None:
    under_way = [a_notice("teacher", state), a_notice("coach")]
    followed, _, world = _follow(scheduled(), told=[under_way, under_way, _BOTH])
    assert followed.settled
    assert len(world.pauses) == 2


def test_a_notice_that_can_not_be_sent_is_not_waited_for() -> None:
    failed = [a_notice("teacher", "failed"), a_notice("coach")]
    followed, _, world = _follow(scheduled(), told=[failed])
    assert followed.settled
    assert world.pauses == []


def test_it_looks_often_at_first_and_then_four_times_a_second() -> None:
    _, _, world = _follow(a_standing(), limit=5.0)
    assert world.pauses[0] == 0.025
    assert world.pauses == sorted(world.pauses)
    assert max(world.pauses) == 0.25


def test_past_its_limit_it_says_so_and_keeps_what_is_known() -> None:
    followed, steps, world = _follow(a_standing(), limit=1.0)
    assert not followed.settled
    assert followed.standing.id == "r1"
    assert _stages(steps) == ["received", "decided"]
    assert world.now - 100.0 < 1.3


@pytest.mark.parametrize("trouble", [NobodyAnswers("away"), Refused(503, {}), Refused(500, {})])
def test_a_server_that_is_away_after_the_ask_is_waited_for(trouble: Exception) -> None:
    followed, _, _ = _follow(a_standing(), trouble, trouble, scheduled(), told=[_BOTH])
    assert followed.settled


def test_a_refusal_while_looking_is_not_hidden() -> None:
    with pytest.raises(Refused):
        _follow(a_standing(), Refused(404, {"detail": "There is no such request of yours."}))
