"""Plan a whole batch of requests from one picture of everybody's time, in the order of fairness."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID

from services.scheduler.domain.candidate import Match, NoMatch
from services.scheduler.domain.diary import Diary, TeacherTime
from services.scheduler.domain.matching import find_match
from services.scheduler.domain.model import ModelTerms
from services.scheduler.domain.request import Request
from services.scheduler.domain.rules import Rules


@dataclass(frozen=True, kw_only=True)
class Decision:
    """What was decided of one request."""

    request: Request
    found: Match | NoMatch


@dataclass(frozen=True, kw_only=True)
class Picture:
    """Everybody's time, read once. Planning writes its own bookings into it."""

    rules: Rules
    diaries: Mapping[UUID, Diary]
    teachers: Mapping[UUID, TeacherTime]

    def by_school(self) -> Mapping[UUID, list[Diary]]:
        """The diaries of those who serve each school."""
        found: dict[UUID, list[Diary]] = defaultdict(list)
        for diary in self.diaries.values():
            for school_id in diary.coach.school_ids:
                found[school_id].append(diary)
        return found


def plan(
    requests: Iterable[Request], terms: Mapping[int, ModelTerms], picture: Picture
) -> list[Decision]:
    """Place each request, who has waited longest first; each sees what those before it took."""
    by_school = picture.by_school()
    decisions = []
    for request in sorted(requests, key=lambda request: request.turn):
        teacher = picture.teachers[request.teacher.id]
        found = find_match(
            request,
            terms[request.model_version],
            by_school[request.school.id],
            teacher,
            picture.rules,
        )
        if isinstance(found, Match):
            write_in(found, request, picture)
        decisions.append(Decision(request=request, found=found))
    return decisions


def write_in(found: Match, request: Request, picture: Picture) -> None:
    """Take the time of both, also where one of them appears in the other part."""
    diary, slots = found.chosen.diary, 0
    for slot in found.chosen.slots:
        slots |= diary.horizon.mask(slot, slot + found.length)
        diary.book(slot, found.booked)
    diary.cycles_free -= request.is_new_cycle
    picture.teachers[request.teacher.id].busy |= slots
    if (as_coach := picture.diaries.get(request.teacher.id)) is not None:
        as_coach.take(slots)
    if (as_teacher := picture.teachers.get(diary.coach.person.id)) is not None:
        as_teacher.busy |= slots
