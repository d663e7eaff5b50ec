"""A coach's weeks as she sees them: stretches by their kind, by wall time also when clocks change."""

from datetime import date, time
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest

from services.scheduler.domain.availability import WeeklyHours, worked
from services.scheduler.domain.local_week import local_week
from services.scheduler.domain.worked_days import stretches

OAK = UUID(int=1)


@pytest.mark.parametrize("zone", ["America/Edmonton", "America/St_Johns", "Pacific/Auckland"])
@pytest.mark.parametrize("monday", [date(2026, 11, 23), date(2026, 10, 26), date(2026, 9, 21)])
def test_each_stretch_is_of_one_kind_and_by_the_clock_on_the_wall(zone: str, monday: date) -> None:
    hours = (
        WeeklyHours(on=7, starts=time(8), ends=time(10)),
        WeeklyHours(on=7, starts=time(10), ends=time(11), protected=True),
        WeeklyHours(on=7, starts=time(11), ends=time(12), at_school=OAK),
    )
    there = ZoneInfo(zone)
    week = local_week(monday, there)
    found = [
        (
            one.starts_at.astimezone(there).time(),
            one.ends_at.astimezone(there).time(),
            one.protected,
            one.at_school,
        )
        for one in stretches(week, worked(week, there, hours))
    ]
    assert found == [
        (time(8), time(10), False, None),
        (time(10), time(11), True, None),
        (time(11), time(12), False, OAK),
    ]
