"""PostgreSQL's own plans: every statement of the adapters that touches sessions looks them up, and by time.

One missing cast, or statistics from before the first booking, makes such a query a hundred times
slower, and nothing else shows it. Each statement is run here with the triggers and functions that come
of it; one that is added without parameters in this file fails.
"""

import json
from collections.abc import Callable, Iterator, Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import text

from services.scheduler.adapters import picture, session_store
from services.scheduler.adapters.bulk_load import SessionSeed, load_past_sessions
from services.scheduler.domain.deciding import decide
from services.scheduler.handlers import matching
from shared.identity import new_id
from tests.support.postgres import Server
from tests.support.scheduler.builders import (
    CONSULTATION,
    LARCH,
    LITERACY,
    MONDAY,
    READING,
    Division,
    a_coach,
    a_person,
    a_request,
    an_id,
)
from tests.support.scheduler.plans import (
    Scan,
    exclusion_indexes,
    explained,
    functions_that_lead_to_sessions,
    functions_that_read_sessions,
    loose_mentions,
    statements,
    touches_sessions,
)

PEOPLE = [an_id("ana"), an_id("bo"), an_id("cy")]
TEACHERS = [an_id(f"teacher {number}") for number in range(50)]
LATER = MONDAY + timedelta(weeks=5)
A_DAY = timedelta(days=1)

# What each statement is run with, in a division of which `booked` is one session to come.
GIVEN: dict[str, Callable[[Division, Any], dict[str, Any]]] = {
    "appointments._IS_NEW": lambda _, __: {"id": an_id("ana")},
    "appraisals._BETWEEN": lambda _, booked: {
        "coach": booked.coach_id,
        "teacher": booked.teacher_id,
        "now": MONDAY,
    },
    "appointments._IN_USE": lambda _, __: {"id": an_id("ana")},
    "boundaries._SESSIONS": lambda _, __: {"after": UUID(int=0), "page": 500},
    "checker._DAYS": lambda _, __: {"coaches": PEOPLE},
    "checker._WEEKS": lambda _, __: {"coaches": PEOPLE},
    "checker._SPAN": lambda _, __: {},
    "checker._RECOUNT": lambda _, __: {
        "coaches": PEOPLE,
        "since": MONDAY - 400 * A_DAY,
        "until": LATER,
    },
    "closures._AT_SCHOOLS": lambda _, __: {"schools": [LARCH.id], "now": MONDAY},
    "coach_time._HERS": lambda _, __: {
        "coach": an_id("ana"),
        "since": MONDAY,
        "until": MONDAY + A_DAY,
    },
    "coach_time._OF_REQUEST": lambda _, booked: {
        "coach": booked.coach_id,
        "request": booked.request_id,
    },
    "cycle_store._SESSIONS": lambda _, booked: {"ids": [booked.request_id]},
    "cycle_store._OWING": lambda _, __: {"coaches": PEOPLE, "most": 200},
    "cycle_store._TAKE_OFF": lambda _, booked: {"ids": [booked.id], "turned_down": False},
    "cycle_store._ADD": lambda _, booked: {
        "rows": json.dumps(
            [
                {
                    "id": str(new_id()),
                    "number": 2,
                    "starts_at": LATER.isoformat(),
                    "ends_at": (LATER + timedelta(minutes=30)).isoformat(),
                    "instead_of": None,
                }
            ]
        ),
        "request": booked.request_id,
        "coach": booked.coach_id,
        "coach_type": booked.coach_type,
        "place_kind": "room",
        "place_address": "Room 12",
        "state": "scheduled",
        "held_until": None,
        "offer": None,
        "series": booked.request_id,
        "now": MONDAY,
    },
    "cycle_store._TAKE": lambda _, booked: {"offer": booked.id},
    "cycle_store._IN_SERIES": lambda _, booked: {
        "series": new_id(),
        "id": booked.request_id,
        "coach": booked.coach_id,
    },
    "cycle_store._BEGIN_SERIES": lambda _, booked: {
        "series": new_id(),
        "id": booked.request_id,
        "anchor": LATER,
    },
    "free_time_reader._ONE": lambda _, __: {
        "coach": an_id("ana"),
        "first": MONDAY.date(),
        "last": MONDAY.date() + timedelta(weeks=1),
        "from": MONDAY,
        "to": MONDAY + timedelta(weeks=2),
    },
    "hand_overs._SESSIONS": lambda _, booked: {"id": booked.request_id, "now": MONDAY},
    "held_store._OFFERED": lambda _, booked: {"id": booked.id},
    "held_store._ENDED": lambda _, __: {"now": LATER, "most": 200},
    "held_store._WAS_FOR": lambda _, booked: {"id": booked.id, "teacher": booked.teacher_id},
    "held_store._TAKE_OFF": lambda _, booked: {"ids": [booked.id], "turned_down": False},
    "held_store._TAKE": lambda _, booked: {"ids": [booked.id]},
    "match_reader._DECISIONS": lambda _, booked: {"request_id": booked.request_id, "most": 50},
    "meetings._ASKED_FOR_BY": lambda _, booked: {"id": booked.id, "teacher": booked.teacher_id},
    "meetings._ONE": lambda _, booked: {"id": booked.id, "now": MONDAY},
    "meetings._MOVE": lambda _, booked: {
        "id": booked.id,
        "coach": booked.coach_id,
        "coach_type": booked.coach_type,
        "place_kind": "room",
        "place_address": "Room 12",
        "sequence": booked.sequence,
        "starts_at": LATER,
        "ends_at": LATER + timedelta(minutes=30),
    },
    "over_sessions._ONE": lambda _, booked: {"id": booked.id, "now": LATER},
    "over_sessions._CLOSED_BEFORE": lambda _, booked: {
        "id": booked.id,
        "person": booked.coach_id,
    },
    "over_sessions._LEFT_OPEN": lambda _, __: {
        "coaches": PEOPLE,
        "since": MONDAY - 60 * A_DAY,
        "until": MONDAY,
        "most": 200,
    },
    "over_sessions._COMPLETE": lambda _, booked: {
        "ids": [booked.id],
        "kind": "planning",
        "turned_out": CONSULTATION,
        "now": LATER,
        "by": booked.coach_id,
    },
    "over_sessions._MISS": lambda _, booked: {
        "id": booked.id,
        "now": LATER,
        "by": booked.coach_id,
    },
    "picture._TAKEN": lambda _, __: {
        "people": [*PEOPLE, *TEACHERS],
        "teachers": TEACHERS,
        "from": MONDAY,
        "to": LATER,
    },
    "picture._MET": lambda _, __: {"teachers": TEACHERS, "coaches": PEOPLE},
    "picture._TURNED_DOWN": lambda _, booked: {"requests": [booked.request_id]},
    "request_store._WAITING_FOR": lambda _, __: {"coaches": PEOPLE, "most": 200},
    "request_store._WAITING_AFTER": lambda _, __: {
        "behind": False,
        "since": MONDAY - A_DAY,
        "id": UUID(int=0),
        "most": 200,
    },
    "request_store._WAITING_OF": lambda _, __: {"teachers": TEACHERS, "most": 200},
    "request_store._WAITING_AT_AFTER": lambda _, __: {
        "behind": False,
        "since": MONDAY - A_DAY,
        "id": UUID(int=0),
        "most": 200,
        "schools": [LARCH.id],
    },
    "session_store._BOOK": lambda division, _: a_plan_of(division),
    "session_store._CANCEL": lambda _, booked: {"ids": [booked.request_id], "now": MONDAY},
    "stock._AT_WORK": lambda _, __: {
        "since": MONDAY - 14 * A_DAY,
        "until": MONDAY,
        "today": MONDAY.date(),
    },
    "stock._STAYS": lambda _, __: {
        "since": MONDAY - 14 * A_DAY,
        "until": LATER,
        "today": MONDAY.date(),
        "zone": "UTC",
    },
    "stock._COUNT_WAITS": lambda _, __: {"since": MONDAY - 56 * A_DAY, "now": MONDAY},
    "teacher_moves._LIVE": lambda _, booked: {"teacher": booked.teacher_id, "now": MONDAY},
    "teacher_moves._OFFERED": lambda _, booked: {"teacher": booked.teacher_id, "now": MONDAY},
    "teacher_moves._STAY": lambda _, booked: {
        "id": booked.id,
        "school": LARCH.id,
        "coach_type": booked.coach_type,
        "place_kind": "room",
        "place_address": "Room 12",
    },
    "travel_store._STANDS": lambda _, __: {"coaches": PEOPLE, "from": MONDAY, "to": LATER},
}
# What reads every session there is, as a check of everything must.
READS_ALL = {"checker._DAYS", "checker._WEEKS", "checker._SPAN", "checker._RECOUNT"}
# What looks people up without a time, and why it may.
WITHOUT_TIME = {
    "appointments._IN_USE": "an offer stays while any live session of hers needs it, however old",
    "appointments._IS_NEW": "whether she ever met anybody: the first that is found answers",
    "coach_time._OF_REQUEST": "a coach's page of one request, with what was cancelled of it",
    "picture._MET": "whom a teacher met, in all her time: as long as her own past, no longer",
}
BY_PERSON = ("session_coach_idx", "session_teacher_idx")
# What names the table beside statements: its declaration, and the COPY whose triggers `_BOOK` has too.
MAY_MENTION = ["bulk_load.py", "session_tables.py"]


def a_past_session(number: int) -> SessionSeed:
    starts_at = MONDAY - timedelta(days=7 + number // 15, hours=-2 - number // 3 % 5)
    return SessionSeed(
        id=an_id(f"past {number}"),
        request_id=an_id(f"past request {number}"),
        coach_id=PEOPLE[number % 3],
        teacher_id=TEACHERS[number % 50],
        teacher_name="Maya",
        teacher_email="maya@example.org",
        school_id=LARCH.id,
        school_name=LARCH.name,
        model_version=1,
        coach_type=LITERACY,
        topic=READING,
        support_mode=CONSULTATION,
        starts_at=starts_at,
        ends_at=starts_at + timedelta(minutes=30),
    )


@pytest.fixture(scope="module", params=["before", "after"])
def busy_division(postgres: Server, request: pytest.FixtureRequest) -> Iterator[Division]:
    """A thousand past sessions and a hundred to come, as before and after statistics know of these."""
    with postgres.clone() as database:
        division = Division(database).with_model()
        division.with_coaches(a_coach("ana"), a_coach("bo"), a_coach("cy"))
        with division.engine.begin() as connection:
            assert load_past_sessions(connection, map(a_past_session, range(1_000))) == 1_000
        database.sql("ALTER TABLE scheduler.session SET (autovacuum_enabled = false)")
        database.sql("ANALYZE")
        division.hear(*(a_request() for _ in range(100)))
        database.sql(
            "UPDATE scheduler.session SET state = 'held', offer_id = id,"
            " held_until = starts_at - interval '1 hour'"
            " WHERE id IN (SELECT id FROM scheduler.session WHERE state = 'scheduled' LIMIT 20)"
        )
        if request.param == "after":
            database.sql("ANALYZE")
        yield division


def a_plan_of(division: Division) -> dict[str, Any]:
    """What a drain would book: one for a teacher, and one for a coach who is taught herself."""
    asked = [matching._request_of(a_request(teacher=who)) for who in map(a_person, ("maya", "cy"))]
    with division.engine.connect() as connection:
        work = division.application.works.at(connection)
        bookings, _ = decide(asked, work.terms({1}), work.picture(asked), new_id)
    rows = [session_store._booked_row(one, meeting) for one in bookings for meeting in one.meetings]
    assert len(rows) == 2
    return {"rows": session_store._dumps(rows), "weights": "{}", "now": MONDAY}


def wrong_scans(name: str, scans: Sequence[Scan], apart: dict[str, list[str]]) -> Iterator[str]:
    """What is wrong with how a statement came by its sessions, a line each."""
    looks = [scan for scan in scans if scan.table == "session" and name not in READS_ALL]
    for scan in looks:
        by = f"{name} by {scan.index or 'no index'} {scan.condition}"
        if scan.index in apart and not all(map(scan.binds, apart[scan.index])):
            yield f"{by}: misses a column of what keeps sessions apart"
        elif not scan.condition:
            yield f"{by}: reads them all"
        elif scan.index in BY_PERSON and not scan.binds("starts_at") and name not in WITHOUT_TIME:
            yield f"{by}: looks people up without a time"


def test_every_statement_that_touches_sessions_is_planned_here(busy_division: Division) -> None:
    leading = functions_that_lead_to_sessions(busy_division.database)
    found = {name for name, sql in statements().items() if touches_sessions(sql, leading)}
    assert found == set(GIVEN)
    assert loose_mentions(statements()) == MAY_MENTION


@pytest.mark.parametrize("generic", [False, True])
def test_sessions_are_looked_up_by_every_column_that_finds_them(
    busy_division: Division, *, generic: bool
) -> None:
    database = busy_division.database
    apart = exclusion_indexes(database)
    assert apart.keys() == {"session_coach_once", "session_teacher_once"}
    booked = busy_division.sessions("state = 'scheduled'")[50]
    wrong, asked_by = [], set()
    with explained(database, generic=generic) as connection:
        for name, given in GIVEN.items():
            scans = connection.scans(statements()[name], given(busy_division, booked))
            wrong += wrong_scans(name, scans, apart)
            asked_by |= {scan.asked_by for scan in scans if scan.table == "session"}
    assert wrong == []
    unseen = {
        name
        for name, body in functions_that_read_sessions(database).items()
        if not any(sql in body or f"scheduler.{name}(" in sql for sql in asked_by)
    }
    assert unseen == set()


@pytest.mark.parametrize(
    ("sql", "finding"),
    [
        ("WHERE place_address = 'Room 12'", "reads them all"),
        ("WHERE live_coach_type IS NOT NULL", "reads them all"),
        ("WHERE teacher_id = :who", "looks people up without a time"),
        (
            "WHERE coach_id = :who AND state IN ('held', 'scheduled')",
            "misses a column of what keeps sessions apart",
        ),
    ],
)
def test_a_statement_that_misses_a_column_is_found(
    busy_division: Division, sql: str, finding: str
) -> None:
    database = busy_division.database
    with explained(database, generic=False) as connection:
        connection.connection.exec_driver_sql("DROP INDEX scheduler.session_coach_idx")
        query = text(f"SELECT count(*) FROM scheduler.session {sql}")
        scans = connection.scans(query, {"who": an_id("ana")} if ":who" in sql else {})
    (line,) = wrong_scans("a.statement", scans, exclusion_indexes(database))
    assert line.endswith(finding)


def test_a_statement_without_parameters_here_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    later = text("SELECT count(*) FROM scheduler.session")
    monkeypatch.setattr(picture, "_ADDED_LATER", later, raising=False)
    assert {n for n, sql in statements().items() if touches_sessions(sql, ())} - set(GIVEN) == {
        "picture._ADDED_LATER"
    }


def test_a_candidates_weeks_are_read_by_key(busy_division: Division) -> None:
    given = {
        "schools": [LARCH.id],
        "types": [LITERACY],
        "modes": [CONSULTATION],
        "first": MONDAY.date(),
        "last": MONDAY.date() + timedelta(weeks=5),
    }
    with explained(busy_division.database, generic=False) as connection:
        scans = connection.scans(picture._COACHES, given)
    (weeks,) = [scan for scan in scans if scan.table == "coach_week"]
    assert weeks.index == "coach_week_pkey"
    assert weeks.binds("coach_id")
    assert weeks.binds("week")


def test_a_coach_whom_a_teacher_met_before_is_known(busy_division: Division) -> None:
    busy_division.hear(a_request())
    with busy_division.engine.connect() as connection:
        rows = connection.execute(
            picture._MET, {"teachers": [an_id("teacher 3")], "coaches": [an_id("ana")]}
        ).all()
    assert [tuple(row) for row in rows] == [(an_id("teacher 3"), an_id("ana"), False)]
