"""A school's year to book in: six-day cycle, four periods, in the week of MONDAY and after."""

from datetime import date, time
from typing import Any

from services.scheduler.domain.school_time import BellSchedule, Period, SchoolTime
from tests.support.scheduler.builders import LARCH

SIX_DAYS = ("1", "2", "3", "4", "5", "6")
FIRST_DAY, LAST_DAY = date(2026, 9, 1), date(2027, 6, 25)


def a_period(name: str, starts: str, ends: str) -> Period:
    return Period(name=name, starts=time.fromisoformat(starts), ends=time.fromisoformat(ends))


BELLS = BellSchedule(
    periods=(
        a_period("1", "08:30", "09:25"),
        a_period("2", "09:30", "10:25"),
        a_period("3", "10:40", "11:35"),
        a_period("4", "12:30", "13:25"),
    )
)


def a_school(**other: Any) -> SchoolTime:
    values: dict[str, Any] = {
        "school_id": LARCH.id,
        "name": LARCH.name,
        "first_day": FIRST_DAY,
        "last_day": LAST_DAY,
        "labels": SIX_DAYS,
        "bells": (BELLS,),
        **other,
    }
    return SchoolTime(**values)
