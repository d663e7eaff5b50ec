"""Weeks that hold less: how much, and what may be granted."""

from datetime import date, timedelta

from services.scheduler.domain.week_caps import CapWhy, WeekAhead, WeekCap, lighter, ramp_up

THIS_WEEK = date(2026, 11, 23)


def test_a_slow_start_rises_week_by_week_in_steps_of_five_minutes() -> None:
    caps = ramp_up(THIS_WEEK, 1000, 3)
    assert [cap.minutes for cap in caps] == [250, 500, 750]
    assert [cap.week for cap in caps] == [THIS_WEEK + timedelta(days=7 * n) for n in range(3)]
    assert [cap.minutes for cap in ramp_up(THIS_WEEK, 100, 2)] == [30, 65]


def test_a_lighter_week_takes_half_of_what_it_would_also_in_a_slow_start() -> None:
    usual = WeekAhead(week=THIS_WEEK, cap=1010, booked=0, protected=0, less={})
    assert lighter(usual) == WeekCap(week=THIS_WEEK, why=CapWhy.LIGHTER, minutes=505)
    slow = WeekAhead(week=THIS_WEEK, cap=250, booked=0, protected=0, less={CapWhy.RAMP_UP: 250})
    assert lighter(slow).minutes == 125
