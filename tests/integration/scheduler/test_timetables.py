"""Once her timetable is kept, what she waits for is tried again; and first writers at once lose nothing."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest

from services.scheduler.domain.school_time import Timetable
from services.scheduler.domain.timetabling import KnownTimetable
from services.scheduler.handlers.timetabling import TimetableChanged
from shared.events import SchoolKept
from shared.events.vocabulary import SchoolWindow
from tests.support.scheduler.builders import LARCH, ZONE, Division, a_person, a_request, an_id
from tests.support.scheduler.people import token_for
from tests.support.scheduler.school import a_school

MAYA = a_person("maya")
PREP = Timetable(prepares=frozenset({("2", "4")}))


@pytest.fixture
def larch(division: Division) -> Division:
    """Larch School lives by its year, and Maya teaches there."""
    division.hear(SchoolKept(version=1, school_id=LARCH.id, key="larch", school_name=LARCH.name))
    division.application.schooling.change_year(an_id("admin"), a_school(), seen=0)
    token_for(division, MAYA.id, "teacher")
    division.database.sql("UPDATE access.role SET school_id = :id RETURNING actor_id", id=LARCH.id)
    division.drain()
    return division


def change(division: Division, wanted: Timetable, seen: int = 0, who: UUID = MAYA.id) -> Any:
    return division.application.timetabling.change(who, MAYA.id, wanted, seen=seen)


def test_my_prep_is_offered_once_her_timetable_is_kept(larch: Division) -> None:
    request = a_request(teacher=MAYA, school_windows=(SchoolWindow(prep=True),))
    larch.hear(request, a_request(school_windows=(SchoolWindow(prep=True),)))
    assert not larch.sessions()

    assert change(larch, PREP) == KnownTimetable(timetable=PREP, version=1)
    larch.drain()

    (session,) = larch.sessions("state = 'held'")  # asked, not booked
    assert session.request_id == request.request_id
    assert session.starts_at.astimezone(ZoneInfo(ZONE)).time().isoformat() == "12:30:00"
    told = larch.announced("timetable.kept")
    assert [(event["version"], event["prepares"]) for event in told] == [(1, True)]


def test_a_told_time_stands_though_her_timetable_changes(larch: Division) -> None:
    larch.hear(a_request(teacher=MAYA))
    (before,) = larch.sessions()
    change(larch, Timetable(teaches=frozenset((label, "1") for label in "123456")))
    larch.drain()
    assert larch.sessions() == [before]


def test_of_first_writers_at_once_one_is_kept_and_the_others_are_told(larch: Division) -> None:
    def write(number: int) -> Any:
        return change(larch, Timetable(teaches=frozenset({("1", str(number))})))

    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(write, (1, 2, 3, 4)))
    (kept,) = (answer for answer in answers if isinstance(answer, KnownTimetable))
    assert answers.count(TimetableChanged(now=kept)) == 3


def test_who_wrote_it_is_audited(larch: Division) -> None:
    change(larch, PREP, who=an_id("admin"))
    rows = larch.database.sql(
        "SELECT actor, subject FROM access.audit_entry WHERE action = 'timetable.kept'"
    )
    assert rows == [(str(an_id("admin")), str(MAYA.id))]
