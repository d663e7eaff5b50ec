"""Read everybody's time for one plan: coaches with their diaries, teachers with their sessions."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, text

from services.scheduler.adapters import school_time_store, timetable_store, travel_store
from services.scheduler.adapters.calendar_store import agrees
from services.scheduler.adapters.diaries import DIARIES, diary_of
from services.scheduler.domain.diary import Diary, TeacherTime
from services.scheduler.domain.local_week import Horizon
from services.scheduler.domain.planning import Picture
from services.scheduler.domain.request import Request
from services.scheduler.domain.rules import Rules
from services.scheduler.domain.school_time import slots_of
from services.scheduler.domain.weights import Weights

_DIVISION = text("""
SELECT zone, weights, ARRAY(
    SELECT day FROM scheduler.local_day WHERE extract(isodow FROM day) = 1
        AND day BETWEEN CAST(:now AS date) - 8 AND CAST(:now AS date) + :days ORDER BY day) AS days,
    ARRAY(
    SELECT starts_at FROM scheduler.local_day WHERE extract(isodow FROM day) = 1
        AND day BETWEEN CAST(:now AS date) - 8 AND CAST(:now AS date) + :days ORDER BY day) AS starts
FROM scheduler.division
""")
_TAKE_TURN = text("SELECT scheduler.take_turn()")
_ZONE = text("SELECT zone FROM scheduler.division")

_COACHES = text(f"""
WITH looked_at AS MATERIALIZED (
    SELECT s.coach_id, array_agg(s.school_id) AS schools FROM scheduler.coach_school s
    WHERE s.school_id = ANY (CAST(:schools AS uuid[])) AND EXISTS (
        SELECT FROM scheduler.coach_offer o WHERE o.coach_id = s.coach_id
            AND o.coach_type = ANY (CAST(:types AS text[]))
            AND o.support_mode = ANY (CAST(:modes AS text[])))
    GROUP BY s.coach_id
){DIARIES}""")

# Live sessions in which one of these people is the teacher, or a teacher is herself the coach: a look-up
# by person and start (no session lasts longer than 8 hours). "Live" is said by the generated column, and
# not as the exclusion indexes say it: statistics from before the first booking make those look empty,
# and the planner then walks through all of one for each person.
_TAKEN = text("""
SELECT p.id, s.starts_at, s.ends_at FROM unnest(CAST(:people AS uuid[])) AS p (id)
CROSS JOIN LATERAL (
    SELECT starts_at, upper(during) AS ends_at FROM scheduler.session
    WHERE teacher_id = p.id AND live_coach_type IS NOT NULL
        AND starts_at > CAST(:from AS timestamptz) - interval '8 hours' AND starts_at < :to
    OFFSET 0) s
UNION ALL
SELECT p.id, s.starts_at, s.ends_at FROM unnest(CAST(:teachers AS uuid[])) AS p (id)
CROSS JOIN LATERAL (
    SELECT starts_at, upper(during) AS ends_at FROM scheduler.session
    WHERE coach_id = p.id AND live_coach_type IS NOT NULL
        AND starts_at > CAST(:from AS timestamptz) - interval '8 hours' AND starts_at < :to
    OFFSET 0) s
""")
_MET = text("""
SELECT DISTINCT teacher_id, coach_id, false AS appraises FROM scheduler.session
WHERE teacher_id = ANY (CAST(:teachers AS uuid[])) AND coach_id = ANY (CAST(:coaches AS uuid[]))
    AND state IN ('scheduled', 'completed')
UNION ALL
SELECT teacher_id, coach_id, true FROM scheduler.appraisal
WHERE teacher_id = ANY (CAST(:teachers AS uuid[])) AND stands
""")
_COACHES_AT = text("""
SELECT school_id, coach_type, coaches FROM scheduler.school_stock
WHERE school_id = ANY (CAST(:schools AS uuid[]))
""")

_TURNED_DOWN = text("""
SELECT request_id, starts_at, upper(during) AS ends_at FROM scheduler.session
WHERE request_id = ANY (CAST(:requests AS uuid[])) AND turned_down
""")


@dataclass(frozen=True, kw_only=True)
class Offering:
    """How far ahead times are offered, and how soon. A cycle may reach `cycle_weeks` farther.

    Between equals is drawn by `seed`.
    """

    weeks: int
    notice: timedelta
    cycle_weeks: int = 0
    seed: int = 0

    @property
    def opened(self) -> int:
        """How many local weeks ahead coaches' hours are kept expanded."""
        return self.weeks + self.cycle_weeks

    def reach(self, requests: Sequence[Request]) -> int:
        """How many local weeks a plan of these looks ahead."""
        return self.opened if any(request.is_cycle for request in requests) else self.weeks


class DivisionUnknownError(Exception):
    """No model was published yet: without the division's zone no time means anything."""


class LocalDaysDifferError(Exception):
    """The stored local days are not those of this process: they are to be written anew first."""


def zone_of(connection: Connection) -> ZoneInfo:
    """The division's time zone."""
    zone = zone_if_known(connection)
    if zone is None:
        raise DivisionUnknownError
    return zone


def zone_if_known(connection: Connection) -> ZoneInfo | None:
    """The division's time zone, or None while no model was published."""
    name = connection.scalar(_ZONE)
    return ZoneInfo(name) if name else None


def take_turn(connection: Connection) -> None:
    """Wait until nobody else plans; nobody else will until this transaction ends."""
    connection.execute(_TAKE_TURN)


def read_picture(
    connection: Connection,
    requests: Sequence[Request],
    now: datetime,
    offering: Offering,
) -> Picture:
    """The picture for a plan of these requests, with times as far ahead as they are offered.

    Nobody else plans until this transaction ends: otherwise both would choose the same times.
    """
    take_turn(connection)
    weeks = offering.reach(requests)
    zone, weights = _division(connection, now, weeks)
    horizon = Horizon.of(now, weeks, zone)
    diaries = _diaries(connection, requests, horizon, now)
    teachers = {request.teacher.id: TeacherTime() for request in requests}
    _read_taken(connection, horizon, diaries, teachers)
    _read_met(connection, diaries, teachers)
    ruled_out = _read_turned_down(connection, requests, horizon)
    not_before = horizon.within(now + offering.notice, horizon.ends_at)
    school_ids = {request.school.id for request in requests}
    schools = school_time_store.read(connection, school_ids)
    rules = Rules(
        horizon=horizon,
        not_before=not_before,
        weights=weights,
        school_time={id_: slots_of(school, horizon) for id_, school in schools.items()},
        ruled_out=ruled_out,
        near=horizon.first_weeks(offering.weeks),
        travel=travel_store.read(connection, horizon, diaries, list(school_ids)),
        coaches=_coaches_at(connection, school_ids),
        seed=offering.seed,
        timetables=timetable_store.of(connection, teachers) if schools else {},
    )
    return Picture(rules=rules, diaries=diaries, teachers=teachers)


def _coaches_at(
    connection: Connection, school_ids: Collection[UUID]
) -> dict[tuple[UUID, str], int]:
    rows = connection.execute(_COACHES_AT, {"schools": list(school_ids)})
    return {(row.school_id, row.coach_type): row.coaches for row in rows}


def _division(connection: Connection, now: datetime, weeks: int) -> tuple[ZoneInfo, Weights]:
    row = connection.execute(_DIVISION, {"now": now, "days": 7 * weeks + 7}).one_or_none()
    if row is None:
        raise DivisionUnknownError
    zone = ZoneInfo(row.zone)
    if not agrees(list(zip(row.days, row.starts, strict=True)), zone):
        raise LocalDaysDifferError
    return zone, Weights.of(row.weights)


def _diaries(
    connection: Connection, requests: Sequence[Request], horizon: Horizon, now: datetime
) -> dict[UUID, Diary]:
    rows = connection.execute(
        _COACHES,
        {
            "schools": list({request.school.id for request in requests}),
            "types": list({key for request in requests for key in request.coach_types}),
            "modes": list({request.support_mode for request in requests}),
            "first": horizon.weeks[0].monday,
            "last": horizon.weeks[-1].monday,
        },
    )
    return {row.id: diary_of(row, horizon, now) for row in rows}


def _read_taken(
    connection: Connection,
    horizon: Horizon,
    diaries: Mapping[UUID, Diary],
    teachers: Mapping[UUID, TeacherTime],
) -> None:
    rows = connection.execute(
        _TAKEN,
        {
            "people": list({*diaries, *teachers}),
            "teachers": list(teachers),
            "from": horizon.starts_at,
            "to": horizon.ends_at,
        },
    )
    for person_id, starts_at, ends_at in rows:
        slots = horizon.touching(starts_at, ends_at)
        if (diary := diaries.get(person_id)) is not None:
            diary.take(slots)
        if (teacher := teachers.get(person_id)) is not None:
            teacher.busy |= slots


def _read_met(
    connection: Connection, coaches: Collection[UUID], teachers: Mapping[UUID, TeacherTime]
) -> None:
    met: dict[UUID, set[UUID]] = defaultdict(set)
    appraisers: dict[UUID, set[UUID]] = defaultdict(set)
    people = {"teachers": list(teachers), "coaches": list(coaches)}
    for teacher_id, coach_id, appraises in connection.execute(_MET, people):
        (appraisers if appraises else met)[teacher_id].add(coach_id)
    for teacher_id, coach_ids in met.items():
        teachers[teacher_id].met = frozenset(coach_ids)
    for teacher_id, coach_ids in appraisers.items():
        teachers[teacher_id].appraisers = frozenset(coach_ids)


def _read_turned_down(
    connection: Connection, requests: Sequence[Request], horizon: Horizon
) -> dict[UUID, int]:
    """By request, the slots that were held for her and that she did not take."""
    found: dict[UUID, int] = defaultdict(int)
    given = {"requests": [request.id for request in requests]}
    for request_id, starts_at, ends_at in connection.execute(_TURNED_DOWN, given):
        found[request_id] |= horizon.touching(starts_at, ends_at)
    return dict(found)
