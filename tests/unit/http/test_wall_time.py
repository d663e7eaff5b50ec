from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.wall_time import Odd, instant

ST_JOHNS, AUCKLAND = ZoneInfo("America/St_Johns"), ZoneInfo("Pacific/Auckland")
SPRING, AUTUMN = date(2025, 3, 9), date(2025, 11, 2)


def test_an_hour_that_the_clocks_jump_over_is_no_instant() -> None:
    assert instant(SPRING, time(2, 30), ST_JOHNS) is Odd.NEVER
    assert instant(date(2025, 9, 28), time(2, 15), AUCKLAND) is Odd.NEVER


def test_an_hour_that_comes_twice_is_not_guessed() -> None:
    assert instant(AUTUMN, time(1, 30), ST_JOHNS) is Odd.TWICE
    assert instant(date(2025, 4, 6), time(2, 15), AUCKLAND) is Odd.TWICE


def test_the_hours_beside_a_change_are_plain() -> None:
    assert instant(SPRING, time(3, 0), ST_JOHNS) == datetime(2025, 3, 9, 5, 30, tzinfo=UTC)
    assert instant(AUTUMN, time(2, 0), ST_JOHNS) == datetime(2025, 11, 2, 5, 30, tzinfo=UTC)


@pytest.mark.parametrize("zone", [ST_JOHNS, AUCKLAND, ZoneInfo("America/Edmonton")])
@given(day=st.dates(date(2020, 1, 1), date(2030, 12, 31)), minute=st.integers(0, 1_439))
def test_an_instant_shows_the_wall_time_it_was_made_of(
    zone: ZoneInfo, day: date, minute: int
) -> None:
    clock = (datetime(2000, 1, 1) + timedelta(minutes=minute)).time()  # noqa: DTZ001
    match instant(day, clock, zone):
        case datetime() as found:
            shown = found.astimezone(zone)
            assert (shown.date(), shown.time()) == (day, clock)
        case Odd.TWICE:
            both = {
                datetime.combine(day, clock, zone).replace(fold=f).astimezone(UTC) for f in (0, 1)
            }
            assert {at.astimezone(zone).time() for at in both} == {clock}
            assert len(both) == 2
        case Odd.NEVER:
            assert (
                datetime.combine(day, clock, zone).astimezone(UTC).astimezone(zone).time() != clock
            )
