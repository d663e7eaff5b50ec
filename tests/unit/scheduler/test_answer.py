"""An explained match in words: the others by name or counted, and a sentence for each weight."""

from dataclasses import fields, replace
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from services.scheduler.domain.answer import others_counted, others_named
from services.scheduler.domain.candidate import Verdict
from services.scheduler.domain.explained import ExplainedCandidate, ExplainedMatch
from services.scheduler.domain.weights import REWARDS, Weights
from tests.support.scheduler.builders import MONDAY, ZONE, an_id

POINTS = {"coach_type": 20.0, "soon": 40.0, "load": 10.0, "continuity": 0.0, "spread": 5.0}


def a_candidate(name: str, verdict: str = "possible", **points: float) -> ExplainedCandidate:
    possible = verdict == "possible"
    return ExplainedCandidate(
        coach_id=an_id(name),
        coach_name=name,
        coach_type="literacy",
        verdict=verdict,
        starts_at=MONDAY + timedelta(hours=3) if possible else None,
        total=75.0 if possible else None,
        points={**POINTS, **points} if possible else {},
    )


def a_match(*candidates: ExplainedCandidate, **other: Any) -> ExplainedMatch:
    chosen = candidates[0]
    values: dict[str, Any] = {
        "request_id": an_id("request"),
        "version": 1,
        "decided_at": datetime(2026, 11, 23, tzinfo=UTC),
        "teacher_id": an_id("teacher"),
        "coach_id": chosen.coach_id,
        "coach_name": chosen.coach_name,
        "starts_at": chosen.starts_at,
        "ends_at": chosen.starts_at,
        "reasons": (),
        "candidates": candidates,
        "weights": {},
        **other,
    }
    return ExplainedMatch(**values)


def test_each_weight_has_its_sentence() -> None:
    assert REWARDS.keys() == {field.name for field in fields(Weights)}


def test_every_verdict_can_be_said() -> None:
    for verdict in Verdict:
        match = a_match(a_candidate("Ana"), a_candidate("Bea", verdict.value))
        assert others_counted(match)
        assert list(others_named(match, ZoneInfo(ZONE)))


def test_the_others_are_counted_without_their_names() -> None:
    match = a_match(
        a_candidate("Ana"),
        a_candidate("Bea"),
        a_candidate("Cy", "no_time"),
        a_candidate("Di", "no_time"),
    )
    said = others_counted(match)
    assert said == "3 other coaches cover this: 2 had no time then, 1 came out behind."
    assert not {"Bea", "Cy", "Di"} & set(said.split())


def test_the_others_by_name_say_what_they_lacked_or_where_they_were_behind() -> None:
    match = a_match(
        a_candidate("Ana", load=20.0),
        a_candidate("Bea", soon=45.0),
        a_candidate("Cy", "fully_booked"),
    )
    assert list(others_named(match, ZoneInfo(ZONE))) == [
        (
            "Bea could have come on Monday 23 November at 10:00: better in how soon it is;"
            " behind in how much she has."
        ),
        "Cy already has as much in those days or weeks as a coach should.",
    ]


def test_alone_there_are_no_others() -> None:
    assert others_counted(a_match(a_candidate("Ana"))) == ""


def test_between_equals_it_was_a_draw_and_nearly_equal_is_said_as_that() -> None:
    ana, bea = a_candidate("Ana"), a_candidate("Bea")
    (drawn,) = others_named(a_match(ana, bea), ZoneInfo(ZONE))
    assert drawn.endswith("equal in everything, and the draw fell to the other.")
    behind = replace(bea, total=74.5, points={**bea.points, "load": 9.5})
    (nearly,) = others_named(a_match(ana, behind), ZoneInfo(ZONE))
    assert nearly.endswith("nearly equal in everything, and a little behind in all.")
