"""The people of a running stack: a program with her token, or a browser with her session."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from html import unescape
from http.cookies import SimpleCookie
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

import psycopg
import urllib3

from services.request_intake.adapters.bulk_load import PersonRow, load_people
from shared.access.tokens import issue
from shared.clock import utc_now
from shared.database.engine import make_engine
from shared.database.transaction import transaction
from shared.identity import new_id
from tests.support.events import HOUR
from tests.support.running_stack import RunningStack
from tests.support.waiting import until

INTAKE, SCHEDULER = "/api/intake/v1", "/api/scheduler/v1"
_FORM = {"Content-Type": "application/x-www-form-urlencoded"}
_TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')
_REVISION = re.compile(r'name="revision" value="(\d+)"')
_KEY = re.compile(r'name="key" value="([^"]+)"')
_VERSION = re.compile(r'name="version" value="(\d+)"')
_TAG = re.compile(r"<[^>]*>")
_pool = urllib3.PoolManager(maxsize=8)


@dataclass(frozen=True, kw_only=True)
class Somebody:
    """A person of the division."""

    id: UUID
    name: str
    email: str
    school: str


@dataclass(frozen=True, kw_only=True)
class Program:
    """What she does over the API, with a token of her own."""

    web_url: str
    person: Somebody
    token: str

    def call(self, method: str, path: str, body: Any = None) -> tuple[int, Any]:
        """One request; the status, and the JSON of the answer if it has any."""
        answer = _pool.request(
            method,
            self.web_url + path,
            json=body,
            headers={"Authorization": f"Bearer {self.token}"},
        )
        return answer.status, answer.json() if answer.data else None

    def done(self, method: str, path: str, body: Any = None) -> Any:
        """One request that must succeed."""
        status, answer = self.call(method, path, body)
        assert status in (200, 201, 202, 204), (method, path, status, answer)
        return answer

    def asks(self, **body: object) -> Any:
        """A request as it was decided."""
        return self.done("POST", f"{INTAKE}/requests", body)

    def sees(self, request: Mapping[str, Any]) -> Any:
        """How her request stands now."""
        return self.done("GET", f"{INTAKE}/requests/{request['id']}")

    def appeals(self, request: Mapping[str, Any], sentence: str) -> None:
        """She says that it is coaching."""
        path = f"{INTAKE}/requests/{request['id']}/appeal"
        self.done("POST", path, {"sentence": sentence})

    def booked(self, request: Mapping[str, Any]) -> Any:
        """Her request, once the scheduler has found her a coach and a time."""

        def scheduled() -> Any:
            found = self.sees(request)
            return found if found["status"] == "scheduled" else None

        return until(scheduled)

    def cancels(self, request: Mapping[str, Any]) -> None:
        """She takes her request back, as it stands now."""
        path = f"{INTAKE}/requests/{request['id']}/cancel"
        self.done("POST", path, {"version": self.sees(request)["version"]})

    def waits(self, request: Mapping[str, Any]) -> Any:
        """Her request, once the scheduler has found nothing for it and says why."""

        def waiting() -> Any:
            found = self.sees(request)
            return found if found["status"] == "waiting" and found["reasons"] else None

        return until(waiting)

    def offered(self, request: Mapping[str, Any]) -> Any:
        """The time that is held for her, once the scheduler asks her whether it suits."""
        return until(lambda: self.sees(request)["offer"])

    def says_yes(self, offer: Mapping[str, Any]) -> Any:
        """The held time suits her; how her request stands, once that is written."""
        answered = self.done("POST", f"{SCHEDULER}/offers/{offer['session_id']}/take")
        return self.booked({"id": answered["request_id"]})

    def says_no(self, offer: Mapping[str, Any]) -> None:
        """It does not suit her: it goes to others."""
        self.done("POST", f"{SCHEDULER}/offers/{offer['session_id']}/turn-down")


@dataclass
class Sitting:
    """A browser without a window: keeps its cookie, and knows the hidden fields of the last page."""

    web_url: str
    person: Somebody
    status: int = 0
    page: str = ""
    location: str = ""
    _cookies: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.get("/")
        assert self.post("/be", person=str(self.person.id)) == 303

    def get(self, path: str) -> str:
        """Open a page; what a reader sees of it, without its tags."""
        self._ask("GET", path)
        assert self.status == 200, (path, self.status)
        return self.text

    def goes_on(self, path: str) -> str:
        """Open an address that leads to another page; what a reader sees there."""
        assert self._ask("GET", path) == 303, (path, self.status)
        return self.get(self.location)

    def post(self, path: str, **fields: str | Sequence[str]) -> int:
        """Send the last page's form with these fields."""
        found = _TOKEN.search(self.page)
        token = {"csrf_token": found.group(1) if found else ""}
        return self._ask("POST", path, urlencode(token | fields, doseq=True))

    @property
    def text(self) -> str:
        """The last page without its tags, blanks made one."""
        return words_of(self.page)

    @property
    def revision(self) -> str:
        """Of what the last page was drawn from."""
        return self._hidden(_REVISION)

    @property
    def version(self) -> str:
        """Of the request on the last page."""
        return self._hidden(_VERSION)

    @property
    def key(self) -> str:
        """Of the last form, by which it is sent once."""
        return self._hidden(_KEY)

    def _hidden(self, pattern: re.Pattern[str]) -> str:
        found = pattern.search(self.page)
        assert found, pattern
        return found.group(1)

    def _ask(self, method: str, path: str, body: str | None = None) -> int:
        cookie = "; ".join(f"{name}={value}" for name, value in self._cookies.items())
        answer = _pool.request(
            method,
            self.web_url + path,
            body=body,
            headers={"Cookie": cookie} | (_FORM if body is not None else {}),
            redirect=False,
        )
        for header in answer.headers.getlist("Set-Cookie"):
            self._cookies |= {name: one.value for name, one in SimpleCookie(header).items()}
        self.status, self.location = answer.status, answer.headers.get("Location", "")
        if self.status != 303:
            self.page = unescape(answer.data.decode())
        return self.status


def not_too_soon(weeks_later: int = 0) -> dict[str, str]:
    """A window in which a time may be held: it leaves everybody enough to answer."""
    begins = utc_now() + 72 * HOUR + weeks_later * 7 * 24 * HOUR
    return {"starts_at": begins.isoformat(), "ends_at": (begins + 14 * 24 * HOUR).isoformat()}


def words_of(page: str) -> str:
    """What a reader sees of a page, blanks made one."""
    return " ".join(_TAG.sub(" ", page).split())


class People:
    """Everybody of the stack's demo division. Teachers are handed out one after the other."""

    def __init__(self, stack: RunningStack) -> None:
        self._stack = stack
        self._engine = make_engine(
            stack.address.database_url, role="remit_request_intake", pool_size=1
        )
        self._given: set[UUID] = set()

    def close(self) -> None:
        """Give the connection back."""
        self._engine.dispose()

    @property
    def schools(self) -> list[str]:
        """Their keys; the one with the most teachers first."""
        rows = self.sql(
            "SELECT s.key FROM request_intake.school s"
            " JOIN request_intake.person p ON p.school_id = s.id AND p.role = 'teacher'"
            " GROUP BY 1 ORDER BY count(*) DESC, 1"
        )
        return [row[0] for row in rows]

    def teacher(self, school: str | None = None, *, timetable: bool | None = None) -> Program:
        """A teacher whom no other test has; with `timetable` said, one whose own is known, or not."""
        known = {row[0] for row in self.sql("SELECT teacher_id FROM scheduler.timetable")}
        return self.take(
            one
            for one in self._of("teacher", school or self.schools[0])
            if timetable in (None, one.id in known)
        )

    def take(self, teachers: Iterable[Somebody]) -> Program:
        """The first of these whom no other test has."""
        somebody = next(one for one in teachers if one.id not in self._given)
        self._given.add(somebody.id)
        return self.program(somebody, "teacher")

    def coach(self, coach_id: UUID) -> Program:
        """A coach, by her id."""
        return self.program(next(c for c in self._of("coach") if c.id == coach_id), "coach")

    def admin(self) -> Program:
        """The division's admin."""
        return self.program(self._of("admin")[0], "admin")

    def second_admin(self) -> Program:
        """A colleague of hers, who comes now."""
        row = PersonRow(
            id=new_id(),
            name="Second Admin",
            email=f"second.{new_id()}@staff.example.org",
            role="admin",
            school_id=None,
        )
        with transaction(self._engine, "system:request_intake") as connection:
            load_people(connection, [row])
        somebody = Somebody(id=row.id, name=row.name, email=row.email, school="")
        return self.program(somebody, "admin")

    def program(self, person: Somebody, role: str) -> Program:
        """Her, with a token for this role."""
        with transaction(self._engine, "system:request_intake") as connection:
            token = issue(
                connection, actor_id=person.id, role=role, expires_at=utc_now() + 24 * HOUR
            )
        return Program(web_url=self._stack.address.web_url, person=person, token=token)

    def at_her_browser(self, program: Program) -> Sitting:
        """The same person, on the pages."""
        return Sitting(self._stack.address.web_url, program.person)

    def sql(self, query: str, *values: object) -> list[tuple[Any, ...]]:
        """Rows as the database's owner sees them."""
        with psycopg.connect(self._stack.address.owner_database_url) as connection:
            return connection.execute(query.encode(), values).fetchall()

    def _of(self, role: str, school: str = "") -> list[Somebody]:
        rows = self.sql(
            "SELECT p.id, p.name, p.email, coalesce(s.key, '') FROM request_intake.person p"
            " LEFT JOIN request_intake.school s ON s.id = p.school_id"
            " WHERE p.role = %s AND %s IN ('', s.key) ORDER BY p.email",
            role,
            school,
        )
        return [
            Somebody(id=id_, name=name, email=email, school=at) for id_, name, email, at in rows
        ]
