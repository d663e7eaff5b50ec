"""A coach's own time as rows: what she keeps, the days that differ, and when that lets her be booked."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import astuple
from datetime import date
from typing import Any
from uuid import UUID

import orjson
from sqlalchemy import text

from services.scheduler.adapters import hours_store, school_time_store, schools
from services.scheduler.adapters.coach_time import SqlCoachTime
from services.scheduler.adapters.picture import zone_of
from services.scheduler.domain.availability import (
    DaysOfLabel,
    ExceptionKind,
    WeeklyHours,
    from_stored,
)
from services.scheduler.domain.away import Away
from services.scheduler.domain.kept_time import KeptTime
from services.scheduler.domain.local_week import Horizon, local_week
from services.scheduler.domain.own_time import WIDEST, Caps, KnownOfSchools, OwnTime
from services.scheduler.domain.release import LiveSession
from services.scheduler.domain.schools import KnownSchool
from services.scheduler.domain.standing import Plan
from services.scheduler.domain.worked_days import WorkedStretch, stretches
from shared.access import audit
from shared.identity import new_id

_LOCK = text("SELECT FROM scheduler.coach WHERE id = :coach FOR NO KEY UPDATE")
_COACH = text("""
SELECT c.id, c.name, c.revision, c.sessions_per_day, c.weekly_minutes, c.cycles_at_once,
    c.buffer_minutes, c.notice_minutes, c.home_base, c.protected_percent,
    ARRAY(SELECT school_id FROM scheduler.coach_school s WHERE s.coach_id = c.id) AS schools
FROM scheduler.coach c WHERE c.id = :coach
""")
_HOURS = text("""
SELECT iso_weekday, label_school, label, starts, ends, protected, at_school
FROM scheduler.weekly_hours WHERE coach_id = :coach ORDER BY id
""")
# A class that she covers is taken back where it was noted.
_AWAY = text("""
SELECT e.span_id AS id, e.kind, min(e.day) AS first_day, max(e.day) AS last_day, e.starts, e.ends
FROM scheduler.hours_exception e
WHERE e.coach_id = :coach AND NOT EXISTS (
    SELECT FROM scheduler.log_entry l WHERE l.coach_id = e.coach_id AND l.exception_id = e.id)
GROUP BY e.span_id, e.kind, e.starts, e.ends HAVING max(e.day) >= :today
ORDER BY 3, e.starts, e.span_id
""")
_NEWEST = "(SELECT max(version) FROM scheduler.model_version WHERE sealed_at IS NOT NULL)"
_ALLOWED = text(f"""
SELECT max(t.sessions_per_day) AS sessions_per_day, max(t.weekly_minutes) AS weekly_minutes,
    max(t.cycles_at_once) AS cycles_at_once
FROM scheduler.coach_offer o JOIN scheduler.coach_type_terms t
    ON t.version = {_NEWEST} AND t.key = o.coach_type
WHERE o.coach_id = :coach
""")
_WEEKS = text("""
SELECT week, CAST(open AS text) AS slots FROM scheduler.coach_week
WHERE coach_id = :coach AND open IS NOT NULL AND week BETWEEN :first AND :last
""")
_PLACES = text("""
SELECT week, school_id, CAST(slots AS text) AS slots FROM scheduler.coach_week_at
WHERE coach_id = :coach AND week BETWEEN :first AND :last
""")
_WRITE = text("""
UPDATE scheduler.coach SET revision = revision + 1, sessions_per_day = :sessions_per_day,
    weekly_minutes = :weekly_minutes, cycles_at_once = :cycles_at_once,
    buffer_minutes = :buffer_minutes, notice_minutes = :notice_minutes, home_base = :home_base
WHERE id = :coach
""")
_FORGET_HOURS = text("DELETE FROM scheduler.weekly_hours WHERE coach_id = :coach")
_WRITE_HOURS = text("""
INSERT INTO scheduler.weekly_hours
    (coach_id, iso_weekday, label_school, label, starts, ends, protected, at_school)
SELECT :coach, iso_weekday, label_school, label, starts, ends, protected, at_school
FROM jsonb_to_recordset(CAST(:rows AS jsonb)) AS t (iso_weekday smallint, label_school uuid,
    label text, starts time, ends time, protected boolean, at_school uuid)
""")
_SERVE_NO_MORE = text("""
DELETE FROM scheduler.coach_school
WHERE coach_id = :coach AND school_id <> ALL (CAST(:schools AS uuid[]))
""")
_SERVE = text("""
INSERT INTO scheduler.coach_school (coach_id, school_id)
SELECT :coach, s FROM unnest(CAST(:schools AS uuid[])) AS s ORDER BY s ON CONFLICT DO NOTHING
""")
_EXCEPT = text("""
INSERT INTO scheduler.hours_exception (id, span_id, coach_id, day, kind, starts, ends)
SELECT i.id, :span, :coach, i.day, :kind, :starts, :ends
FROM unnest(CAST(:ids AS uuid[]), CAST(:days AS date[])) AS i (id, day)
""")
_TAKE_BACK = text("""
DELETE FROM scheduler.hours_exception e WHERE e.coach_id = :coach AND e.span_id = :span
    AND NOT EXISTS (SELECT FROM scheduler.log_entry l
        WHERE l.coach_id = e.coach_id AND l.exception_id = e.id)
RETURNING e.day
""")
_NEXT_REVISION = text("UPDATE scheduler.coach SET revision = revision + 1 WHERE id = :coach")


class SqlOwnTimes(SqlCoachTime):
    """Implements ports.OwnTimes on one open transaction."""

    @property
    def horizon(self) -> Horizon:
        return Horizon.of(self._now, self._weeks, zone_of(self._connection))

    def locked(self, coach_id: UUID) -> KeptTime | None:
        self._connection.execute(_LOCK, {"coach": coach_id})
        return self.one(coach_id)

    def one(self, coach_id: UUID) -> KeptTime | None:
        """Her time as it stands."""
        row = self._connection.execute(_COACH, {"coach": coach_id}).one_or_none()
        if row is None:
            return None
        today = self._now.astimezone(zone_of(self._connection)).date()
        return KeptTime(
            coach_id=row.id,
            name=row.name,
            revision=row.revision,
            own=OwnTime(
                hours=tuple(self._hours(coach_id)),
                school_ids=frozenset(row.schools),
                caps=_caps(row),
                buffer_minutes=row.buffer_minutes,
                notice_minutes=row.notice_minutes,
                home_base=row.home_base,
            ),
            away=tuple(self._away(coach_id, today)),
            protected_percent=row.protected_percent,
        )

    def known(self) -> KnownOfSchools:
        """Every school; one that nobody told of goes by its id, so that it is not lost."""
        known = schools.every(self._connection)
        years = school_time_store.every(self._connection)
        told = {school.id for school in known}
        untold = [
            KnownSchool(id=year.school_id, key=str(year.school_id), name=year.name)
            for year in years
            if year.school_id not in told
        ]
        return KnownOfSchools(
            schools=(*known, *untold), labels={year.school_id: year.day_labels for year in years}
        )

    def allowed(self, coach_id: UUID) -> Caps:
        row = self._connection.execute(_ALLOWED, {"coach": coach_id}).one()
        return WIDEST if row.weekly_minutes is None else _caps(row)

    def plan(self, coach_id: UUID) -> Plan:
        horizon = self.horizon
        given = {
            "coach": coach_id,
            "first": horizon.weeks[0].monday,
            "last": horizon.weeks[-1].monday,
        }
        opened = self._connection.execute(_WEEKS, given)
        at: dict[UUID, int] = defaultdict(int)
        for row in self._connection.execute(_PLACES, given):
            at[row.school_id] |= horizon.joined([_week(row, horizon)])
        schools_now = self._connection.execute(_COACH, given).one().schools
        return Plan(
            open=horizon.joined(_week(row, horizon) for row in opened),
            at=dict(at),
            school_ids=frozenset(schools_now),
        )

    def worked(self, coach_id: UUID, weeks: int) -> Sequence[WorkedStretch]:
        """When she works from now on, over so many weeks."""
        zone = zone_of(self._connection)
        near = Horizon.of(self._now, weeks, zone).weeks
        opened = hours_store.open_weeks(self._connection, [coach_id], near, zone)
        found = (one for entry in opened for one in stretches(entry.week, entry.worked))
        return [one for one in found if one.ends_at > self._now]

    def sessions(self, coach_id: UUID) -> Sequence[LiveSession]:
        live = self.live(coach_id, self._now, None)
        to_come = [session for session in live if session.starts_at > self._now]
        return sorted(to_come, key=lambda session: session.starts_at)

    def write(self, coach_id: UUID, own: OwnTime) -> None:
        given = {
            "coach": coach_id,
            "schools": sorted(own.school_ids),
            "buffer_minutes": own.buffer_minutes,
            "notice_minutes": own.notice_minutes,
            "home_base": own.home_base,
            "sessions_per_day": own.caps.sessions_per_day,
            "weekly_minutes": own.caps.weekly_minutes,
            "cycles_at_once": own.caps.cycles_at_once,
        }
        rows = orjson.dumps([_row(one) for one in own.hours]).decode()
        self._connection.execute(_WRITE, given)
        self._connection.execute(_FORGET_HOURS, given)
        self._connection.execute(_WRITE_HOURS, {"coach": coach_id, "rows": rows})
        self._connection.execute(_SERVE_NO_MORE, given)
        self._connection.execute(_SERVE, given)
        audit.record(
            self._connection,
            "coach.own_time_kept",
            coach_id,
            hours=len(own.hours),
            schools=len(own.school_ids),
            sessions_per_day=own.caps.sessions_per_day,
            weekly_minutes=own.caps.weekly_minutes,
        )
        self._open_anew(coach_id)

    def add(self, coach_id: UUID, away: Away) -> None:
        days = list(away.days)
        given = {
            "coach": coach_id,
            "span": away.id,
            "ids": [new_id() for _ in days],
            "days": days,
            "kind": away.kind.value,
            "starts": away.starts,
            "ends": away.ends,
        }
        self._connection.execute(_EXCEPT, given)
        self._connection.execute(_NEXT_REVISION, given)
        facts = {"kind": away.kind.value, "days": len(days)}
        audit.record(self._connection, "coach.away_noted", coach_id, **facts)
        self._open_anew(coach_id)

    def remove(self, coach_id: UUID, away_id: UUID) -> None:
        given = {"coach": coach_id, "span": away_id}
        days = len(list(self._connection.scalars(_TAKE_BACK, given)))
        self._connection.execute(_NEXT_REVISION, given)
        audit.record(self._connection, "coach.away_taken_back", coach_id, days=days)
        self._open_anew(coach_id)

    def _hours(self, coach_id: UUID) -> Iterator[WeeklyHours]:
        for row in self._connection.execute(_HOURS, {"coach": coach_id}):
            labelled = row.label is not None
            yield WeeklyHours(
                on=DaysOfLabel(school_id=row.label_school, label=row.label)
                if labelled
                else row.iso_weekday,
                starts=row.starts,
                ends=row.ends,
                protected=row.protected,
                at_school=row.at_school,
            )

    def _away(self, coach_id: UUID, today: date) -> Iterator[Away]:
        given = {"coach": coach_id, "today": today}
        for row in self._connection.execute(_AWAY, given).mappings():
            yield Away(**{**row, "kind": ExceptionKind(row["kind"])})


def _caps(row: Any) -> Caps:
    return Caps(
        sessions_per_day=row.sessions_per_day,
        weekly_minutes=row.weekly_minutes,
        cycles_at_once=row.cycles_at_once,
    )


def _week(row: Any, horizon: Horizon) -> tuple[date, int]:
    return row.week, from_stored(int(row.slots, 2), local_week(row.week, horizon.zone))


def _row(one: WeeklyHours) -> dict[str, object]:
    by_label = isinstance(one.on, DaysOfLabel)
    school_id, label = astuple(one.on) if isinstance(one.on, DaysOfLabel) else (None, None)
    return {
        "iso_weekday": None if by_label else one.on,
        "label_school": school_id,
        "label": label,
        "starts": one.starts,
        "ends": one.ends,
        "protected": one.protected,
        "at_school": one.at_school,
    }
