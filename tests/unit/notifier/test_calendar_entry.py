"""A session as calendars read it: folded, escaped, neutral, right on both sides of a change."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from icalendar import Calendar

from services.notifier.domain.calendar_entry import Attendee, CalendarEntry, as_icalendar, fold
from services.notifier.domain.plain_text import one_line
from services.notifier.domain.zone_rules import zone_lines

ENTRY = CalendarEntry(
    uid="0199@division.example",
    sequence=2,
    method="REQUEST",
    stamped_at=datetime(2026, 10, 5, 15, tzinfo=UTC),
    starts_at=datetime(2026, 10, 20, 16, tzinfo=UTC),
    ends_at=datetime(2026, 10, 20, 16, 45, tzinfo=UTC),
    zone="America/Denver",
    summary="Meeting with Dana Cole",
    location="Room 12",
    description=("Details:", "https://remit.example/requests/1"),
    url="https://remit.example/requests/1",
    organizer=Attendee(name="Remit", address="remit@division.example"),
    attendees=(Attendee(name="Ana", address="ana@division.example"),),
)


@given(st.text(st.characters(codec="utf-8", exclude_characters="\r\n"), max_size=400))
def test_folding_never_splits_a_character_and_unfolds_to_the_same(line: str) -> None:
    folded = fold(line)
    assert folded.endswith("\r\n")
    parts = folded.removesuffix("\r\n").split("\r\n ")
    assert "".join(parts) == line
    assert len(parts[0].encode()) <= 75
    assert all(len(part.encode()) <= 74 for part in parts[1:])


@pytest.mark.parametrize("length", range(60, 84))
@pytest.mark.parametrize("character", ["a", "é", "字", "🌱"])
def test_a_summary_on_the_fold_boundary_reads_back_whole(length: int, character: str) -> None:
    summary = "x" * length + character * 40
    [event] = Calendar.from_ical(as_icalendar(replace(ENTRY, summary=summary))).walk("VEVENT")
    assert str(event["SUMMARY"]) == one_line(summary, 2_000)


@example(text="\\,")
@given(text=st.text(max_size=120))
def test_any_text_reads_back_as_its_one_line(text: str) -> None:
    entry = replace(
        ENTRY, summary=text, location=text, attendees=(Attendee(name=text, address="a@b.c"),)
    )
    calendar = Calendar.from_ical(as_icalendar(entry))
    [event] = calendar.walk("VEVENT")
    assert str(event["SUMMARY"]) == one_line(text, 2_000)
    name = one_line(text).replace('"', "'").replace("\\", "/")
    assert str(event["ATTENDEE"].params["CN"]) == name
    assert len(calendar.walk()) == 5  # the calendar, its zone with two changes, the event


def test_no_attendee_is_still_an_entry() -> None:
    [event] = Calendar.from_ical(as_icalendar(replace(ENTRY, attendees=()))).walk("VEVENT")
    assert "ATTENDEE" not in event


def test_what_others_may_see_is_private_and_a_cancelled_time_is_free() -> None:
    [event] = Calendar.from_ical(as_icalendar(ENTRY)).walk("VEVENT")
    assert (str(event["CLASS"]), str(event["TRANSP"])) == ("PRIVATE", "OPAQUE")
    off = as_icalendar(replace(ENTRY, method="CANCEL"))
    [event] = Calendar.from_ical(off).walk("VEVENT")
    assert (str(event["STATUS"]), str(event["TRANSP"])) == ("CANCELLED", "TRANSPARENT")


def test_an_hour_that_comes_twice_is_told_by_the_worlds_clock() -> None:
    first = datetime(2026, 11, 1, 7, 30, tzinfo=UTC)  # 1:30 in Denver, and once more an hour later
    for start in (first, first + timedelta(hours=1)):
        entry = replace(ENTRY, starts_at=start, ends_at=start + timedelta(minutes=20))
        text = as_icalendar(entry)
        assert f"DTSTART:{start:%Y%m%dT%H%M%SZ}" in text
        assert "VTIMEZONE" not in text


@pytest.mark.parametrize(
    ("zone", "rules"),
    [
        ("America/Denver", ["BYMONTH=11;BYDAY=1SU", "BYMONTH=3;BYDAY=2SU"]),
        ("America/St_Johns", ["BYMONTH=11;BYDAY=1SU", "BYMONTH=3;BYDAY=2SU"]),
        ("Pacific/Auckland", ["BYMONTH=4;BYDAY=1SU", "BYMONTH=9;BYDAY=-1SU"]),
        ("Europe/London", ["BYMONTH=10;BYDAY=-1SU", "BYMONTH=3;BYDAY=-1SU"]),
        ("America/Regina", []),
    ],
)
def test_a_zones_yearly_rules_are_the_known_ones(zone: str, rules: list[str]) -> None:
    found = [line.partition("YEARLY;")[2] for line in zone_lines(zone, 2026) if "RRULE" in line]
    assert found == rules


@pytest.mark.parametrize(
    "zone", ["Africa/Casablanca", "Africa/Cairo", "Asia/Gaza", "America/Edmonton", "UTC"]
)
def test_a_zone_without_a_yearly_rule_names_each_change(zone: str) -> None:
    text = "\r\n".join(["BEGIN:VCALENDAR", *zone_lines(zone, 2026), "END:VCALENDAR", ""])
    [rules] = Calendar.from_ical(text).walk("VTIMEZONE")
    ours = rules.to_tz()
    for day in range(365):
        noon = datetime(2026, 1, 1, 12, tzinfo=UTC) + timedelta(days=day)
        assert noon.astimezone(ours).utcoffset() == noon.astimezone(ZoneInfo(zone)).utcoffset()
