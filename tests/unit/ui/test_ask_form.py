from collections.abc import Iterator
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from services.request_intake.domain.school_words import SchoolWords
from services.request_intake.entrypoints.pages import ask_form
from services.request_intake.entrypoints.pages.ask_form import Faults, Times
from shared.events.vocabulary import SchoolWindow, Window
from shared.ui import languages

ZONE = ZoneInfo("America/St_Johns")
NOW = datetime(2025, 1, 15, 12, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    app = Flask(__name__)
    languages.install(app, ("en", "fr"), lambda: ZONE.key)
    with app.test_request_context():
        yield


WORDS = SchoolWords(labels=("1", "2"), periods=("3", "4"), prepares=True)


def times(**typed: str) -> tuple[Times, Faults]:
    form = ask_form.read({"words": "Fractions, please", "when": "these", **typed})
    return ask_form.check(form, ZONE, NOW, WORDS)


def checked(**typed: str) -> tuple[tuple[Window, ...], Faults]:
    found, faults = times(**typed)
    return found.windows, faults


def test_a_day_and_a_period_of_her_school_become_a_school_window() -> None:
    found, faults = times(when="school", label_1="2", period_1="4", period_3="3", teaching_3="1")
    assert faults == {}
    assert found.school_windows == (
        SchoolWindow(label="2", period="4", in_class=False),
        SchoolWindow(period="3", in_class=True),
    )


def test_a_day_that_her_school_does_not_know_is_said_at_its_field() -> None:
    assert list(times(when="school", label_2="9", period_2="4")[1]) == ["label_2"]
    assert list(times(when="school")[1]) == ["label_1"]


def test_my_prep_is_one_window() -> None:
    assert times(when="prep")[0].school_windows == (SchoolWindow(prep=True),)


def test_whether_she_teaches_then_is_ticked() -> None:
    windows, _ = checked(day_1="2025-01-20", from_1="09:00", to_1="10:00", in_class_1="1")
    assert [window.in_class for window in windows] == [True]


def test_a_row_becomes_a_window_in_utc() -> None:
    windows, faults = checked(day_1="2025-01-20", from_1="09:00", to_1="10:00")

    assert faults == {}
    assert windows == (
        Window(
            starts_at=datetime(2025, 1, 20, 12, 30, tzinfo=UTC),
            ends_at=datetime(2025, 1, 20, 13, 30, tzinfo=UTC),
            in_class=False,
        ),
    )


def test_any_time_asks_for_no_rows_and_ignores_those_typed() -> None:
    assert checked(when="any", day_1="not a day") == ((), {})


def test_only_these_times_needs_one() -> None:
    assert list(checked()[1]) == ["day_1"]


@pytest.mark.parametrize(
    ("day", "start", "end", "field", "said"),
    [
        ("", "09:00", "10:00", "day_3", "choose a day"),
        ("2025-02-30", "09:00", "10:00", "day_3", "choose a day"),
        ("2025-01-20", "", "10:00", "from_3", "when it begins"),
        ("2025-01-20", "09:00", "25:00", "to_3", "when it ends"),
        ("2025-01-20", "09:00+00:00", "10:00", "from_3", "when it begins"),
        ("2025-01-20", "10:00", "10:00", "to_3", "later than the beginning"),
        ("2025-01-14", "09:00", "10:00", "day_3", "already past"),
        ("9999-12-31", "09:00", "10:00", "day_3", "within the coming year"),
        ("0001-01-01", "09:00", "10:00", "day_3", "within the coming year"),
        ("2025-03-09", "02:30", "04:00", "from_3", "jump over"),
        ("2025-11-02", "00:30", "01:30", "to_3", "twice"),
    ],
)
def test_a_time_that_is_none_is_named_at_its_field(
    day: str, start: str, end: str, field: str, said: str
) -> None:
    windows, faults = checked(day_3=day, from_3=start, to_3=end)

    assert windows == ()
    assert said in faults[field]


def test_windows_keep_the_numbers_of_their_rows() -> None:
    form = ask_form.read({"day_2": "2025-01-20"})

    assert form.filled == (2,)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.dictionaries(st.sampled_from(["words", "key", "room", "day_1", "from_1", "to_1"]), st.text())
)
def test_whatever_is_typed_is_answered_and_never_an_error(typed: dict[str, str]) -> None:
    windows, faults = checked(**typed)

    assert len(windows) <= 1
    assert all(faults.values())


def test_a_key_that_is_none_is_made_anew() -> None:
    assert ask_form.read({"key": "x"}).key != ask_form.read({"key": "x"}).key


def test_a_second_request_has_a_key_of_its_own_and_the_same_words() -> None:
    form = ask_form.read({"words": "Fractions"})

    assert form.as_second().key != form.key
    assert form.as_second().words == form.words
