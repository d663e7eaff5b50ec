"""Intake's and the scheduler's pages as one site, without a stack: whoever drains is the test."""

import re
from html import unescape
from typing import Any
from uuid import UUID

from werkzeug.test import Client, TestResponse

from deploy.composition import PREFIXES, by_path
from services.scheduler import bootstrap as scheduler
from services.scheduler.entrypoints.web import create_app
from shared.messaging.routing import INTAKE, SCHEDULER
from tests.support.pages import PagesDivision
from tests.support.postgres import Database
from tests.support.request_intake.division import OFFICE
from tests.support.scheduler.builders import a_scheduler

_TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')
_TAG = re.compile(r"<[^>]*>")


class Site:
    """A small division under demo; `app` serves both services by path."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.division = PagesDivision(database)
        self.scheduler = scheduler.build(a_scheduler(database))
        database.engines += [self.scheduler.engine, self.scheduler.statements.engine]
        apps = {INTAKE: self.division.app, SCHEDULER: create_app(self.scheduler)}
        self.app = by_path(
            (prefix, app) for service, app in apps.items() for prefix in PREFIXES[service]
        )
        self.drain()

    def drain(self) -> None:
        """Both services hear what is due."""
        self.scheduler.drain.run()
        self.division.application.drain.run()

    def window(self, person: UUID = OFFICE) -> "Window":
        """A browser without a window, in which this person sits."""
        return Window(self, person)

    def program(self, person: UUID, role: str) -> "Program":
        """What she does over the API."""
        return Program(Client(self.app, use_cookies=False), self.division.token(person, role))


class Window:
    """Keeps its cookie and knows the token of the last page."""

    def __init__(self, site: Site, person: UUID) -> None:
        self._client = Client(site.app)
        self.page = ""
        self.get("/")
        assert self.post("/be", person=str(person)).status_code == 303

    def get(self, path: str) -> TestResponse:
        """Open a page."""
        return self._seen(self._client.get(path))

    def post(self, path: str, **fields: Any) -> TestResponse:
        """Send the last page's form with these fields."""
        found = _TOKEN.search(self.page)
        token = {"csrf_token": found.group(1) if found else ""}
        return self._seen(self._client.post(path, data=token | fields))

    @property
    def text(self) -> str:
        """The last page without its tags, blanks made one."""
        return " ".join(_TAG.sub(" ", self.page).split())

    def hidden(self, name: str) -> str:
        """The value of the last page's field of this name."""
        found = re.search(rf'name="{name}" value="([^"]*)"', self.page)
        assert found, name
        return found.group(1)

    def typed(self, name: str) -> str:
        """What stands in the last page's text area or field of this name."""
        area = re.search(rf'<textarea[^>]* name="{name}"[^>]*>([^<]*)</textarea>', self.page)
        found = area or re.search(rf'<input[^>]* name="{name}"[^>]* value="([^"]*)"', self.page)
        assert found, name
        return found.group(1)

    def _seen(self, response: TestResponse) -> TestResponse:
        if response.status_code != 303:
            self.page = unescape(response.get_data().decode())
        return response


class Program:
    """A program with somebody's token."""

    def __init__(self, client: Client, token: str) -> None:
        self._client = client
        self._headers = {"Authorization": f"Bearer {token}"}

    def call(self, method: str, path: str, body: Any = None) -> tuple[int, Any]:
        """One request; its status and the JSON of the answer."""
        sent = {} if body is None else {"json": body}
        answer = self._client.open(
            f"/api/scheduler/v1{path}", method=method, headers=self._headers, **sent
        )
        return answer.status_code, answer.get_json()

    def done(self, method: str, path: str, body: Any = None) -> Any:
        """One request that must succeed; the JSON of the answer."""
        status, answer = self.call(method, path, body)
        assert status in (200, 201), (method, path, status, answer)
        return answer

    def wrong(self, method: str, path: str, body: Any = None) -> list[str]:
        """One request that must be refused as not valid; the fields that are named."""
        status, answer = self.call(method, path, body)
        assert status == 422, (method, path, status, answer)
        return [fault["field"] for fault in answer["errors"]]
