"""Keep teachers' timetables, tell whether an ask may say “my prep”, and try again who waits for that."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from services.scheduler.domain.holding import Holding
from services.scheduler.domain.school_time import SchoolTime, Timetable
from services.scheduler.domain.timetabling import KnownTimetable, PairFault, faults
from services.scheduler.handlers.waitlist import offer_waiting_of
from services.scheduler.ports import Timetables, Work
from shared.events import TimetableKept
from shared.events.outcome import Outcome


@dataclass(frozen=True, kw_only=True)
class TimetableChanged:
    """Somebody changed it since it was seen; nothing was written. This is how it stands."""

    now: KnownTimetable


@dataclass(frozen=True, kw_only=True)
class TimetableRefused:
    """It names what there is not at her school; nothing was written."""

    faults: Sequence[PairFault]


def keep_timetables(
    work: Work, timetables: Timetables, given: Mapping[tuple[UUID, UUID], Timetable]
) -> None:
    """Write timetables, by teacher and school."""
    for (teacher_id, school_id), version in timetables.save(given).items():
        _tell(work, teacher_id, school_id, given[teacher_id, school_id], version)


def change_timetable(
    work: Work,
    timetables: Timetables,
    teacher_id: UUID,
    school: SchoolTime,
    wanted: Timetable,
    *,
    seen: int,
) -> KnownTimetable | TimetableChanged | TimetableRefused:
    """Let a teacher's timetable be exactly this, if it is still of the version that was `seen`."""
    if found := faults(wanted, school):
        return TimetableRefused(faults=found)
    now = timetables.one(teacher_id, school.school_id)
    if now.version == seen and seen and now.timetable == wanted:
        return now
    version = timetables.swap(teacher_id, school.school_id, wanted, seen)
    if version is None:
        return TimetableChanged(now=timetables.one(teacher_id, school.school_id))
    _tell(work, teacher_id, school.school_id, wanted, version)
    return KnownTimetable(timetable=wanted, version=version)


def try_again(
    work: Work, events: Sequence[TimetableKept], *, most: int, holding: Holding
) -> list[Outcome]:
    """Try once more what these teachers wait for."""
    teachers = {event.teacher_id for event in events}
    again = offer_waiting_of(work, teachers, most=most, holding=holding)
    return [Outcome.AGAIN if again else Outcome.DONE for _ in events]


def _tell(
    work: Work, teacher_id: UUID, school_id: UUID, timetable: Timetable, version: int
) -> None:
    work.announce(
        TimetableKept(
            version=version,
            teacher_id=teacher_id,
            school_id=school_id,
            prepares=bool(timetable.prepares),
        )
    )
