"""What the others say reaches the request through the bus, in any order, once."""

from dataclasses import replace

import pytest

from shared.clock import utc_now
from shared.database.transaction import transaction
from shared.events import (
    Event,
    NoticeFailed,
    RequestWaiting,
    SchoolTimeKept,
    SessionCancelled,
    SessionReleased,
    SessionScheduled,
    TimetableKept,
)
from shared.messaging.append import append
from tests.support.events import EXAMPLES
from tests.support.postgres import Database
from tests.support.request_intake.division import MAYA, REQUESTS, SmallDivision, an_ask_body


@pytest.fixture
def division(database: Database) -> SmallDivision:
    return SmallDivision(database)


def _tell(division: SmallDivision, *events: Event) -> None:
    with transaction(division.engine, "system:request_intake") as connection:
        append(connection, events, utc_now())
    division.application.drain.run()


def test_the_status_follows_what_the_scheduler_says(division: SmallDivision) -> None:
    client = division.client()
    asked = client.post(REQUESTS, json=an_ask_body()).json
    url = f"{REQUESTS}/{asked['id']}"
    request = division.application.requests(MAYA)[0]

    def said(kind: type[Event], version: int) -> Event:
        return replace(EXAMPLES[kind], request_id=request.id, version=version)

    _tell(division, said(RequestWaiting, 1))
    assert client.get(url).json["reasons"][0]["sentence"] == "Two coaches have no time."

    _tell(division, said(SessionScheduled, 2))
    shown = client.get(url).json
    assert shown["status"] == "scheduled"
    assert shown["session"]["coach"] == "Jo Lindqvist"
    assert shown["session"]["starts_at"] == "2026-11-24T19:00:00Z"
    assert shown["session"]["place"]["kind"] == "room"

    _tell(division, said(SessionCancelled, 3), said(SessionScheduled, 2))
    assert client.get(url).json["status"] == "waiting"

    failed = replace(EXAMPLES[NoticeFailed], request_id=request.id, recipient_id=MAYA)
    _tell(division, failed)
    assert client.get(url).json["notice_failed"] is True

    dead = division.database.sql("SELECT count(*) FROM bus.delivery WHERE state = 'dead'")
    assert dead == [(0,)]


def test_a_lost_time_shows_what_is_held_instead(division: SmallDivision) -> None:
    client = division.client()
    asked = client.post(REQUESTS, json=an_ask_body()).json
    request = division.application.requests(MAYA)[0]
    released = EXAMPLES[SessionReleased]
    _tell(division, replace(EXAMPLES[SessionScheduled], request_id=request.id, version=2))
    _tell(division, replace(released, request_id=request.id, version=3))
    shown = client.get(f"{REQUESTS}/{asked['id']}").json
    assert (shown["status"], shown["session"]) == ("waiting", None)
    assert shown["offer"]["coach"] == "Jo Lindqvist"
    assert shown["offer"]["held_until"] == "2026-11-24T19:00:00Z"
    assert "email" not in str(shown["offer"])


def test_an_ask_in_her_schools_words_is_taken_once_these_are_known(
    division: SmallDivision,
) -> None:
    client = division.client()

    def ask(**window: object) -> object:
        return client.post(REQUESTS, json=an_ask_body(school_windows=[window])).json

    before = ask(label="2", period="4")
    assert before["errors"][0]["field"] == "school_windows.0.label"

    school = division.asker().school
    assert school
    _tell(division, replace(EXAMPLES[SchoolTimeKept], school_id=school.id))
    taken = ask(label="2", period="4")
    assert taken["school_windows"] == [
        {"label": "2", "period": "4", "in_class": None, "prep": False}
    ]
    for window, field in (
        ({"label": "9"}, "label"),
        ({"period": "9"}, "period"),
        ({}, "label"),
        ({"prep": True}, "prep"),
        ({"prep": True, "label": "2"}, "prep"),
    ):
        refused = ask(**window)
        assert refused["errors"][0]["field"] == f"school_windows.0.{field}", window
    _tell(
        division, replace(EXAMPLES[TimetableKept], school_id=school.id, teacher_id=MAYA, version=1)
    )
    assert ask(prep=True)["school_windows"][0]["prep"] is True
    (told,) = division.database.sql(
        "SELECT body->'data'->'school_windows' AS windows FROM bus.event"
        " WHERE name = 'request.submitted' ORDER BY recorded_at DESC, id DESC LIMIT 1"
    )
    assert told.windows == [{"label": "", "period": "", "in_class": None, "prep": True}]


def test_old_news_of_a_school_changes_nothing(division: SmallDivision) -> None:
    school = division.asker().school
    assert school
    newest = replace(EXAMPLES[SchoolTimeKept], school_id=school.id, version=5)
    _tell(division, newest)
    _tell(division, replace(newest, version=4, labels=("A", "B")))
    words = division.application.school_words.of(division.asker())
    assert words.labels == newest.labels
