"""A small division with one coach, Jo Lindqvist, who works in the mornings of every day of the week."""

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest

from services.request_intake.adapters.bulk_load import PersonRow, load_people
from services.scheduler.adapters.bulk_load import CoachSeed, HoursSeed, load_coaches
from shared.clock import utc_now
from shared.database.transaction import transaction
from shared.events.vocabulary import Window
from tests.support.events import an_id
from tests.support.postgres import Database
from tests.support.request_intake.division import SCHOOL_ID, SYSTEM
from tests.support.scheduler.pages import Site

JO = an_id(140)
MODES = ("consultation", "coordination", "collaboration", "cognitive_coaching")


@pytest.fixture
def site(database: Database) -> Site:
    found = Site(database)
    jo = PersonRow(
        id=JO,
        name="Jo Lindqvist",
        email="jo.lindqvist@larches.example.org",
        role="coach",
        school_id=SCHOOL_ID,
    )
    with transaction(found.division.engine, SYSTEM) as connection:
        load_people(connection, [jo])
    coach = CoachSeed(
        id=JO,
        name=jo.name,
        email=jo.email,
        offers=[("instructional", mode) for mode in MODES],
        school_ids=[SCHOOL_ID],
        hours=[HoursSeed(iso_weekday=day, starts=time(8), ends=time(12)) for day in range(1, 8)],
        sessions_per_day=4,
        weekly_minutes=600,
        online_address="https://meet.example.org/jo",
    )
    with transaction(found.scheduler.engine, SYSTEM) as connection:
        load_coaches(connection, [coach], now=utc_now())
    return found


@pytest.fixture
def zone(site: Site) -> ZoneInfo:
    return ZoneInfo(site.scheduler.division().zone)


@pytest.fixture
def in_a_week(zone: ZoneInfo) -> date:
    """A day of next week."""
    return utc_now().astimezone(zone).date() + timedelta(days=7)


@pytest.fixture
def asks(site: Site, zone: ZoneInfo, in_a_week: date) -> Callable[..., UUID]:
    """Maya asks for that day from that hour on; the scheduler has heard it."""

    def ask(hour: int, *, hours: float = 0.5) -> UUID:
        starts = datetime.combine(in_a_week, time(hour), zone)
        window = Window(starts_at=starts, ends_at=starts + timedelta(hours=hours))
        asked = site.division.asks(support_mode="consultation", windows=(window,))
        site.drain()
        return asked.id

    return ask
