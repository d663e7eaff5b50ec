"""A coach's weeks as she sees them: from when until when she can be booked on each day, and where. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from uuid import UUID

from services.scheduler.domain.availability import WorkedWeek
from services.scheduler.domain.local_week import SLOT, LocalWeek


@dataclass(frozen=True, kw_only=True)
class WorkedStretch:
    """Neighbouring slots of one kind: all protected or none, all at one school or at any."""

    starts_at: datetime
    ends_at: datetime
    protected: bool
    at_school: UUID | None


def stretches(week: LocalWeek, worked: WorkedWeek) -> Iterator[WorkedStretch]:
    """What a week's slots say, the earliest first."""

    def kind(slot: int) -> tuple[bool, bool, UUID | None]:
        bit = 1 << (week.slots - 1 - slot)
        at = next((school for school, slots in worked.at.items() if slots & bit), None)
        return bool(worked.open & bit), bool(worked.protected & bit), at

    for (is_open, protected, at), run in groupby(range(week.slots), kind):
        slots = list(run)
        if is_open:
            yield WorkedStretch(
                starts_at=week.starts_at + slots[0] * SLOT,
                ends_at=week.starts_at + (slots[-1] + 1) * SLOT,
                protected=protected,
                at_school=at,
            )
