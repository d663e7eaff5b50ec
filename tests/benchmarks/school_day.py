"""Goals "match" and "snow day": one request matched in process, and every school of the city closed for a day.

The city's workers book a few thousand asks first, some for a time by the clock, some for a prep period.
A match is timed from the picture in memory to its answer; with the reading of the picture it is a note.
The snow day is timed from the declaration to its last school, by the stack's own workers; the day closed
is the one with the most meetings.
"""

import random
import time
from collections.abc import Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

from services.scheduler.adapters.picture import Offering, read_picture
from services.scheduler.bootstrap import Application, build
from services.scheduler.config import Settings
from services.scheduler.domain.closing import Declaration
from services.scheduler.domain.matching import find_match
from services.scheduler.domain.request import Request
from shared.clock import utc_now
from shared.database.transaction import transaction
from shared.events import RequestSubmitted
from shared.events.vocabulary import Person, School, SchoolWindow
from shared.identity import new_id
from shared.messaging.append import append
from tests.benchmarks.goals import MATCHED, SNOW_DAY
from tests.benchmarks.report import Report
from tests.benchmarks.sizes import Sizes
from tests.benchmarks.stack import Stack, used, wait_while_moving
from tests.support.waiting import until

GOALS = (MATCHED, SNOW_DAY)
_SEED = 23
_SHARE_PREP = 0.4
_MATCHES = 400
_LONGEST = 600.0
_OFFERING = Offering(weeks=6, notice=timedelta(hours=1))
_TEACHERS = """
SELECT p.id, p.name, p.email, s.id AS school_id, s.name AS school, t.teacher_id IS NOT NULL AS known
FROM request_intake.person p JOIN request_intake.school s ON s.id = p.school_id
LEFT JOIN scheduler.timetable t ON t.teacher_id = p.id WHERE p.role = 'teacher' ORDER BY p.id
"""
_COMBINATIONS = (
    "SELECT DISTINCT coach_type, topic, support_mode FROM scheduler.combination ORDER BY 1, 2, 3"
)
_OPEN = """
SELECT count(*) AS n FROM bus.delivery WHERE subscriber = 'scheduler' AND state NOT IN ('done', 'dead')
"""
_BUSIEST = """
SELECT (starts_at AT TIME ZONE d.zone)::date AS day, count(*) AS meetings
FROM scheduler.session, scheduler.division d WHERE state = 'scheduled' AND starts_at > now()
GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT 1
"""


def measure(stack: Stack, sizes: Sizes, report: Report) -> None:
    """Book, match, close."""
    stack.afresh(working=True)
    chance = random.Random(_SEED)  # noqa: S311  -- a sample, no secret
    teachers, combinations = stack.sql(_TEACHERS), stack.sql(_COMBINATIONS)
    application = build(Settings.from_env(stack.environ), kind="worker")
    try:
        asked = [
            _ask(teacher, combinations, chance) for teacher in chance.sample(teachers, sizes.booked)
        ]
        with transaction(application.engine, "system:scheduler") as connection:
            append(connection, asked, utc_now())
        until(lambda: stack.one(_OPEN)["n"] == 0, _LONGEST, every=0.5)
        wait_while_moving(
            stack, _LONGEST
        )  # until all are told: mail would run beside what is timed
        fresh = [
            _ask(teacher, combinations, chance) for teacher in chance.sample(teachers, _MATCHES)
        ]
        _report_matches(application, fresh, report)
        before = stack.processor_seconds()
        _report_snow_day(stack, application, report)
        report.note("processor time of the snow day", used(before, stack.processor_seconds()))
    finally:
        application.close()


def _report_matches(
    application: Application, asked: Sequence[RequestSubmitted], report: Report
) -> None:
    alone, whole = [], []
    with transaction(application.engine, "system:scheduler") as connection:
        terms = application.works.models.terms(connection, {1})[1]
        for event in asked:
            request = _request(event)
            began = time.perf_counter()
            picture = read_picture(connection, [request], utc_now(), _OFFERING)
            read = time.perf_counter()
            diaries = picture.by_school().get(request.school.id, [])
            find_match(request, terms, diaries, picture.teachers[request.teacher.id], picture.rules)
            alone.append(time.perf_counter() - read)
            whole.append(time.perf_counter() - began)
    report.add(MATCHED, _percentile(alone, 99), f"p50 {_percentile(alone, 50):.2f} ms")
    report.note(
        "the same with reading its picture",
        f"p50 {_percentile(whole, 50):.1f} ms, p99 {_percentile(whole, 99):.1f} ms",
    )


def _report_snow_day(stack: Stack, application: Application, report: Report) -> None:
    busiest = stack.one(_BUSIEST)
    schools = [school.school_id for school in application.closing.schools()]
    began = time.perf_counter()
    declared = application.closing.declare(
        UUID(int=1), day=busiest["day"], school_ids=schools, reason="Snow"
    )
    if not isinstance(declared, Declaration):
        raise TypeError(f"the schools were not closed: {declared.field} {declared.message}")
    until(lambda: _standing(application, declared.id).is_done, _LONGEST, every=0.05)
    seconds = time.perf_counter() - began
    done = _standing(application, declared.id)
    report.add(
        SNOW_DAY,
        seconds,
        f"{done.schools} schools, {busiest['meetings']:,} meetings that day;"
        f" {done.released:,} released, {done.held:,} other times held",
    )


def _standing(application: Application, declaration_id: UUID) -> Declaration:
    return next(one for one in application.closing.declared() if one.id == declaration_id)


def _percentile(seconds: list[float], percent: int) -> float:
    """In milliseconds."""
    ordered = sorted(seconds)
    return 1_000 * ordered[min(len(ordered) * percent // 100, len(ordered) - 1)]


def _ask(
    teacher: dict[str, Any], combinations: Sequence[dict[str, Any]], chance: random.Random
) -> RequestSubmitted:
    wanted = chance.choice(combinations)
    prep = teacher["known"] and chance.random() < _SHARE_PREP
    return RequestSubmitted(
        version=1,
        request_id=new_id(),
        submitted_at=utc_now(),
        model_version=1,
        teacher=Person(id=teacher["id"], name=teacher["name"], email=teacher["email"]),
        school=School(id=teacher["school_id"], name=teacher["school"]),
        room="",
        topic=wanted["topic"],
        support_mode=wanted["support_mode"],
        coach_types=(wanted["coach_type"],),
        meeting=chance.choice(("in_person", "either", "online")),
        windows=(),
        school_windows=(SchoolWindow(prep=True),) if prep else (),
    )


def _request(event: RequestSubmitted) -> Request:
    return Request(
        id=event.request_id,
        waiting_since=event.submitted_at,
        model_version=event.model_version,
        teacher=event.teacher,
        school=event.school,
        room=event.room,
        topic=event.topic,
        support_mode=event.support_mode,
        coach_types=event.coach_types,
        meeting=event.meeting,
        windows=event.windows,
        school_windows=event.school_windows,
    )
