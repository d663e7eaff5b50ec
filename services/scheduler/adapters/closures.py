"""Schools' days as they changed, and the live sessions that this touches, as rows."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, text

from services.scheduler.adapters import school_time_store
from services.scheduler.adapters.held_store import SqlTakingOff, live_session, query_of
from services.scheduler.domain.release import LiveSession, Moved
from services.scheduler.domain.school_time import Closure, ClosureKind, SchoolTime
from shared.events import SchoolDaysChanged

_AT_SCHOOLS = query_of("""
WHERE s.school_id = ANY (CAST(:schools AS uuid[])) AND s.live_coach_type IS NOT NULL
    AND s.starts_at > :now
ORDER BY r.id FOR UPDATE OF r
""")
_DECLARED = text("""
SELECT school_id, day, kind, shifts, withdrawn_at IS NOT NULL AS withdrawn
FROM scheduler.closure WHERE declaration_id = ANY (CAST(:ids AS uuid[]))
""")
_COUNT = text("""
UPDATE scheduler.declaration SET schools_done = least(schools, schools_done + :schools),
    released = released + :released, held = held + :held
WHERE id = :id
""")


class SqlClosures(SqlTakingOff):
    """Implements ports.Closures on one open transaction."""

    def __init__(self, connection: Connection, now: datetime) -> None:
        super().__init__(connection)
        self._now = now

    def moved(self, changes: Sequence[SchoolDaysChanged]) -> Mapping[UUID, Moved]:
        now = school_time_store.read(self._connection, {change.school_id for change in changes})
        before: dict[UUID, SchoolTime | None] = {**now, **self._replaced(changes)}
        declared = self._declared(changes)
        return {
            school_id: Moved(before=_without(before[school_id], declared[school_id]), now=year)
            for school_id, year in now.items()
        }

    def live(self, school_ids: Collection[UUID]) -> Sequence[LiveSession]:
        given = {"schools": list(school_ids), "now": self._now}
        return [
            live_session(dict(row))
            for row in self._connection.execute(_AT_SCHOOLS, given).mappings()
        ]

    def count(self, declaration_id: UUID, *, schools: int, released: int, held: int) -> None:
        given = {"id": declaration_id, "schools": schools, "released": released, "held": held}
        self._connection.execute(_COUNT, given)

    def forget_replaced(self, changes: Sequence[SchoolDaysChanged]) -> None:
        school_time_store.forget_replaced(
            self._connection, [(change.school_id, change.version) for change in changes]
        )

    def _replaced(self, changes: Sequence[SchoolDaysChanged]) -> dict[UUID, SchoolTime | None]:
        """Of schools whose year was changed, the year before the first of these changes."""
        first: dict[UUID, int] = {}
        for change in changes:
            if change.declaration_id is None:
                known = first.get(change.school_id, change.version)
                first[change.school_id] = min(known, change.version)
        years = school_time_store.replaced(self._connection, list(first.items()))
        return {school_id: years.get(school_id) for school_id in first}

    def _declared(self, changes: Sequence[SchoolDaysChanged]) -> defaultdict[UUID, list[Any]]:
        ids = [change.declaration_id for change in changes if change.declaration_id is not None]
        found: defaultdict[UUID, list[Any]] = defaultdict(list)
        for row in self._connection.execute(_DECLARED, {"ids": ids}) if ids else ():
            found[row.school_id].append(row)
        return found


def _without(year: SchoolTime | None, declared: Sequence[Any]) -> SchoolTime | None:
    """The year as if these had not been declared, or not been withdrawn."""
    if year is None:
        return None
    days = {row.day for row in declared}
    others = (closure for closure in year.closures if closure.day not in days)
    withdrawn = (
        Closure(day=row.day, kind=ClosureKind(row.kind), shifts=row.shifts, declared=True)
        for row in declared
        if row.withdrawn
    )
    return replace(year, closures=(*others, *withdrawn))
