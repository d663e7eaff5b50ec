"""A coach's time, to be read and not planned with."""

from datetime import date
from typing import Protocol
from uuid import UUID

from services.scheduler.domain.diary import Diary
from services.scheduler.domain.local_week import Horizon


class Weeks(Protocol):
    """A coach's weeks around a day."""

    @property
    def zone(self) -> str:
        """The division's IANA time zone."""
        ...

    def over(self, horizon: Horizon) -> Diary:
        """What of it lies in the horizon."""
        ...


class Diaries(Protocol):
    """Coaches' time, to be read and not planned with."""

    def around(self, coach_id: UUID, day: date) -> Weeks | None:
        """The week of that day and the one after it; None when there is no such coach."""
        ...
