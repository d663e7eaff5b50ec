"""What is taken stock of each hour, who comes first by it, what weighs how much, and who may not coach whom."""

from concurrent.futures import ThreadPoolExecutor, wait
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy.exc import IntegrityError

from services.scheduler.domain.weights import KnownWeights, Weights
from services.scheduler.handlers.answering import Answered
from services.scheduler.handlers.cycles import Changed
from services.scheduler.handlers.weighing import WeightsChanged, WeightsRefused
from shared.events import AppraisalKept, RequestSubmitted, TimeFreed
from shared.events.vocabulary import School
from tests.integration.scheduler.test_cycles import a_cycle, with_cycles
from tests.support.scheduler.builders import (
    LARCH,
    LITERACY,
    MONDAY,
    Division,
    a_coach,
    a_request,
    a_window,
    an_id,
)

OAK = School(id=an_id("oak"), name="Oak School")
BY = UUID(int=7)
DAY, WEEK = timedelta(days=1), timedelta(weeks=1)
TUESDAY_AT_9 = MONDAY + DAY + timedelta(hours=2)
ANA, BEA = an_id("ana"), an_id("bea")


@pytest.fixture
def division(database: Any) -> Division:
    return Division(database).with_model()


def takes_stock(division: Division) -> None:
    with division.engine.begin() as connection:
        division.application.weighing.take_stock(connection, division.now)


def freed(coach: UUID) -> TimeFreed:
    return TimeFreed(version=0, coach_id=coach, starts_at=MONDAY, ends_at=MONDAY + WEEK)


def turns(division: Division) -> dict[UUID, timedelta]:
    rows = division.database.sql(
        "SELECT id, waiting_since - turn_at AS start FROM scheduler.request"
    )
    return {row.id: row.start for row in rows}


def appraises(
    coach: UUID, request: RequestSubmitted, *, version: int = 1, stands: bool = True
) -> AppraisalKept:
    teacher = request.teacher.id
    return AppraisalKept(version=version, teacher_id=teacher, coach_id=coach, stands=stands)


def test_what_is_needed_soon_is_tried_before_what_waits_longer(division: Division) -> None:
    patient = a_request(submitted_at=MONDAY - 3 * DAY)
    urgent = a_request(submitted_at=MONDAY - DAY, needed_by=MONDAY.date() + 2 * DAY)
    division.hear(patient, urgent)
    assert turns(division) == {
        patient.request_id: timedelta(0),
        urgent.request_id: timedelta(days=6),
    }
    half_an_hour = (
        a_coach("ana")
        .hours[0]
        .__class__(
            iso_weekday=2,
            starts=TUESDAY_AT_9.time(),
            ends=(TUESDAY_AT_9 + timedelta(minutes=30)).time(),
        )
    )
    division.with_coaches(a_coach("ana", hours=(half_an_hour,)))
    division.hear(freed(ANA))
    first = min(division.sessions("state = 'held'"), key=lambda session: session.starts_at)
    assert first.request_id == urgent.request_id


def test_urgency_grows_by_itself_until_the_day(division: Division) -> None:
    request = a_request(submitted_at=MONDAY, needed_by=MONDAY.date() + 14 * DAY)
    division.hear(request)
    assert turns(division)[request.request_id] == timedelta(0)
    division.now = MONDAY + WEEK
    takes_stock(division)
    assert turns(division)[request.request_id] == timedelta(days=3.5)


def test_a_school_whose_teachers_wait_longer_comes_sooner(division: Division) -> None:
    division.with_coaches(a_coach("ana"))
    served = [a_request(submitted_at=MONDAY) for _ in range(10)]
    waits = [a_request(submitted_at=MONDAY - 10 * DAY, school=OAK) for _ in range(5)]
    division.hear(*served, *waits)
    takes_stock(division)
    now = turns(division)
    assert {now[request.request_id] for request in served} == {timedelta(0)}
    starts = {now[request.request_id] for request in waits}
    assert len(starts) == 1
    assert timedelta(days=2) < starts.pop() < timedelta(days=5)
    rows = division.database.sql("SELECT school_id, asks, days FROM scheduler.school_wait")
    assert {row.school_id: row.asks for row in rows} == {LARCH.id: 10, OAK.id: 5}


def test_who_is_one_of_few_somewhere_is_spared_where_others_can_help(division: Division) -> None:
    both = (LARCH.id, OAK.id)
    division.with_coaches(a_coach("ana", school_ids=both), a_coach("bea"), a_coach("cy"))
    takes_stock(division)
    stock = division.database.sql(
        "SELECT school_id, coach_type, coaches FROM scheduler.school_stock"
    )
    assert (OAK.id, LITERACY, 1) in [tuple(row) for row in stock]
    next_week = (a_window(TUESDAY_AT_9 + WEEK, 240),)
    division.hear(*(a_request(request_id=an_id(n), windows=next_week) for n in range(6)))
    assert ANA not in {session.coach_id for session in division.sessions()}
    matches = division.database.sql("SELECT candidates FROM scheduler.match")
    for row in matches:
        rarity = {entry["coach"]: entry["points"]["rarity"] for entry in row.candidates}
        assert rarity[str(ANA)] == pytest.approx(20 * (1 - (1 - 1 / 3)), abs=0.01)
        assert rarity[str(BEA)] == 20


def test_stock_follows_who_serves_where(division: Division) -> None:
    division.with_coaches(a_coach("ana"), a_coach("bea"))
    takes_stock(division)
    division.database.sql(f"DELETE FROM scheduler.coach_offer WHERE coach_id = '{BEA}'")
    takes_stock(division)
    (row,) = division.database.sql(
        f"SELECT coaches FROM scheduler.school_stock WHERE coach_type = '{LITERACY}'"
    )
    assert row.coaches == 1
    coaches = division.database.sql("SELECT DISTINCT coach_id FROM scheduler.coach_stock")
    assert {row.coach_id for row in coaches} == {ANA}


def test_a_load_is_of_the_last_two_weeks_and_who_joined_has_the_mean(division: Division) -> None:
    division.with_coaches(a_coach("ana"), a_coach("bea"))
    division.database.sql("UPDATE scheduler.coach SET joined_on = '2000-01-01'")
    division.hear(a_request(windows=(a_window(TUESDAY_AT_9, 30),)))
    (session,) = division.sessions()
    division.now = MONDAY + WEEK
    division.with_coaches(a_coach("new"))
    division.database.sql(
        "UPDATE scheduler.coach SET joined_on = :day WHERE id = :id",
        day=date(2099, 1, 1),
        id=an_id("new"),
    )
    takes_stock(division)
    rows = division.database.sql("SELECT coach_id, minutes FROM scheduler.coach_load")
    loads = {row.coach_id: row.minutes for row in rows}
    idle = BEA if session.coach_id == ANA else ANA
    assert loads == {session.coach_id: 30, idle: 0, an_id("new"): 15}
    division.now = MONDAY + 4 * WEEK
    takes_stock(division)
    (row,) = division.database.sql(
        f"SELECT minutes FROM scheduler.coach_load WHERE coach_id = '{session.coach_id}'"
    )
    assert row.minutes == 0


def test_no_plan_passes_over_who_waits_while_stock_is_taken(division: Division) -> None:
    request = a_request()
    division.hear(request)
    with ThreadPoolExecutor(1) as pool:
        with division.engine.begin() as connection:
            work = division.application.works.at(connection)
            work.take_turn()
            taking = pool.submit(takes_stock, division)
            assert not wait([taking], 0.5).done
            assert [one.id for one in work.waiting_after(None, 10)] == [request.request_id]
        taking.result()


def test_nothing_is_counted_before_the_first_model(database: Any) -> None:
    takes_stock(Division(database))


def test_weights_are_kept_and_hold_from_the_next_match_on(division: Division) -> None:
    weighing = division.application.weighing
    known = weighing.kept()
    assert known == KnownWeights(weights=Weights(), revision=0)
    given = {**vars(Weights()), "soon": 1.0, "continuity": 90.0}
    now = weighing.change(BY, given, seen=0)
    assert now == KnownWeights(weights=Weights(soon=1.0, continuity=90.0), revision=1)
    division.with_coaches(a_coach("ana")).hear(a_request())
    (row,) = division.database.sql("SELECT weights FROM scheduler.match")
    assert (row.weights["soon"], row.weights["continuity"]) == (1.0, 90.0)
    assert "urgency" not in row.weights
    (entry,) = division.database.sql(
        "SELECT actor FROM access.audit_entry WHERE action = 'weights.kept'"
    )
    assert entry.actor == str(BY)


def test_the_second_of_two_who_change_the_weights_is_told(division: Division) -> None:
    weighing = division.application.weighing
    weighing.change(BY, {**vars(Weights()), "soon": 1.0}, seen=0)
    second = weighing.change(BY, {**vars(Weights()), "soon": 2.0}, seen=0)
    assert second == WeightsChanged(now=KnownWeights(weights=Weights(soon=1.0), revision=1))
    refused = weighing.change(BY, {**vars(Weights()), "soon": 1000.0}, seen=1)
    assert isinstance(refused, WeightsRefused)
    assert set(refused.faults) == {"soon"}
    kept = weighing.kept()
    assert kept
    assert kept.weights.soon == 1.0


def test_nobody_is_matched_with_who_appraises_her(division: Division) -> None:
    request = a_request()
    division.with_coaches(a_coach("ana"), a_coach("bea"))
    division.hear(appraises(ANA, request))
    division.hear(request)
    (session,) = division.sessions()
    assert session.coach_id == BEA
    (row,) = division.database.sql("SELECT candidates FROM scheduler.match")
    verdicts = {entry["coach"]: entry["verdict"] for entry in row.candidates}
    assert verdicts[str(ANA)] == "appraises"


def test_what_was_booked_with_who_appraises_her_from_now_on_is_held_elsewhere(
    division: Division,
) -> None:
    request = a_request(windows=(a_window(TUESDAY_AT_9, 30),))
    division.with_coaches(a_coach("ana")).hear(request)
    division.with_coaches(a_coach("bea"))
    division.hear(appraises(ANA, request))
    (held,) = division.sessions("state = 'held'")
    assert (held.coach_id, held.starts_at) == (BEA, TUESDAY_AT_9)
    (released,) = division.announced("session.released")
    assert released["because"] == "appraised"
    assert [reason["sentence"].partition(" ")[2] for reason in released["reasons"]] == [
        "appraises you, and nobody is coached by who appraises her.",
        "covers this too and has the time.",
    ]


def test_a_cycle_with_who_appraises_her_goes_on_with_a_colleague_if_she_says_yes(
    database: Any,
) -> None:
    division = Division(database).with_model(**with_cycles()).with_coaches(a_coach("ana"))
    request = a_cycle(2, coach_types=(LITERACY,))
    division.hear(request)
    division.with_coaches(a_coach("bea"))
    division.hear(appraises(ANA, request))
    held = division.sessions("state = 'held'")
    assert {session.coach_id for session in held} == {BEA}
    told = division.announced("cycle.scheduled")[-1]
    assert [reason["code"] for reason in told["reasons"]] == ["appraised", "other_coach"]
    division.application.closing.take(request.teacher.id, held[0].offer_id)
    told = division.announced("cycle.scheduled")[-1]
    assert (told["because"], told["coach"]["id"]) == ("handed_over", str(BEA))


def test_a_cycle_that_a_colleague_took_over_is_paused_and_resumed_before_the_former_coach_closed_hers(
    database: Any,
) -> None:
    division = Division(database).with_model(**with_cycles()).with_coaches(a_coach("ana"))
    request = a_cycle(3, coach_types=(LITERACY,))
    division.hear(request)
    division.now = division.sessions()[0].starts_at + timedelta(hours=1)
    division.with_coaches(a_coach("bea")).hear(appraises(ANA, request))
    teacher, held = request.teacher.id, division.sessions("state = 'held'")
    assert isinstance(division.application.closing.take(teacher, held[0].offer_id), Answered)
    (hers,) = division.sessions(f"state = 'scheduled' AND coach_id = '{ANA}'")
    for change in (division.application.cycling.pause, division.application.cycling.resume):
        shown = division.application.cycling.cycle(teacher, request.request_id)
        assert shown
        answer = change(teacher, request.request_id, seen=shown.cycle.request.version)
        assert isinstance(answer, Changed)
    first, *later = division.sessions("state = 'scheduled'")
    assert (first.coach_id, first.series_id) == (ANA, hers.series_id)
    assert {session.coach_id for session in later} == {BEA}
    assert hers.series_id not in {session.series_id for session in later}


def test_what_a_cycle_owes_is_looked_for_with_a_colleague_of_who_appraises_her(
    database: Any,
) -> None:
    division = Division(database).with_model(**with_cycles()).with_coaches(a_coach("ana"))
    request = a_cycle(2, coach_types=(LITERACY,))
    division.hear(request)
    division.hear(appraises(ANA, request))
    assert not division.sessions("state IN ('held', 'scheduled')")
    division.with_coaches(a_coach("bea"))
    division.hear(freed(ANA))
    assert {session.coach_id for session in division.sessions("state = 'held'")} == {BEA}


def test_an_appraisal_that_ended_stands_in_nobodys_way_and_old_news_is_none(
    division: Division,
) -> None:
    request = a_request()
    division.with_coaches(a_coach("ana"))
    division.hear(appraises(ANA, request, version=2, stands=False))
    division.hear(appraises(ANA, request, version=1))
    division.hear(request)
    (session,) = division.sessions()
    assert session.coach_id == ANA


def test_who_waits_is_asked_as_soon_as_the_only_coach_appraises_her_no_more(
    division: Division,
) -> None:
    request = a_request()
    division.with_coaches(a_coach("ana")).hear(appraises(ANA, request), request)
    assert not division.sessions()
    division.hear(appraises(ANA, request, version=2, stands=False))
    (held,) = division.sessions("state = 'held'")
    assert held.coach_id == ANA


def test_the_database_itself_refuses_an_appraiser(division: Division) -> None:
    request = a_request()
    division.with_coaches(a_coach("ana")).hear(request)
    division.database.sql(
        "INSERT INTO scheduler.appraisal VALUES (:coach, :teacher, 1, true)",
        coach=ANA,
        teacher=request.teacher.id,
    )
    with pytest.raises(IntegrityError, match="whom she appraises"):
        division.database.sql(
            "UPDATE scheduler.session SET during = tstzrange(lower(during) + interval '1 day',"
            " upper(during) + interval '1 day')"
        )
