"""The teacher's pages of a small demo division, and the scheduler's word without a scheduler."""

import re
from dataclasses import replace
from datetime import datetime, timedelta
from html import unescape
from typing import Any
from uuid import UUID

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from services.request_intake.domain.request import Request
from services.request_intake.ports import ByPerson
from shared.clock import utc_now
from shared.database.transaction import transaction
from shared.events import CycleScheduled, Event, NoticeFailed, RequestWaiting, SessionScheduled
from shared.events.vocabulary import Reason
from shared.messaging.append import append
from tests.support.events import EXAMPLES
from tests.support.postgres import Database
from tests.support.request_intake.builders import an_ask
from tests.support.request_intake.division import MAYA, SYSTEM, SmallDivision

_TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')
_KEY = re.compile(r'name="key" value="([^"]+)"')


class PagesDivision(SmallDivision):
    """A small division under demo."""

    def __init__(self, database: Database, *, demo: bool = True, **changes: Any) -> None:
        super().__init__(database, changes={"demo": demo, **changes})

    def asks(self, **changes: Any) -> Request:
        """Maya asks, past the page."""
        done = self.application.submit(
            ByPerson(MAYA), an_ask(**changes), key=f"pages-{utc_now().isoformat()}"
        )
        return done.request  # type: ignore[union-attr]

    def scheduler_says(self, *events: Event) -> None:
        """The events arrive and are handled."""
        with transaction(self.engine, SYSTEM) as connection:
            append(connection, events, utc_now())
        self.application.drain.run()


def scheduled(request: Request, at: datetime | None = None, **changes: Any) -> SessionScheduled:
    """Jo Lindqvist was found for it."""
    starts_at = at or utc_now() + timedelta(days=3)
    example: Any = EXAMPLES[SessionScheduled]
    event: SessionScheduled = replace(
        example,
        request_id=request.id,
        starts_at=starts_at,
        ends_at=starts_at + timedelta(minutes=45),
        **changes,
    )
    return event


def a_cycle(request: Request, **changes: Any) -> CycleScheduled:
    """Four meetings: one that is told, two that are held for her, one that is owed."""
    example: Any = EXAMPLES[CycleScheduled]
    event: CycleScheduled = replace(example, request_id=request.id, **changes)
    return event


def waiting(request: Request) -> RequestWaiting:
    """No time was found for it."""
    example: Any = EXAMPLES[RequestWaiting]
    reason = Reason(code="no_time", sentence="Both coaches are full until Friday.")
    event: RequestWaiting = replace(example, request_id=request.id, reasons=(reason,))
    return event


def unreached(request: Request) -> NoticeFailed:
    """Mail did not reach Maya."""
    example: Any = EXAMPLES[NoticeFailed]
    event: NoticeFailed = replace(example, request_id=request.id, recipient_id=MAYA)
    return event


class Hand:
    """A browser without a window: keeps its cookie and knows the token and key of the last page."""

    def __init__(self, division: PagesDivision, person: UUID | None = MAYA) -> None:
        self.client: FlaskClient = division.app.test_client()
        self.page = ""
        if person:
            self.get("/")
            self.post("/be", person=str(person))

    def get(self, path: str, **headers: str) -> TestResponse:
        """Open a page."""
        return self._seen(self.client.get(path, headers=headers, buffered=True))

    def post(
        self, path: str, *, headers: dict[str, str] | None = None, **fields: str
    ) -> TestResponse:
        """Send the last page's form with these fields; `csrf_token=""` leaves the token out."""
        found = _TOKEN.search(self.page)
        token = {"csrf_token": found.group(1) if found else ""}
        return self._seen(
            self.client.post(path, data=token | fields, headers=headers, buffered=True)
        )

    @property
    def key(self) -> str:
        """The idempotency key of the form that was drawn last."""
        found = _KEY.search(self.page)
        assert found
        return found.group(1)

    def _seen(self, response: TestResponse) -> TestResponse:
        if response.mimetype == "text/html" and response.status_code != 303:
            self.page = unescape(response.text)
        return response
