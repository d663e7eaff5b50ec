"""A coach keeps her own hours on her page, an admin any coach's; nothing that was told is silently broken."""

from collections.abc import Callable, Sequence
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest

from services.scheduler.domain.kept_time import KeptTime
from tests.e2e.coaches.conftest import JO
from tests.support.request_intake.division import MAYA, OFFICE, OTHER_SCHOOL_ID, SCHOOL_ID
from tests.support.scheduler.pages import Site, Window

PAGE, ADMINS = "/my-hours", f"/coaches/{JO}/hours"
FIELDS = {
    "hours": "mon-sun 8:00-12:00",
    "school": str(SCHOOL_ID),
    "home_base": "",
    "buffer_minutes": "0",
    "notice_minutes": "",
    "sessions_per_day": "4",
    "weekly_minutes": "600",
    "cycles_at_once": "5",
}


@pytest.fixture
def jo(site: Site) -> Window:
    window = site.window(JO)
    window.get(PAGE)
    return window


@pytest.fixture
def office(site: Site) -> Window:
    window = site.window(OFFICE)
    window.get(ADMINS)
    return window


def kept(site: Site) -> KeptTime:
    found = site.scheduler.own_times.of(JO)
    assert found
    return found.kept


def save(window: Window, path: str = PAGE, **fields: Any) -> int:
    sent = {**FIELDS, "do": "save", "revision": window.hidden("revision"), **fields}
    answer = window.post(path, **sent)
    if answer.status_code == 303:
        window.get(answer.headers["Location"])
    return answer.status_code


def shown(window: Window) -> list[str]:
    """The meetings that the page asks about."""
    return [part.split('"')[0] for part in window.page.split('name="shown" value="')[1:]]


def meetings(site: Site, state: str) -> Sequence[Any]:
    return site.database.sql(
        "SELECT * FROM scheduler.session WHERE state = :state ORDER BY starts_at", state=state
    )


def test_she_sees_her_hours_as_lines_and_may_save_them_as_they_are(site: Site, jo: Window) -> None:
    assert jo.typed("hours") == "mon-sun 08:00-12:00"
    assert "Tamarack School tamarack" in jo.text
    before = kept(site).own
    assert save(jo, hours=jo.typed("hours"), sessions_per_day="4") == 303
    assert frozenset(kept(site).own.hours) == frozenset(before.hours)
    assert kept(site).own.school_ids == before.school_ids


def test_more_hours_are_offered_at_once_to_a_teacher_who_waits(
    site: Site, jo: Window, asks: Callable[..., UUID]
) -> None:
    request_id = asks(14)
    assert meetings(site, "scheduled") == []

    assert save(jo, hours="mon-sun 8:00-12:00\nmon-sun 1:00-3:30") == 303
    site.drain()

    assert "Saved. Whoever waits and could use this time is asked now." in jo.text
    assert jo.typed("hours") == "mon-sun 08:00-12:00\nmon-sun 13:00-15:30"
    (held,) = meetings(site, "held")
    assert held.request_id == request_id
    maya = site.window(MAYA)
    maya.get(f"/requests/{request_id}")
    assert "Does this time suit you?" in maya.text


def test_every_fault_is_named_with_its_line_and_what_was_typed_stands(
    site: Site, jo: Window
) -> None:
    typed = "mon 8-12\nmoon 8-12\ntue 12-8\nwed 8-12 at birch\nthu 8-12 at elm\nfri 8-12\nfri 9-10"
    assert save(jo, hours=typed, sessions_per_day="many") == 422
    assert "Line 2: Write weekdays as mon, tue or mon-fri" in jo.text
    assert "Line 5: There is no such school." in jo.text
    assert "Meetings a day: Write a whole number." in jo.text
    assert jo.typed("hours") == typed
    typed = "mon 8-12\ntue 12-8\nwed 8-12 at birch\nfri 8-12\nfri 9-10\nday 1 of birch 8-12"
    assert save(jo, hours=typed, weekly_minutes="9000") == 422
    assert "Line 2: It ends before it begins." in jo.text
    assert "Line 3: That school is not among the schools served." in jo.text
    assert "Line 5: It overlaps other hours of the same day." in jo.text
    assert "Line 6: The year of that school is not known yet." in jo.text
    assert "Minutes a week: Write a whole number from 0 to" in jo.text
    assert kept(site).revision == 0


def test_the_second_of_two_changes_is_told_what_stands_and_may_put_hers_there(
    site: Site, jo: Window, office: Window
) -> None:
    assert save(office, ADMINS, hours="mon 9:00-10:00") == 303
    assert save(jo, hours="tue 9:00-10:00", buffer_minutes="10") == 409
    assert "Somebody changed this while you looked" in jo.text
    assert "mon 09:00-10:00" in jo.text
    assert jo.typed("hours") == "tue 9:00-10:00"
    assert save(jo, hours="tue 9:00-10:00", buffer_minutes="10") == 303
    assert jo.typed("hours") == "tue 09:00-10:00"
    assert kept(site).own.buffer_minutes == 10


def test_meetings_that_would_stand_outside_are_shown_first_and_let_go_when_she_says_so(
    site: Site, jo: Window, asks: Callable[..., UUID]
) -> None:
    request_id = asks(10)
    (meeting,) = meetings(site, "scheduled")
    less = "mon-sun 8:00-9:00"
    assert save(jo, hours=less) == 409
    assert "1 meeting would stand outside of these hours" in jo.text
    assert "Maya Okafor" in jo.text
    assert shown(jo) == [str(meeting.id)]
    assert jo.typed("hours") == less
    assert kept(site).revision == 0

    assert save(jo, hours=less, do="release", shown=shown(jo)) == 303
    site.drain()

    assert "1 meeting was released, and its teacher is asked about another time." in jo.text
    assert meetings(site, "scheduled") == []
    told = site.database.sql(
        "SELECT body->'data'->>'because' AS because FROM bus.event WHERE name = 'session.released'"
    )
    assert [row.because for row in told] == ["coach_away"]
    maya = site.window(MAYA)
    maya.get(f"/requests/{request_id}")
    assert "Jo Lindqvist can not be there at that time any more." in maya.text


def test_she_may_let_them_stay(site: Site, jo: Window, asks: Callable[..., UUID]) -> None:
    asks(10)
    less = "mon-sun 8:00-9:00"
    save(jo, hours=less)
    assert save(jo, hours=less, do="keep", shown=shown(jo)) == 303
    site.drain()
    assert len(meetings(site, "scheduled")) == 1
    assert jo.typed("hours") == "mon-sun 08:00-09:00"


def note(window: Window, path: str = PAGE, **fields: Any) -> int:
    answer = window.post(
        f"{path}/away", **{"revision": window.hidden("revision"), "kind": "off", **fields}
    )
    if answer.status_code == 303:
        window.get(answer.headers["Location"])
    return answer.status_code


def test_a_span_away_is_noted_and_taken_back_as_one(
    site: Site, jo: Window, in_a_week: date
) -> None:
    last = in_a_week + timedelta(days=2)
    assert note(jo, first_day=f"{in_a_week}", last_day=f"{last}") == 303
    assert "Noted. You can take it back below." in jo.text
    (away,) = kept(site).away
    assert (away.first_day, away.last_day) == (in_a_week, last)
    answer = jo.post(f"{PAGE}/away/{away.id}/back")
    jo.get(answer.headers["Location"])
    assert "Taken back: the weekly hours hold again." in jo.text
    assert kept(site).away == ()


def test_a_day_away_asks_about_what_stands_in_it(
    site: Site, jo: Window, in_a_week: date, asks: Callable[..., UUID]
) -> None:
    asks(10)
    day = {"first_day": f"{in_a_week}"}
    assert note(jo, **day) == 409
    assert "1 meeting stands in this time" in jo.text
    assert note(jo, **day, do="release", shown=shown(jo)) == 303
    assert meetings(site, "scheduled") == []
    assert len(kept(site).away) == 1


def test_days_that_can_not_be_noted_are_named_and_stand_as_typed(
    site: Site, jo: Window, in_a_week: date
) -> None:
    assert note(jo, first_day="") == 422
    assert "First day: This is no date." in jo.text
    assert note(jo, kind="extra", first_day=f"{in_a_week}") == 422
    assert "Say from when until when the extra hours are." in jo.text
    assert f'value="{in_a_week}"' in jo.page
    assert kept(site).away == ()


def test_extra_hours_that_are_taken_back_ask_about_what_stands_in_them(
    site: Site, jo: Window, in_a_week: date, asks: Callable[..., UUID]
) -> None:
    extra = {"kind": "extra", "first_day": f"{in_a_week}", "starts": "14:00", "ends": "16:00"}
    assert note(jo, **extra) == 303
    asks(14)
    (away,) = kept(site).away
    path = f"{PAGE}/away/{away.id}/back"
    assert jo.post(path).status_code == 409
    assert "1 meeting would stand outside of these hours" in jo.text
    assert jo.post(path, do="keep", shown=shown(jo)).status_code == 303
    assert len(meetings(site, "scheduled")) == 1
    assert kept(site).away == ()


def test_next_week_is_lightened_in_one_tap_and_taken_back(site: Site, jo: Window) -> None:
    answer = jo.post(f"{PAGE}/lighter")
    jo.get(answer.headers["Location"])
    assert "Next week is lighter now." in jo.text
    assert "0 of at most 300 minutes are booked lighter" in jo.text
    jo.get(jo.post(f"{PAGE}/lighter/back").headers["Location"])
    assert "Next week is as any other again." in jo.text
    assert "at most 300 minutes" not in jo.text


def test_an_admin_keeps_any_coachs_hours_from_her_page(site: Site, office: Window) -> None:
    office.get(f"/coaches/{JO}")
    assert f'href="{ADMINS}"' in office.page
    office.get(ADMINS)
    assert "Hours of Jo Lindqvist" in office.text
    both = [str(SCHOOL_ID), str(OTHER_SCHOOL_ID)]
    hours = "mon 9:00-10:00 at birch\ntue 9-10 protected"
    assert save(office, ADMINS, hours=hours, school=both, home_base=both[1]) == 303
    assert office.typed("hours") == "mon 09:00-10:00 at birch\ntue 09:00-10:00 protected"
    own = kept(site).own
    assert own.school_ids == {SCHOOL_ID, OTHER_SCHOOL_ID}
    assert own.home_base == OTHER_SCHOOL_ID
    audit = site.database.sql(
        "SELECT actor FROM access.audit_entry WHERE action = 'coach.own_time_kept'"
    )
    assert [row.actor for row in audit] == [str(OFFICE)]


def test_a_slow_start_is_shown_and_an_admin_ends_it(site: Site, jo: Window, office: Window) -> None:
    scheduler = site.scheduler
    coach, _ = scheduler.coach(JO)
    assert coach
    scheduler.appoint(OFFICE, JO, frozenset(), seen=coach.offers)
    scheduler.appoint(OFFICE, JO, coach.offers, seen=frozenset())
    jo.get(PAGE)
    assert "0 of at most 150 minutes are booked new: a slow start" in jo.text
    office.get(ADMINS)
    office.get(office.post(f"{ADMINS}/ramp-up/end").headers["Location"])
    assert "Done: every week holds the full cap now." in office.text
    assert "a slow start" not in office.text.replace("No slow start", "")


def test_an_admin_grants_protected_time_and_the_coach_reads_who_and_why(
    site: Site, jo: Window, office: Window
) -> None:
    site.database.sql("UPDATE scheduler.coach SET protected_percent = 50 RETURNING 1")
    office.get(ADMINS)
    week = office.page.split('name="week"')[1].split('value="')[1][:10]
    grant = {"grant_id": office.hidden("grant_id"), "week": week, "minutes": "60"}
    grant["reason"] = "Report cards"
    assert office.post(f"{ADMINS}/grants", **grant | {"minutes": "4000"}).status_code == 422
    assert "Write a whole number of minutes from 5 to 300." in office.text
    wrong = grant | {"reason": ""}
    assert office.post(f"{ADMINS}/grants", **wrong).status_code == 422
    assert "Say in a few words why." in office.text
    for _ in range(2):  # a second sending of the same
        answer = office.post(f"{ADMINS}/grants", **grant)
        assert answer.status_code == 303
    office.get(answer.headers["Location"])
    assert "Granted." in office.text
    jo.get(PAGE)
    assert "60 protected minutes may be used by other help" in jo.text
    assert "Ada Brandt: “Report cards”" in jo.text
    assert "Let other help use some of it" not in jo.text


@pytest.mark.parametrize("reason", ["Report\0cards", "Report \u202ecards", "x" * 301, "\0" * 9])
def test_a_reason_that_nothing_can_hold_is_asked_for_anew(
    site: Site, office: Window, reason: str
) -> None:
    site.database.sql("UPDATE scheduler.coach SET protected_percent = 50 RETURNING 1")
    office.get(ADMINS)
    week = office.page.split('name="week"')[1].split('value="')[1][:10]
    grant = {"grant_id": "", "week": week, "minutes": "60", "reason": reason}
    assert office.post(f"{ADMINS}/grants", **grant).status_code == 422
    assert "Say in a few words why." in office.text


@pytest.mark.parametrize("name", [name for name in FIELDS if name.endswith(("minutes", "day"))])
def test_a_number_without_end_is_no_number(jo: Window, name: str) -> None:
    assert save(jo, **{name: "9" * 5_000}) == 422
    assert "Write a whole number." in jo.text


def test_a_coach_who_is_not_set_up_yet_is_told_so(site: Site, jo: Window) -> None:
    site.database.sql(
        "WITH a AS (DELETE FROM scheduler.coach_offer), b AS (DELETE FROM scheduler.coach_school),"
        " c AS (DELETE FROM scheduler.weekly_hours), d AS (DELETE FROM scheduler.coach_week)"
        " SELECT 1"
    )
    site.database.sql("DELETE FROM scheduler.coach RETURNING 1")
    jo.get(PAGE)
    assert "You are not set up as a coach yet." in jo.text
