"""django-appointment and django-helpdesk, served beside Remit: same server, same kind of workers, same load."""

import json
import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from shared.clock import utc_now
from tests.benchmarks import servers
from tests.benchmarks.peers import PYTHON
from tests.benchmarks.stack import Stack
from tests.support.load import get, send

FOUND, READ = 302, 200
_HERE = Path(__file__).parent
_DATABASE = "bench_peers"
_CSRF = "a" * 32
_DATES = 200


@dataclass
class DjangoSite:
    """A running site and what it was filled with."""

    port: int
    seeded: dict[str, Any]
    asked: int = 0

    def slots(self, count: int) -> list[bytes]:
        """So many questions when one of its staff is free on a day of the coming fortnight."""
        return [self._slots() for _ in range(count)]

    def requests(self, count: int) -> list[bytes]:
        """So many first POSTs of a booking."""
        return [self._request() for _ in range(count)]

    def details(self, count: int) -> list[bytes]:
        """So many second POSTs of one, each by somebody who is signed in, and each for another request."""
        paths, self.seeded["requests"] = (
            self.seeded["requests"][:count],
            self.seeded["requests"][count:],
        )
        return [self._details(path) for path in paths]

    def tickets(self, count: int) -> list[bytes]:
        """So many tickets of the public form."""
        return [self._ticket() for _ in range(count)]

    def _slots(self) -> bytes:
        number = self._next()
        query = {
            "selected_date": school_day(number % 10),
            "staff_member": self._staff(number),
            "service_id": self.seeded["service"],
        }
        path = f"/a/ajax/available_slots/?{urlencode(query)}"
        return get(path, {"X-Requested-With": "XMLHttpRequest"})

    def _request(self) -> bytes:
        number = self._next()
        hour = 8 + number % 8
        return self._form(
            "/a/request-submit/",
            {
                "date": school_day(number // 1_600 % _DATES),
                "start_time": f"{hour:02}:00",
                "end_time": f"{hour:02}:30",
                "service": self.seeded["service"],
                "staff_member": self._staff(number // 8),
            },
        )

    def _details(self, path: str) -> bytes:
        sessions = self.seeded["sessions"]
        return self._form(
            path,
            {
                "name": "Teacher Example",
                "email": "teacher@example.org",
                "phone_0": "US",
                "phone_1": "2135550123",
                "payment_type": "full",
                "want_reminder": "",
                "address": "Room 12",
                "additional_info": "Small-group phonics rotation.",
            },
            session=sessions[self._next() % len(sessions)],
        )

    def _ticket(self) -> bytes:
        return self._form(
            "/h/tickets/submit/",
            {
                "queue": self.seeded["queue"],
                "title": "Coaching for phonics",
                "body": "Help with a small-group phonics rotation, twelve words or so of note.",
                "priority": "3",
                "submitter_email": f"teacher{self._next()}@example.org",
                "due_date": "",
            },
        )

    def _form(self, path: str, fields: dict[str, Any], session: str = "") -> bytes:
        cookies = f"csrftoken={_CSRF}" + (f"; sessionid={session}" if session else "")
        headers = {
            "Content-Type": "application/x-www-form-urlencoded",
            "X-CSRFToken": _CSRF,
            "Cookie": cookies,
        }
        return send("POST", path, urlencode(fields).encode(), headers)

    def _staff(self, number: int) -> int:
        staff: list[int] = self.seeded["staff"]
        return staff[number % len(staff)]

    def _next(self) -> int:
        self.asked += 1
        return self.asked


@contextmanager
def django_site(stack: Stack, bookings: int) -> Iterator[DjangoSite]:
    """The site on a database of its own on the stack's server, with room for so many second POSTs."""
    stack.sql_in("postgres", f"CREATE DATABASE {_DATABASE}")
    try:
        environ = os.environ | {
            "PEER_DATABASE_URL": stack.administrator_url(_DATABASE),
            "PYTHONPATH": str(_HERE),
        }
        filled = subprocess.run(
            [PYTHON, _HERE / "bench_site.py", str(bookings)],
            env=environ,
            check=True,
            capture_output=True,
            text=True,
        )
        stack.sql_in(_DATABASE, "VACUUM ANALYZE")
        log = stack.data / "django.log"
        with servers.gunicorn("bench_site:create", environ, log, python=PYTHON) as port:
            yield DjangoSite(port, json.loads(filled.stdout.splitlines()[-1]))
    finally:
        stack.sql_in("postgres", f"DROP DATABASE {_DATABASE} WITH (FORCE)")


def school_day(number: int) -> str:
    """The day of that number among those from Monday to Friday, from next week on."""
    today = utc_now().date()
    weeks, weekday = divmod(number, 5)
    monday = today + timedelta(days=7 - today.weekday())
    return (monday + timedelta(weeks=weeks, days=weekday)).isoformat()
