"""What an admin keeps of travel is what the next match reckons with, in the direction that is driven."""

from datetime import timedelta

import pytest

from services.scheduler.domain.ways import KnownTravel, Way
from shared.events import SchoolKept
from shared.events.vocabulary import School
from tests.support.scheduler.builders import (
    LARCH,
    MONDAY,
    Division,
    a_coach,
    a_request,
    a_window,
    an_id,
)

OAK = School(id=an_id("oak"), name="Oak School")
EIGHT = MONDAY + timedelta(hours=1)
HALF_AN_HOUR = timedelta(minutes=30)


@pytest.mark.parametrize(
    ("start", "end", "later"),
    [("larch", "oak", timedelta(minutes=60)), ("oak", "larch", timedelta())],
)
def test_a_coach_is_booked_at_the_next_school_when_she_can_be_there(
    division: Division, start: str, end: str, later: timedelta
) -> None:
    division.with_coaches(a_coach("ana", school_ids=(LARCH.id, OAK.id)))
    for key, school in (("larch", LARCH), ("oak", OAK)):
        division.hear(SchoolKept(version=1, school_id=school.id, key=key, school_name=school.name))
    answer = division.application.travelling.change(
        an_id("admin"), [Way(start=start, end=end, minutes=60)], 50, seen=1
    )
    assert isinstance(answer, KnownTravel)

    division.hear(a_request(windows=(a_window(EIGHT, 30),)))
    division.hear(a_request(school=OAK, windows=(a_window(EIGHT, 240),)))

    first, second = division.sessions()
    assert (first.school_id, second.school_id) == (LARCH.id, OAK.id)
    assert second.starts_at == EIGHT + HALF_AN_HOUR + later
