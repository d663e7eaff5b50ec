"""Keep teachers' timetables, and tell whether an ask may say “my prep”."""

from collections.abc import Mapping
from uuid import UUID

from services.scheduler.domain.school_time import Timetable
from services.scheduler.ports import Timetables, Work
from shared.events import TimetableKept


def keep_timetables(
    work: Work, timetables: Timetables, given: Mapping[tuple[UUID, UUID], Timetable]
) -> None:
    """Write timetables, by teacher and school."""
    for (teacher_id, school_id), version in timetables.save(given).items():
        prepares = bool(given[teacher_id, school_id].prepares)
        work.announce(
            TimetableKept(
                version=version, teacher_id=teacher_id, school_id=school_id, prepares=prepares
            )
        )
