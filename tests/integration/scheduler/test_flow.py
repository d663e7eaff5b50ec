"""From what the scheduler is told to what is booked and announced, on the real database."""

import threading
from datetime import date, time, timedelta
from typing import Any

from services.scheduler.bootstrap import build
from shared.events import RequestCancelled, TimeFreed
from shared.identity import new_id
from tests.support.postgres import Database
from tests.support.scheduler.builders import (
    COLLABORATION,
    COMBINATIONS,
    MONDAY,
    ZONE,
    Division,
    a_coach,
    a_model,
    a_person,
    a_request,
    a_scheduler,
    a_window,
    an_id,
    off,
)

MINUTE = timedelta(minutes=1)
TUESDAY_AT_9 = MONDAY + timedelta(days=1, hours=2)


def a_cancellation(request_id: Any) -> RequestCancelled:
    return RequestCancelled(version=2, request_id=request_id, cancelled_at=MONDAY)


def states(division: Division) -> dict[str, int]:
    rows = division.database.sql("SELECT state, count(*) AS n FROM scheduler.request GROUP BY 1")
    return {row.state: row.n for row in rows}


def overlaps(division: Division) -> int:
    return division.database.sql("""
        SELECT count(*) FROM scheduler.session a JOIN scheduler.session b
        ON a.id < b.id AND a.during && b.during AND a.state = 'scheduled' AND b.state = 'scheduled'
        AND (a.coach_id IN (b.coach_id, b.teacher_id) OR a.teacher_id IN (b.coach_id, b.teacher_id))
    """)[0][0]


def test_a_request_is_booked_and_both_will_be_told(division: Division) -> None:
    window = a_window(TUESDAY_AT_9, 60)
    request = a_request(windows=(window,), support_mode=COLLABORATION)
    division.hear(request)
    (session,) = division.sessions()
    (told,) = division.announced("session.scheduled")
    assert session.starts_at == window.starts_at
    assert session.during.upper - session.during.lower == 45 * MINUTE
    assert told["session_id"] == str(session.id)
    assert told["place"] == {"kind": "room", "address": "Room 12"}
    assert (told["version"], told["sequence"], told["meetings_planned"]) == (1, 0, 1)
    assert told["zone"] == ZONE
    assert [reason["code"] for reason in told["reasons"]] == ["covers", "earliest"]


def test_an_online_meeting_is_at_the_coachs_address(division: Division) -> None:
    division.hear(a_request(meeting="online"))
    (told,) = division.announced("session.scheduled")
    assert told["place"] == {"kind": "online", "address": "https://meet.example.org/ana"}


def test_a_second_copy_of_the_same_event_books_nothing(division: Division) -> None:
    request = a_request()
    division.hear(request, request)
    division.hear(request)
    assert len(division.sessions()) == 1
    assert len(division.announced("session.scheduled")) == 1


def test_a_request_under_an_unknown_version_is_parked_until_that_is_published(
    division: Division,
) -> None:
    division.hear(a_request(model_version=2))
    assert division.delivery_states()["parked"] == 1
    division.tell(a_model(version=2))
    division.database.sql("UPDATE bus.delivery SET due_at = now() WHERE state = 'parked'")
    division.drain()
    division.database.sql("UPDATE bus.delivery SET due_at = now() WHERE state = 'parked'")
    division.drain()
    assert [session.model_version for session in division.sessions()] == [2]


def test_an_older_version_that_comes_late_does_not_take_back_the_divisions_name(
    division: Division,
) -> None:
    division.hear(a_model(version=3, division_name="New name"))
    division.hear(a_model(version=2, division_name="Old name"))
    (row,) = division.database.sql("SELECT name FROM scheduler.division")
    assert row.name == "New name"


def test_a_published_version_heard_twice_is_kept_once(division: Division) -> None:
    division.hear(a_model())
    (row,) = division.database.sql("SELECT count(*) AS n FROM scheduler.combination")
    assert row.n == len(COMBINATIONS)


def test_who_finds_no_time_waits_and_is_told_why(division: Division) -> None:
    night = a_window(TUESDAY_AT_9 + timedelta(hours=12), 60)
    division.hear(a_request(windows=(night,)))
    (told,) = division.announced("request.waiting")
    assert [reason["code"] for reason in told["reasons"]] == ["covering", "no_time"]
    assert states(division) == {"waiting": 1}


def test_a_cancellation_takes_the_session_off_and_says_so(division: Division) -> None:
    request = a_request()
    division.hear(request)
    division.hear(a_cancellation(request.request_id))
    (session,) = division.sessions()
    (told,) = division.announced("session.cancelled")
    assert (session.state, session.sequence) == ("cancelled", 1)
    assert (told["sequence"], told["version"]) == (1, 2)
    assert told["coach"]["id"] == str(session.coach_id)
    assert len(division.announced("time.freed")) == 1
    division.hear(a_cancellation(request.request_id))
    assert len(division.announced("session.cancelled")) == 1


def test_a_freed_time_goes_to_who_has_waited_longest(division: Division) -> None:
    window = (a_window(TUESDAY_AT_9, 30),)
    first, second, third = (
        a_request(windows=window, submitted_at=MONDAY - n * MINUTE) for n in (3, 2, 1)
    )
    division.hear(first, third, second)
    assert states(division) == {"scheduled": 1, "waiting": 2}
    division.hear(a_cancellation(first.request_id))
    (session,) = division.sessions("state = 'held'")
    assert session.request_id == second.request_id
    (told,) = division.announced("session.offered")
    assert (told["request_id"], told["version"]) == (str(second.request_id), 2)
    assert len(division.announced("request.waiting")) == 2


def test_a_request_that_waited_and_is_cancelled_is_not_matched(division: Division) -> None:
    window = (a_window(TUESDAY_AT_9, 30),)
    first = a_request(windows=window, submitted_at=MONDAY - MINUTE)
    second = a_request(windows=window)
    division.hear(first, second)
    division.hear(a_cancellation(second.request_id))
    division.hear(a_cancellation(first.request_id))
    assert states(division) == {"cancelled": 2}
    assert not division.sessions("state = 'scheduled'")


def test_a_cancellation_that_comes_first_is_remembered(division: Division) -> None:
    request = a_request()
    division.hear(a_cancellation(request.request_id))
    division.hear(request)
    assert not division.sessions()
    assert states(division) == {"cancelled": 1}
    assert not division.announced("session.scheduled")


def test_a_session_that_is_over_is_not_cancelled(division: Division) -> None:
    request = a_request()
    division.hear(request)
    division.now = MONDAY + timedelta(days=30)
    division.hear(a_cancellation(request.request_id))
    assert [session.state for session in division.sessions()] == ["scheduled"]


def test_a_batch_of_many_books_no_two_at_once(division: Division) -> None:
    division.with_coaches(a_coach("bo"), a_coach("cy"))
    teachers = [a_person(f"teacher {n}") for n in range(20)]
    division.hear(*(a_request(teacher=teachers[n % 20]) for n in range(120)))
    assert states(division) == {"scheduled": 120}
    assert overlaps(division) == 0
    assert division.delivery_states() == {"done": 121}


def test_two_drains_at_once_book_each_request_once(database: Database) -> None:
    division = Division(database).with_model().with_coaches(a_coach("ana"), a_coach("bo"))
    requests = [a_request() for _ in range(80)]
    division.tell(*requests)
    others = [build(a_scheduler(database), kind="worker", clock=lambda: MONDAY) for _ in range(2)]
    database.engines.extend(other.engine for other in others)
    threads = [threading.Thread(target=other.drain.run) for other in others]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    division.drain()
    assert states(division) == {"scheduled": 80}
    assert overlaps(division) == 0
    assert division.delivery_states() == {"done": 81}


def test_a_coach_who_asks_is_not_booked_over_her_own_sessions(division: Division) -> None:
    division.with_coaches(a_coach("bo"))
    window = (a_window(TUESDAY_AT_9, 30),)
    ana = a_person("ana")
    division.hear(a_request(teacher=ana, windows=window))
    division.hear(a_request(windows=window))
    assert [session.coach_id for session in division.sessions()] == [an_id("bo")]
    assert states(division) == {"scheduled": 1, "waiting": 1}


def test_a_day_off_is_not_offered(division: Division) -> None:
    division.with_coaches(a_coach("ana", exceptions=(off(date(2026, 11, 24)),)))
    division.hear(a_request(windows=(a_window(TUESDAY_AT_9, 60),)))
    assert states(division) == {"waiting": 1}


def test_when_the_horizon_moves_on_who_waits_is_tried_again(division: Division) -> None:
    far = MONDAY + timedelta(weeks=7, hours=3)
    division.hear(a_request(windows=(a_window(far, 60),)))
    assert states(division) == {"waiting": 1}
    division.now = MONDAY + timedelta(weeks=2)
    division.database.sql("UPDATE bus.timer SET due_at = now() WHERE name = 'extend_horizon'")
    division.drain()
    (session,) = division.sessions()
    assert (session.starts_at, session.state) == (far, "held")
    assert len(division.announced("session.offered")) == 1


def test_freed_time_of_a_coach_whom_nobody_waits_for_changes_nothing(division: Division) -> None:
    freed = TimeFreed(
        version=1, coach_id=an_id("ana"), starts_at=MONDAY, ends_at=MONDAY + 30 * MINUTE
    )
    division.hear(freed)
    assert division.delivery_states() == {"done": 2}


def test_a_division_that_moves_to_another_zone_is_counted_anew(division: Division) -> None:
    division.hear(a_request(windows=(a_window(TUESDAY_AT_9, 30),)))
    division.hear(a_model(version=2, zone="America/St_Johns"))
    division.hear(a_request(windows=(a_window(TUESDAY_AT_9 - timedelta(hours=6), 480),)))
    newest = division.sessions()[0]
    assert newest.starts_at == MONDAY + timedelta(days=1, hours=-2, minutes=-30)
    (week,) = division.database.sql("SELECT minutes FROM scheduler.coach_week WHERE minutes > 0")
    assert week.minutes == 60


def test_every_candidate_and_the_weights_are_kept_with_the_match(division: Division) -> None:
    hours = a_coach("bo").hours[:1]
    division.with_coaches(a_coach("bo", hours=hours), a_coach("cy", sessions_per_day=0))
    request = a_request(request_id=new_id())
    division.hear(request)
    (row,) = division.database.sql("SELECT * FROM scheduler.match")
    by_coach = {entry["coach"]: entry for entry in row.candidates}
    assert len(by_coach) == 3
    assert by_coach[str(an_id("cy"))]["verdict"] == "fully_booked"
    chosen = by_coach[str(row.coach_id)]
    assert chosen["total"] == max(entry.get("total", 0) for entry in row.candidates)
    assert set(chosen["points"]) == set(row.weights)


def test_the_divisions_own_weights_are_used(division: Division) -> None:
    division.database.sql("UPDATE scheduler.division SET weights = '{\"soon\": 7}'")
    division.hear(a_request())
    (row,) = division.database.sql("SELECT weights FROM scheduler.match")
    assert row.weights["soon"] == 7


def test_offered_hours_are_wall_time_across_the_spring_change(database: Database) -> None:
    now = MONDAY + timedelta(weeks=15)
    division = Division(database, now=now).with_model(zone="Europe/Berlin")
    noon = a_coach("ana").hours[0].__class__(iso_weekday=3, starts=time(12), ends=time(12, 30))
    division.with_coaches(a_coach("ana", hours=(noon,)))
    division.hear(*(a_request() for _ in range(5)))
    utc_hours = [session.starts_at.hour for session in division.sessions()]
    assert utc_hours == [11, 11, 11, 10, 10]
