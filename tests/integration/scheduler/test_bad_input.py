"""Whatever is sent to the scheduler is answered: refused with its field, or taken; never an error of ours."""

import json
from collections.abc import Iterator
from copy import deepcopy
from datetime import timedelta
from typing import Any

import pytest
from werkzeug.test import Client

from shared.clock import utc_now
from tests.support.postgres import Server
from tests.support.request_intake.bad_input import CANARY
from tests.support.request_intake.division import MAYA, OFFICE, SCHOOL_ID
from tests.support.scheduler.pages import Site

pytestmark = pytest.mark.filterwarnings("ignore::ResourceWarning")

API = "/api/scheduler/v1"
_TODAY = utc_now().date()
_FIRST, _LAST = (_TODAY - timedelta(days=9)).isoformat(), (_TODAY + timedelta(days=90)).isoformat()
_NEXT = (_TODAY + timedelta(days=1)).isoformat()
_SOON = (utc_now() + timedelta(days=3)).replace(microsecond=0).isoformat()
YEAR: dict[str, Any] = {
    "version": 0,
    "first_day": _FIRST,
    "last_day": _LAST,
    "labels": ["1", "2"],
    "weekdays": [1, 2, 3, 4, 5],
    "shifts": True,
    "cover": "",
    "terms": [{"name": "Fall", "first_day": _FIRST, "last_day": _LAST}],
    "bells": [
        {
            "labels": ["1"],
            "weekdays": [5],
            "special": "late",
            "periods": [
                {"name": "1", "starts": "08:30", "ends": "09:25"},
                {"name": "2", "starts": "09:30", "ends": "10:25"},
            ],
        }
    ],
    "closures": [{"day": _LAST, "kind": "holiday", "shifts": True}],
    "specials": [{"day": _LAST, "name": "late"}],
    "spot": {"latitude": 53.5, "longitude": -113.5},
}
PAIR, OTHER_PAIR = {"label": "1", "period": "1"}, {"label": "1", "period": "2"}
BODIES: dict[tuple[str, str], dict[str, Any]] = {
    ("PUT", f"/school-years/{SCHOOL_ID}"): YEAR,
    ("PUT", f"/teachers/{MAYA}/timetable"): {
        "version": 0,
        "teaches": [PAIR],
        "prepares": [OTHER_PAIR],
    },
    ("PUT", "/travel"): {
        "version": 1,
        "kmh": 50,
        "ways": [{"start": "birch", "end": "tamarack", "minutes": 5}],
    },
    ("POST", "/closures"): {"day": _NEXT, "school_ids": [str(SCHOOL_ID)], "reason": "Snow"},
    ("POST", f"/meetings/{SCHOOL_ID}/move"): {"sequence": 0, "starts_at": _SOON},
}
HOSTILE: tuple[Any, ...] = (
    *(None, True, 5, -1, 10**30, 1.5, [], [[]], {}, {"a": CANARY}, "", "   ", "x" * 300, CANARY),
    *("a\0b", "a\ud800b", "a\u202eb", "a\nb", "a/b", "2026-02-30", "0001-01-01", "9999-12-31"),
    *("25:00", "08:30:00", "08:30+00:00", "NaN", "../x", "{{7*7}}", "'; DROP TABLE"),
)


@pytest.fixture(scope="module")
def site(postgres: Server) -> Iterator[Site]:
    with postgres.clone() as database:
        site = Site(database)
        assert site.program(OFFICE, "admin").done("PUT", f"/school-years/{SCHOOL_ID}", YEAR)
        yield site


def places(body: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Where anything stands in a body."""
    entries = enumerate(body) if isinstance(body, list) else body.items()
    for name, value in entries:
        yield (*path, name)
        if isinstance(value, list | dict):
            yield from places(value, (*path, name))


def spoiled(body: dict[str, Any], place: tuple[Any, ...], value: Any) -> dict[str, Any]:
    made = deepcopy(body)
    inner: Any = made
    for name in place[:-1]:
        inner = inner[name]
    inner[place[-1]] = value
    return made


@pytest.mark.parametrize(("method", "path"), BODIES, ids=lambda one: one)
def test_a_body_with_one_thing_wrong_is_answered_and_names_it(
    site: Site, method: str, path: str
) -> None:
    role = {"/teachers": (MAYA, "teacher"), "/meetings": (MAYA, "teacher")}
    who = next((one for start, one in role.items() if path.startswith(start)), (OFFICE, "admin"))
    client = Client(site.app, use_cookies=False)
    headers = {"Authorization": f"Bearer {site.division.token(*who)}"}
    body, wrong = BODIES[method, path], []
    for place in places(body):
        for value in HOSTILE:
            sent = json.dumps(spoiled(body, place, value))
            answer = client.open(
                API + path,
                method=method,
                headers=headers,
                data=sent,
                content_type="application/json",
            )
            if not _is_right(answer.status_code, answer.get_json(), str(place[0])):
                wrong.append((place, value, answer.status_code, answer.get_json()))
    assert wrong == []


def _is_right(status: int, answer: Any, field: str) -> bool:
    if status != 422:
        return status in (200, 201, 400, 404, 409)
    named = [fault["field"].partition(".")[0] for fault in answer["errors"]]
    related = {
        "first_day",
        "last_day",
        "bells",
        "terms",
        "closures",
        "specials",
        "school_ids",
        field,
    }
    return set(named) <= related and CANARY not in json.dumps(answer)


_TYPED = (
    "first_day",
    "last_day",
    "labels",
    "cover",
    "terms",
    "bells",
    "closures",
    "specials",
    "spot",
)
_TEXTS = (
    *(
        "\0",
        "a\0b",
        "\u202e",
        "9999-12-31",
        "0001-01-01",
        "9" * 5_000,
        "x\n" * 3_000,
        "🎒 8:30-9:25",
    ),
    *("0001-01-01 to 9999-12-31", "1 8:30-9:25\0", "%s {{7*7}} <script>", "1e999, -1e999"),
    *("9999-12-31\n9999-12-30", "\u0660\u0661:30-9:25", "days \0:\n1 8:30-9:25"),
)
_GOOD_YEAR = {"first_day": _FIRST, "last_day": _LAST, "weekday": "1", "version": "0"}
_FORMS: tuple[tuple[str, dict[str, str], tuple[str, ...]], ...] = (
    (f"/school-years/{SCHOOL_ID}", _GOOD_YEAR | {"do": "look"}, (*_TYPED, "weekday", "do")),
    (f"/school-years/{SCHOOL_ID}", _GOOD_YEAR | {"do": "save"}, (*_TYPED, "version")),
    (f"/school-years/{SCHOOL_ID}", _GOOD_YEAR | {"do": "copy"}, ("copy_from", "bells")),
    ("/travel", {"version": "1", "kmh": "50", "ways": ""}, ("kmh", "ways", "version")),
    ("/closures", {"day": _NEXT, "reason": "", "every": "1"}, ("day", "reason")),
)


@pytest.mark.parametrize(("path", "good", "fields"), _FORMS)
def test_a_page_answers_whatever_is_typed(
    site: Site, path: str, good: dict[str, str], fields: tuple[str, ...]
) -> None:
    office = site.window()
    office.get(path)
    for field in fields:
        for text in _TEXTS:
            status = office.post(path, **(good | {field: text})).status_code
            assert status in (200, 303, 409, 422), (field, text)


def test_her_page_answers_whatever_is_chosen(site: Site) -> None:
    maya = site.window(MAYA)
    maya.get("/my-timetable")
    for text in _TEXTS:
        for sent in ({"version": text}, {f"at/{text}/{text}": "prep"}, {f"at/{text}": "teach"}):
            assert maya.post("/my-timetable", **sent).status_code in (303, 409, 422), sent
