"""School years and closures as rows."""

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
)
from services.scheduler.domain.schools import KnownSchool
from services.scheduler.domain.travel import Spot
from shared.access import audit

_COLUMNS = """t.school_id, t.version, coalesce(
        (SELECT s.name FROM scheduler.school s WHERE s.id = t.school_id), t.name) AS name,
    t.first_day, t.last_day, t.labels, t.weekdays,
    t.shifts, t.cover, t.terms, t.bells, t.specials, t.latitude, t.longitude,
    ARRAY(SELECT jsonb_build_array(c.day, c.kind, c.shifts, c.declaration_id IS NOT NULL)
        FROM scheduler.closure c
        WHERE c.school_id = t.school_id AND c.withdrawn_at IS NULL ORDER BY c.day) AS closures"""
_READ = text(f"""
SELECT {_COLUMNS} FROM scheduler.school_time t WHERE t.school_id = ANY (CAST(:ids AS uuid[]))
""")
_EVERY = text(f"SELECT {_COLUMNS} FROM scheduler.school_time t ORDER BY name, t.school_id")
_SCHOOL = text("SELECT id, key, name FROM scheduler.school WHERE id = :id FOR NO KEY UPDATE")
_KEEP_STILL = text("""
SELECT FROM scheduler.school_time WHERE school_id = ANY (CAST(:ids AS uuid[]))
ORDER BY school_id FOR NO KEY UPDATE
""")
_REMEMBER = text("""
INSERT INTO scheduler.replaced_year (school_id, version, year)
VALUES (:school_id, :version, CAST(:year AS jsonb))
""")
_REPLACED = text("""
SELECT r.school_id, r.year FROM scheduler.replaced_year r
JOIN unnest(CAST(:ids AS uuid[]), CAST(:versions AS int[])) AS w (school_id, version)
    ON (w.school_id, w.version) = (r.school_id, r.version)
""")
_FORGET_REPLACED = text("""
DELETE FROM scheduler.replaced_year r
USING unnest(CAST(:ids AS uuid[]), CAST(:versions AS int[])) AS w (school_id, version)
WHERE (w.school_id, w.version) = (r.school_id, r.version)
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
INSERT INTO scheduler.closure AS kept (school_id, day, kind, shifts)
SELECT school_id, day, kind, shifts FROM jsonb_to_recordset(CAST(:rows AS jsonb))
    AS t (school_id uuid, day date, kind text, shifts boolean)
ORDER BY 1, 2
ON CONFLICT (school_id, day) DO UPDATE SET kind = excluded.kind, shifts = excluded.shifts,
    declaration_id = NULL, withdrawn_at = NULL
WHERE kept.withdrawn_at IS NOT NULL
""")


def read(connection: Connection, school_ids: Collection[UUID]) -> dict[UUID, SchoolTime]:
    """The time of these schools, as far as it is known."""
    rows = connection.execute(_READ, {"ids": list(school_ids)}).mappings()
    return {row["school_id"]: _school_time(dict(row)) for row in rows}


def every(connection: Connection) -> list[SchoolTime]:
    """The time of every school, by name."""
    return [_school_time(dict(row)) for row in connection.execute(_EVERY).mappings()]


def replaced(
    connection: Connection, versions: Sequence[tuple[UUID, int]]
) -> dict[UUID, SchoolTime]:
    """The years that these versions replaced, by school."""
    rows = connection.execute(_REPLACED, _by_version(versions)) if versions else ()
    return {row.school_id: _school_time(_with_days(row.year)) for row in rows}


def forget_replaced(connection: Connection, versions: Sequence[tuple[UUID, int]]) -> None:
    """Delete the years that these versions replaced."""
    if versions:
        connection.execute(_FORGET_REPLACED, _by_version(versions))


class SqlSchoolYears:
    """Implements ports.SchoolYears on one open transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def school(self, school_id: UUID) -> KnownSchool | None:
        row = self._connection.execute(_SCHOOL, {"id": school_id}).mappings().one_or_none()
        return None if row is None else KnownSchool(**row)

    def standing(self, school_ids: Collection[UUID]) -> Mapping[UUID, SchoolTime]:
        self._connection.execute(_KEEP_STILL, {"ids": list(school_ids)})
        return read(self._connection, school_ids)

    def remember(self, before: SchoolTime, version: int) -> None:
        closures = [[c.day, c.kind, c.shifts, c.declared] for c in before.closures]
        year = {**_row(before), "version": before.version, "closures": closures}
        given = {"school_id": before.school_id, "version": version, "year": _dumps(year)}
        self._connection.execute(_REMEMBER, given)

    def save(self, schools: Sequence[SchoolTime]) -> Sequence[SchoolTime]:
        _save(self._connection, schools)
        kept = read(self._connection, [school.school_id for school in schools])
        for school in kept.values():
            audit.record(
                self._connection, "school.year_kept", school.school_id, version=school.version
            )
        return [kept[school.school_id] for school in schools]


def _save(connection: Connection, schools: Sequence[SchoolTime]) -> None:
    """Each counts one version on. What was declared on the day stays."""
    closures = [
        {"school_id": school.school_id, **asdict(closure)}
        for school in schools
        for closure in school.planned
    ]
    connection.execute(_SAVE, {"rows": _dumps([_row(school) for school in schools])})
    connection.execute(_FORGET_PLANNED, {"ids": [school.school_id for school in schools]})
    connection.execute(_CLOSE, {"rows": _dumps(closures)})


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
            Closure(day=_day(day), kind=ClosureKind(kind), shifts=shifts, declared=declared)
            for day, kind, shifts, declared in row["closures"]
        ),
        specials=tuple((_day(day), name) for day, name in row["specials"]),
        spot=_spot(row["latitude"], row["longitude"]),
    )


def _with_days(stored: dict[str, Any]) -> dict[str, Any]:
    """A row that was kept as JSON, with its identifiers and dates as they were."""
    days = {name: _day(stored[name]) for name in ("first_day", "last_day")}
    return {**stored, **days, "school_id": UUID(stored["school_id"])}


def _by_version(versions: Sequence[tuple[UUID, int]]) -> dict[str, Any]:
    return {"ids": [id_ for id_, _ in versions], "versions": [number for _, number in versions]}


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


def _day(text_of_day: str) -> date:
    return date.fromisoformat(text_of_day)


def _dumps(rows: object) -> str:
    return orjson.dumps(rows).decode()
