"""How long a time is held for a teacher, and from when on it is worth holding one. Pure."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from services.scheduler.domain.booking import Booking
from services.scheduler.domain.rules import Rules

# Nobody answers at once: what begins sooner than notice and this leave is not held for anybody.
_TIME_TO_ANSWER = timedelta(minutes=30)


@dataclass(frozen=True, kw_only=True)
class Holding:
    """How long a held time waits for an answer, and how near its beginning it may still be given."""

    patience: timedelta
    notice: timedelta

    def rules(self, rules: Rules, now: datetime) -> Rules:
        """The same, for times that leave enough to answer."""
        horizon = rules.horizon
        earliest = now + self.notice + _TIME_TO_ANSWER
        return replace(rules, not_before=horizon.within(earliest, horizon.ends_at))

    def until(self, now: datetime, starts_at: datetime) -> datetime:
        """Until when a time that begins then is held."""
        return min(now + self.patience, starts_at - self.notice)

    def held(self, booking: Booking, now: datetime) -> Booking:
        """The same, offered and not booked."""
        return replace(booking, held_until=self.until(now, booking.first.starts_at))
