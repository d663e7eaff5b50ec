"""A closure that an admin declares: which day, why, and how far its schools are worked through. Pure."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

LONGEST_REASON = 200
_FARTHEST = timedelta(days=60)


@dataclass(frozen=True, kw_only=True)
class Declaration:
    """Schools are closed on a day. Counts grow while its schools are worked through."""

    id: UUID
    day: date
    declared_at: datetime
    declared_by: UUID
    reason: str
    withdrawn_at: datetime | None = None
    schools: int = 0
    schools_done: int = 0
    released: int = 0
    held: int = 0

    @property
    def is_done(self) -> bool:
        """Whether every school was worked through."""
        return self.schools_done >= self.schools


@dataclass(frozen=True, kw_only=True)
class NotDeclared:
    """Nothing was closed: the field that is wrong, and what would be right."""

    field: str
    message: str
    right: str


TOO_EARLY = NotDeclared(
    field="day", message="means nothing yet", right="a coaching model that is published before"
)


def fault(day: date, today: date, schools: int) -> NotDeclared | None:
    """What is wrong with such a declaration, or None."""
    if day < today:
        return NotDeclared(field="day", message="has passed", right="today or a day to come")
    if day > today + _FARTHEST:
        return NotDeclared(
            field="day",
            message="is too far ahead",
            right=f"a day within {_FARTHEST.days} days; later ones belong into the school year",
        )
    if not schools:
        return NotDeclared(field="schools", message="names none", right="at least one school")
    return None
