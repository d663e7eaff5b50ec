"""Invent last school year: completed sessions in remit, within hours and caps, never overlapping."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from uuid import UUID

from deploy.demo.division import Coach, PastSession, Person, School
from deploy.demo.draw import Draw, shares
from services.request_intake.domain.coaching_model import CoachingModel, SupportMode

_FIRST_DAY, _LAST_DAY = date(2025, 9, 8), date(2026, 6, 19)
_BREAKS = (
    (date(2025, 10, 13), date(2025, 10, 13)),
    (date(2025, 11, 10), date(2025, 11, 14)),
    (date(2025, 12, 22), date(2026, 1, 2)),
    (date(2026, 2, 12), date(2026, 2, 16)),
    (date(2026, 4, 3), date(2026, 4, 10)),
    (date(2026, 5, 18), date(2026, 5, 18)),
)
_FRIDAY = 4
_STEP = timedelta(minutes=60)
_ONLINE_SHARE = 0.3
_TEACHERS_TRIED = 8


@dataclass
class _Books:
    """What is already taken, so that nothing overlaps and no cap is passed."""

    taught: dict[UUID, list[tuple[datetime, datetime]]] = field(
        default_factory=lambda: defaultdict(list)
    )
    sessions: Counter[tuple[UUID, date]] = field(default_factory=Counter)
    minutes: Counter[tuple[UUID, date]] = field(default_factory=Counter)

    def full(self, coach: Coach, day: date, minutes: int) -> bool:
        return (
            self.sessions[coach.person.id, day] >= coach.sessions_per_day
            or self.minutes[coach.person.id, _week(day)] + minutes > coach.weekly_minutes
        )

    def teacher_is_free(self, teacher: Person, starts: datetime, ends: datetime) -> bool:
        return all(ends <= begun or starts >= ended for begun, ended in self.taught[teacher.id])

    def write(self, session: PastSession, day: date) -> None:
        coach = session.coach.person.id
        self.taught[session.teacher.id].append((session.starts_at, session.ends_at))
        self.sessions[coach, day] += 1
        self.minutes[coach, _week(day)] += session.mode.minutes


class History:
    """Writes the past of a division, coach by coach."""

    def __init__(
        self, model: CoachingModel, schools: Sequence[School], teachers: Sequence[Person], seed: int
    ) -> None:
        self._draw = Draw(seed, "history")
        self._zone = model.zone
        self._days = tuple(_school_days())
        self._modes = model.mode_of
        self._combinations = tuple(model.combinations())
        self._schools = {school.id: school for school in schools}
        self._teachers: dict[UUID, list[Person]] = defaultdict(list)
        for teacher in teachers:
            self._teachers[teacher.school_ids[0]].append(teacher)
        self._books = _Books()

    def invent(self, coaches: Sequence[Coach], count: int) -> tuple[PastSession, ...]:
        """Exactly `count` sessions, shared among the coaches by the hours they work."""
        worked = [float(len(coach.hours)) for coach in coaches]
        past = [
            session
            for coach, share in zip(coaches, shares(count, worked), strict=True)
            for session in self._of(coach, share)
        ]
        return tuple(sorted(past, key=lambda session: (session.starts_at, session.id)))

    def _of(self, coach: Coach, count: int) -> Iterator[PastSession]:
        """`count` sessions of one coach. Her year has several times as many openings as she needs."""
        pairs = [
            (c.topic, self._modes[c.support_mode])
            for c in self._combinations
            if c.coach_type == coach.coach_type and c.support_mode in coach.modes
        ]
        openings = iter(self._draw.shuffled(tuple(self._openings(coach))))
        for _ in range(count):
            session = None
            while session is None:
                session = self._session(coach, next(openings), pairs)
            yield session

    def _session(
        self, coach: Coach, opening: datetime, pairs: Sequence[tuple[str, SupportMode]]
    ) -> PastSession | None:
        topic, mode = self._draw.one_of(pairs)
        day = opening.date()
        if self._books.full(coach, day, mode.minutes):
            return None
        starts = opening.replace(tzinfo=self._zone)
        ends = starts + timedelta(minutes=mode.minutes)
        school = self._schools[self._draw.one_of(coach.school_ids)]
        teacher = self._free_teacher(school, starts, ends)
        if teacher is None:
            return None
        session = PastSession(
            id=self._draw.id(),
            request_id=self._draw.id(),
            coach=coach,
            teacher=teacher,
            school=school,
            topic=topic,
            mode=mode,
            starts_at=starts,
            ends_at=ends,
            online=mode.online_ok and self._draw.happens(_ONLINE_SHARE),
        )
        self._books.write(session, day)
        return session

    def _free_teacher(self, school: School, starts: datetime, ends: datetime) -> Person | None:
        for _ in range(_TEACHERS_TRIED):
            teacher = self._draw.one_of(self._teachers[school.id])
            if self._books.teacher_is_free(teacher, starts, ends):
                return teacher
        return None

    def _openings(self, coach: Coach) -> Iterator[datetime]:
        """Every hour of her year at which a session could begin and end before her hours do."""
        for day in self._days:
            for hours in coach.hours:
                if hours.weekday != day.weekday():
                    continue
                start = datetime.combine(day, hours.starts)
                while start + _STEP <= datetime.combine(day, hours.ends):
                    yield start
                    start += _STEP


def _week(day: date) -> date:
    return day - timedelta(days=day.weekday())


def _school_days() -> Iterator[date]:
    day = _FIRST_DAY
    while day <= _LAST_DAY:
        if day.weekday() <= _FRIDAY and not any(a <= day <= b for a, b in _BREAKS):
            yield day
        day += timedelta(days=1)
