"""What the others say reaches the request through the bus, in any order, once."""

from dataclasses import replace

import pytest

from shared.clock import utc_now
from shared.database.transaction import transaction
from shared.events import Event, NoticeFailed, RequestWaiting, SessionCancelled, SessionScheduled
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
