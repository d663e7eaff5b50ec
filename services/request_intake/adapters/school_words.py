"""What schools call their days and periods, as the scheduler tells it."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, text

from services.request_intake.domain.school_words import SchoolWords
from shared.events import SchoolTimeKept, TimetableKept

_KEEP = text("""
INSERT INTO request_intake.school_time AS kept (school_id, version, labels, by_weekday, periods)
SELECT s.id, :version, :labels, :by_weekday, :periods
FROM request_intake.school s WHERE s.id = :school_id
ON CONFLICT (school_id) DO UPDATE SET version = excluded.version, labels = excluded.labels,
    by_weekday = excluded.by_weekday, periods = excluded.periods
WHERE kept.version < excluded.version
""")
_KEEP_TIMETABLE = text("""
INSERT INTO request_intake.known_timetable AS kept (teacher_id, school_id, version, prepares)
VALUES (:teacher_id, :school_id, :version, :prepares)
ON CONFLICT (teacher_id, school_id) DO UPDATE
SET version = excluded.version, prepares = excluded.prepares
WHERE kept.version < excluded.version
""")
_OF = text("""
SELECT t.labels, t.by_weekday, t.periods, coalesce(k.prepares, false) AS prepares
FROM request_intake.school_time t
LEFT JOIN request_intake.known_timetable k
    ON k.school_id = t.school_id AND k.teacher_id = :person_id
WHERE t.school_id = :school_id
""")


def keep(connection: Connection, events: Sequence[Any]) -> None:
    """Remember the newest of each school."""
    told: Sequence[SchoolTimeKept] = events
    rows = [
        {
            "school_id": event.school_id,
            "version": event.version,
            "labels": list(event.labels),
            "by_weekday": event.by_weekday,
            "periods": list(event.periods),
        }
        for event in sorted(told, key=lambda event: (event.school_id, event.version))
    ]
    connection.execute(_KEEP, rows)


def keep_timetables(connection: Connection, events: Sequence[Any]) -> None:
    """Remember of each teacher whether her prep periods are known."""
    told: Sequence[TimetableKept] = events
    rows = [
        {
            "teacher_id": event.teacher_id,
            "school_id": event.school_id,
            "version": event.version,
            "prepares": event.prepares,
        }
        for event in sorted(told, key=lambda event: (event.teacher_id, event.version))
    ]
    connection.execute(_KEEP_TIMETABLE, rows)


def of(connection: Connection, school_id: UUID, person_id: UUID) -> SchoolWords:
    """The words that this person may use for times at this school; none when nothing is known."""
    given = {"school_id": school_id, "person_id": person_id}
    row = connection.execute(_OF, given).one_or_none()
    if row is None:
        return SchoolWords()
    return SchoolWords(
        labels=tuple(row.labels),
        by_weekday=row.by_weekday,
        periods=tuple(row.periods),
        prepares=row.prepares,
    )
