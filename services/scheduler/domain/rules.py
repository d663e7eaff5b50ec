"""What holds for a whole plan, whoever asks."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from uuid import UUID

from services.scheduler.domain.asked import NOTHING_KNOWN, HerTime
from services.scheduler.domain.local_week import Horizon
from services.scheduler.domain.request import Request
from services.scheduler.domain.school_time import SchoolSlots, Timetable
from services.scheduler.domain.travel import NO_TRAVEL, Travel
from services.scheduler.domain.weights import Weights


@dataclass(frozen=True, kw_only=True)
class Rules:
    """What holds for a whole plan: how far and from when times are offered, and the weights.

    `school_time` says by school and `timetables` by teacher what is known of their days; `ruled_out` by
    request what is not for it: what was held for her and not taken. A meeting begins, or the first of a
    cycle, within `near`; the others of a cycle may lie farther ahead. `coaches` says how many coaches of
    a type serve a school. Between equals is drawn by `seed`.
    """

    horizon: Horizon
    not_before: int
    weights: Weights
    school_time: Mapping[UUID, SchoolSlots] = field(default_factory=dict)
    timetables: Mapping[tuple[UUID, UUID], Timetable] = field(default_factory=dict)
    ruled_out: Mapping[UUID, int] = field(default_factory=dict)
    near: int = -1
    travel: Travel = NO_TRAVEL
    coaches: Mapping[tuple[UUID, str], int] = field(default_factory=dict)
    seed: int = 0

    @property
    def first_slot(self) -> int:
        """The first slot that the minimum notice leaves."""
        return self.horizon.slots - self.not_before.bit_length()

    def without(self, request_id: UUID, slots: int) -> "Rules":
        """The same, with these slots ruled out for a request too."""
        out = self.ruled_out.get(request_id, 0) | slots
        return replace(self, ruled_out={**self.ruled_out, request_id: out})

    def time_of(self, request: Request) -> HerTime:
        """What is known of the time that the one who asks lives by."""
        school = self.school_time.get(request.school.id)
        if school is None:
            return NOTHING_KNOWN
        return HerTime(
            school=school,
            timetable=self.timetables.get((request.teacher.id, request.school.id)),
        )
