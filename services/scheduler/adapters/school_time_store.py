"""School years, closures and timetables as rows."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict
from datetime import date, time
from typing import Any
from uuid import UUID

import orjson
from sqlalchemy import Connection, text

from services.scheduler.domain.school_time import (
    BellSchedule,
    Closure,
    ClosureKind,
    Period,
    SchoolTime,
    Term,
    Timetable,
)
from services.scheduler.domain.travel import Spot

_COLUMNS = """t.school_id, t.name, t.version, t.first_day, t.last_day, t.labels, t.weekdays,
    t.shifts, t.cover, t.terms, t.bells, t.specials, t.latitude, t.longitude,
    ARRAY(SELECT jsonb_build_array(c.day, c.kind, c.shifts) FROM scheduler.closure c
        WHERE c.school_id = t.school_id AND c.withdrawn_at IS NULL ORDER BY c.day) AS closures"""
_READ = text(f"""
SELECT {_COLUMNS} FROM scheduler.school_time t WHERE t.school_id = ANY (CAST(:ids AS uuid[]))
""")
_EVERY = text(f"SELECT {_COLUMNS} FROM scheduler.school_time t ORDER BY t.name, t.school_id")
_TIMETABLES = text("""
SELECT teacher_id, school_id, teaches, prepares FROM scheduler.timetable
WHERE teacher_id = ANY (CAST(:teachers AS uuid[]))
""")
_SAVE = text("""
INSERT INTO scheduler.school_time AS kept (school_id, name, version, first_day, last_day, labels,
    weekdays, shifts, cover, terms, bells, specials, latitude, longitude)
SELECT school_id, name, 1, first_day, last_day, labels, weekdays, shifts, cover, terms, bells,
    specials, latitude, longitude
FROM jsonb_to_recordset(CAST(:rows AS jsonb)) AS t (school_id uuid, name text, first_day date,
    last_day date, labels text[], weekdays smallint[], shifts boolean, cover text, terms jsonb,
    bells jsonb, specials jsonb, latitude double precision, longitude double precision)
ORDER BY school_id
ON CONFLICT (school_id) DO UPDATE SET name = excluded.name, version = kept.version + 1,
    first_day = excluded.first_day, last_day = excluded.last_day, labels = excluded.labels,
    weekdays = excluded.weekdays, shifts = excluded.shifts, cover = excluded.cover,
    terms = excluded.terms, bells = excluded.bells, specials = excluded.specials,
    latitude = excluded.latitude, longitude = excluded.longitude
""")
_FORGET_PLANNED = text("""
DELETE FROM scheduler.closure
WHERE school_id = ANY (CAST(:ids AS uuid[])) AND declaration_id IS NULL
""")
_CLOSE = text("""
INSERT INTO scheduler.closure (school_id, day, kind, shifts)
SELECT school_id, day, kind, shifts FROM jsonb_to_recordset(CAST(:rows AS jsonb))
    AS t (school_id uuid, day date, kind text, shifts boolean)
ORDER BY 1, 2 ON CONFLICT DO NOTHING
""")
_SAVE_TIMETABLES = text("""
INSERT INTO scheduler.timetable AS kept (teacher_id, school_id, teaches, prepares)
SELECT teacher_id, school_id, teaches, prepares FROM jsonb_to_recordset(CAST(:rows AS jsonb))
    AS t (teacher_id uuid, school_id uuid, teaches text[], prepares text[])
ORDER BY 1, 2
ON CONFLICT (teacher_id, school_id) DO UPDATE SET version = kept.version + 1,
    teaches = excluded.teaches, prepares = excluded.prepares
RETURNING teacher_id, school_id, version
""")


def read(connection: Connection, school_ids: Collection[UUID]) -> dict[UUID, SchoolTime]:
    """The time of these schools, as far as it is known."""
    rows = connection.execute(_READ, {"ids": list(school_ids)}).mappings()
    return {row["school_id"]: _school_time(dict(row)) for row in rows}


def every(connection: Connection) -> list[SchoolTime]:
    """The time of every school, by name."""
    return [_school_time(dict(row)) for row in connection.execute(_EVERY).mappings()]


def timetables(
    connection: Connection, teacher_ids: Collection[UUID]
) -> dict[tuple[UUID, UUID], Timetable]:
    """The timetables of these teachers, by teacher and school."""
    return {
        (row.teacher_id, row.school_id): Timetable(
            teaches=_pairs(row.teaches), prepares=_pairs(row.prepares)
        )
        for row in connection.execute(_TIMETABLES, {"teachers": list(teacher_ids)})
    }


class SqlSchoolYears:
    """Implements ports.SchoolYears on one open transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def save(self, schools: Sequence[SchoolTime]) -> Sequence[SchoolTime]:
        _save(self._connection, schools)
        kept = read(self._connection, [school.school_id for school in schools])
        return [kept[school.school_id] for school in schools]

    def save_timetables(
        self, given: Mapping[tuple[UUID, UUID], Timetable]
    ) -> Mapping[tuple[UUID, UUID], int]:
        return _save_timetables(self._connection, given)


def _save(connection: Connection, schools: Sequence[SchoolTime]) -> None:
    """Each counts one version on. What was declared on the day stays."""
    closures = [
        {"school_id": school.school_id, **asdict(closure)}
        for school in schools
        for closure in school.closures
    ]
    connection.execute(_SAVE, {"rows": _dumps([_row(school) for school in schools])})
    connection.execute(_FORGET_PLANNED, {"ids": [school.school_id for school in schools]})
    connection.execute(_CLOSE, {"rows": _dumps(closures)})


def _save_timetables(
    connection: Connection, given: Mapping[tuple[UUID, UUID], Timetable]
) -> dict[tuple[UUID, UUID], int]:
    rows = [
        {
            "teacher_id": teacher_id,
            "school_id": school_id,
            "teaches": _written(timetable.teaches),
            "prepares": _written(timetable.prepares),
        }
        for (teacher_id, school_id), timetable in given.items()
    ]
    saved = connection.execute(_SAVE_TIMETABLES, {"rows": _dumps(rows)})
    return {(row.teacher_id, row.school_id): row.version for row in saved}


def _row(school: SchoolTime) -> dict[str, Any]:
    plain = ("school_id", "name", "first_day", "last_day", "labels", "weekdays", "shifts", "cover")
    return {
        **{name: getattr(school, name) for name in plain},
        "terms": [[term.name, term.first_day, term.last_day] for term in school.terms],
        "specials": school.specials,
        "latitude": school.spot.latitude if school.spot else None,
        "longitude": school.spot.longitude if school.spot else None,
        "bells": [
            {
                "labels": bell.labels,
                "weekdays": bell.weekdays,
                "special": bell.special,
                "periods": [[p.name, p.starts, p.ends] for p in bell.periods],
            }
            for bell in school.bells
        ],
    }


def _school_time(row: dict[str, Any]) -> SchoolTime:
    plain = ("school_id", "name", "version", "first_day", "last_day", "shifts", "cover")
    return SchoolTime(
        **{name: row[name] for name in plain},
        labels=tuple(row["labels"]),
        weekdays=tuple(row["weekdays"]),
        terms=tuple(
            Term(name=name, first_day=_day(first), last_day=_day(last))
            for name, first, last in row["terms"]
        ),
        bells=tuple(_bell(bell) for bell in row["bells"]),
        closures=tuple(
            Closure(day=_day(day), kind=ClosureKind(kind), shifts=shifts)
            for day, kind, shifts in row["closures"]
        ),
        specials=tuple((_day(day), name) for day, name in row["specials"]),
        spot=_spot(row["latitude"], row["longitude"]),
    )


def _spot(latitude: float | None, longitude: float | None) -> Spot | None:
    if latitude is None or longitude is None:
        return None
    return Spot(latitude=latitude, longitude=longitude)


def _bell(stored: dict[str, Any]) -> BellSchedule:
    return BellSchedule(
        labels=tuple(stored["labels"]),
        weekdays=tuple(stored["weekdays"]),
        special=stored["special"],
        periods=tuple(
            Period(name=name, starts=time.fromisoformat(starts), ends=time.fromisoformat(ends))
            for name, starts, ends in stored["periods"]
        ),
    )


def _pairs(stored: Sequence[str]) -> frozenset[tuple[str, str]]:
    return frozenset((label, period) for label, _, period in (one.partition("/") for one in stored))


def _written(pairs: frozenset[tuple[str, str]]) -> list[str]:
    return [f"{label}/{period}" for label, period in sorted(pairs)]


def _day(text_of_day: str) -> date:
    return date.fromisoformat(text_of_day)


def _dumps(rows: object) -> str:
    return orjson.dumps(rows).decode()
