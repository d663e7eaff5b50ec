"""What a coach at a time is worth for one request: points by named reasons, each from 0 to its weight."""

import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from services.scheduler.domain.candidate import Candidate
from services.scheduler.domain.diary import TeacherTime
from services.scheduler.domain.local_week import SLOT
from services.scheduler.domain.request import Request
from services.scheduler.domain.rules import Rules
from services.scheduler.domain.weights import Points

_SOON = timedelta(days=14) // SLOT  # behind a fortnight, sooner is no longer worth points
# Nearer than that, a rare coach's time is kept the less, the nearer it is.
_KEPT = timedelta(days=5) // SLOT


@dataclass(frozen=True)
class Weighing:
    """One request's weighing of its candidates. `named` are its windows, as they were named."""

    request: Request
    rules: Rules
    teacher: TeacherTime
    named: Sequence[int]

    def points(
        self, candidate: Candidate, slot: int, school_id: UUID | None, busiest: int
    ) -> Points:
        """What she earns at this start, where they meet at this school or online.

        `busiest` is the load of the one who has most to do among those who could come.
        """
        diary, weights = candidate.diary, self.rules.weights
        types = self.request.coach_types
        day = diary.horizon.day_of_slot[slot]
        there = school_id is not None and diary.is_at(school_id, day)
        soon = max(1 - (slot - self.rules.first_slot) / _SOON, 0.0)
        return Points(
            coach_type=weights.coach_type * (1 - types.index(candidate.coach_type) / len(types)),
            soon=weights.soon * soon,
            load=weights.load * (1 - diary.load / busiest if busiest else 1.0),
            continuity=weights.continuity * (candidate.coach_id in self.teacher.met),
            spread=weights.spread * diary.room_on(day),
            travel=weights.travel * there,
            rarity=weights.rarity * self._spared(candidate, slot),
            preference=weights.preference * self._preferred(slot),
        )

    def drawn(self, candidate: Candidate) -> int:
        """What is between her and her equals."""
        pair = self.request.id.bytes + candidate.coach_id.bytes
        return zlib.crc32(pair, self.rules.seed)

    def _spared(self, candidate: Candidate, slot: int) -> float:
        """1 for a coach who is no rarer at another school than at this one, towards 0 for who is.

        A time that is near is hardly asked for elsewhere any more: it is not kept, and not lost.
        """
        here = self.rules.coaches.get((self.request.school.id, candidate.coach_type))
        fewest = candidate.diary.fewest.get(candidate.coach_type)
        if not here or not fewest:
            return 1.0
        kept = min((slot - self.rules.first_slot) / _KEPT, 1.0)
        return 1 - max(1 / fewest - 1 / here, 0.0) * kept

    def _preferred(self, slot: int) -> float:
        """1 in the window that she named first, less in each after it."""
        bit = 1 << (self.rules.horizon.slots - 1 - slot)
        place = next((place for place, window in enumerate(self.named) if window & bit), 0)
        return 1 - place / len(self.named) if self.named else 1.0
