"""A coach is called to cover a class: which stretch of her day that takes. Pure."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

LONGEST = timedelta(hours=12)
FARTHEST = timedelta(days=60)


@dataclass(frozen=True, kw_only=True)
class ClassCovered:
    """A stretch of one local day in which a coach covers a class."""

    id: UUID
    coach_id: UUID
    starts_at: datetime
    ends_at: datetime
    recorded_at: datetime

    @property
    def minutes(self) -> int:
        """How long it takes."""
        return int((self.ends_at - self.starts_at).total_seconds()) // 60


@dataclass(frozen=True, kw_only=True)
class NotCovered:
    """Nothing was written: the field that is wrong, and what would be right."""

    field: str
    message: str
    right: str


NOTED_ALREADY = NotCovered(
    field="from", message="is noted already", right="a stretch in which you cover no other class"
)


def fault(
    starts_at: datetime, ends_at: datetime, now: datetime, zone: ZoneInfo
) -> NotCovered | None:
    """What is wrong with such a stretch, or None."""
    if not starts_at < ends_at:
        return NotCovered(field="until", message="is not after the start", right="a later time")
    if ends_at <= now:
        return NotCovered(field="until", message="has passed", right="a time to come")
    if ends_at - starts_at > LONGEST:
        return NotCovered(field="until", message="is too late", right="a time within twelve hours")
    if starts_at > now + FARTHEST:
        right = f"a time within {FARTHEST.days} days"
        return NotCovered(field="from", message="is too far ahead", right=right)
    if starts_at.astimezone(zone).date() != ends_at.astimezone(zone).date():
        return NotCovered(field="until", message="is another day", right="a time of the same day")
    return None
