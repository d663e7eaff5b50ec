"""The corpus of bad input: named cases, each with the status and, where there is one, the field."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from tests.support.request_intake.division import an_ask_body

CANARY = "CANARY-7f3a"


@dataclass(frozen=True)
class BadBody:
    """A body that must be refused."""

    name: str
    body: bytes
    status: int
    field: str | None = None
    content_type: str = "application/json"


def _fields(name: str, field: str, **changes: Any) -> BadBody:
    body = {**an_ask_body(words=f"{CANARY} please"), **changes}
    return BadBody(name, json.dumps(body).encode(), 422, field)


_TEXTS = {
    "nul": "a\0b",
    "lone high surrogate": "a\ud800b",
    "lone low surrogate": "a\udfffb",
    "only spaces": "   ",
    "only zero width": "\u200b\u200d\u2060",
    "only newlines": "\n\n",
    "bell": "a\x07b",
    "escape": "a\x1b[31mb",
    "vertical tab": "a\x0bb",
    "form feed": "a\x0cb",
    "delete": "a\x7fb",
    "next line": "a\x85b",
    "c1": "a\x9bb",
    "line separator": "a\u2028b",
    "paragraph separator": "a\u2029b",
    "right to left override": "a\u202eb",
    "isolate": "a\u2066b",
    "zalgo": "a" + "\u0301" * 10_000,
    "short zalgo": "z" + "\u0336" * 9,
    "not a character": "a\uffffb",
    "private use": "a\ue000b",
    "empty": "",
    "number": 5,
    "10^30": 10**30,
    "true": True,
    "list": ["a"],
    "object": {"a": "b"},
    "null": None,
    "too long": "x" * 2_001,
    "a carriage return alone": "a\rb",
}
_LINE_TEXTS = {
    "header injection": "12\r\nBcc: x@example.org",
    "newline": "12\n13",
    "tab": "12\t13",
    "too long": "x" * 81,
}
_INSTANTS = {
    "naive": "2027-01-04T09:00:00",
    "date only": "2027-01-04",
    "year zero": "0000-01-04T09:00:00Z",
    "year 9999 overflow": "9999-12-31T23:59:59-14:00",
    "29 Feb of a common year": "2027-02-29T09:00:00Z",
    "leap second": "2026-12-31T23:59:60Z",
    "month 13": "2027-13-01T09:00:00Z",
    "offset 25 h": "2027-01-04T09:00:00+25:00",
    "zone name": "2027-01-04T09:00:00[Mars/X]",
    "number": 1799000000,
    "10^30": 10**30,
    "text": "tomorrow",
    "empty": "",
    "null": None,
    "ordinal": "2027-004T09:00:00Z",
    "week": "2027-W01-1T09:00:00Z",
    "fullwidth digits": "\uff12\uff10\uff12\uff17-01-04T09:00:00Z",
    "space": "2027-01-04 09:00:00Z",
    "trailing newline": "2027-01-04T09:00:00Z\n",
}
_GOOD_WINDOW = {"starts_at": "2027-01-04T09:00:00-07:00", "ends_at": "2027-01-04T11:00:00-07:00"}
_WINDOWS = {
    "end before start": ({**_GOOD_WINDOW, "ends_at": "2027-01-04T08:00:00-07:00"}, "ends_at"),
    "zero length": ({**_GOOD_WINDOW, "ends_at": "2027-01-04T09:00:00-07:00"}, "ends_at"),
    "past": (
        {"starts_at": "2020-01-04T09:00:00Z", "ends_at": "2020-01-04T10:00:00Z"},
        "ends_at",
    ),
    "too far ahead": (
        {"starts_at": "2099-01-04T09:00:00Z", "ends_at": "2099-01-04T10:00:00Z"},
        "ends_at",
    ),
    "no start": ({"ends_at": "2027-01-04T11:00:00-07:00"}, "starts_at"),
    "unknown field": ({**_GOOD_WINDOW, "zone": "Mars/X"}, "zone"),
}


def _of_texts() -> Iterator[BadBody]:
    for name, text in _TEXTS.items():
        yield _fields(f"words: {name}", "words", words=text)
    for field in ("topic", "support_mode", "school", "meeting"):
        for name, text in {**_TEXTS, **_LINE_TEXTS}.items():
            yield _fields(f"{field}: {name}", field, **{field: text})
    for name, text in {**_TEXTS, **_LINE_TEXTS}.items():
        # Whoever has no room may say so.
        if name not in ("empty", "only spaces", "only zero width", "only newlines"):
            yield _fields(f"room: {name}", "room", room=text)
    for name in ("-1", "01", "hello'; DROP TABLE", "../x", "%s", "{{7*7}}", "${jndi:x}", "=1+1"):
        yield _fields(f"topic: {name}", "topic", topic=name)
        yield _fields(f"school: {name}", "school", school=name)


def _of_windows() -> Iterator[BadBody]:
    for name, instant in _INSTANTS.items():
        for end in ("starts_at", "ends_at"):
            window = {**_GOOD_WINDOW, end: instant}
            yield _fields(f"{end}: {name}", f"windows.0.{end}", windows=[window])
    for name, (window, field) in _WINDOWS.items():
        yield _fields(f"window: {name}", f"windows.1.{field}", windows=[_GOOD_WINDOW, window])
    for name, windows in {
        "object": {},
        "text": "x",
        "null": None,
        "21": [_GOOD_WINDOW] * 21,
    }.items():
        yield _fields(f"windows: {name}", "windows", windows=windows)
    for name, window in {"text": "x", "number": 3, "list": []}.items():
        yield _fields(f"window: {name}", "windows.0", windows=[window])
    yield _fields("window: null", "windows.0", windows=[None])


def _of_names() -> Iterator[BadBody]:
    stolen = ("id", "teacher_id", "role", "status", "state", "coach_id", "decision", "version")
    for name in (*stolen, "__proto__", "constructor", "model_version", "school_id"):
        yield _fields(f"unknown: {name}", name, **{name: CANARY})
    yield _fields("unknown: a name that carries text", "(a name we do not know)", **{CANARY: 1})
    yield BadBody("no words", json.dumps({"topic": "payroll"}).encode(), 422, "words")
    yield BadBody("empty object", b"{}", 422, "words")


def _of_json() -> Iterator[BadBody]:
    good = json.dumps(an_ask_body(words=CANARY)).encode()
    for name, body in {
        "duplicate names": b'{"words": "a", "words": "b"}',
        "duplicate names inside": b'{"words": "a", "windows": [{"x": 1, "x": 2}]}',
        "deep lists": b'{"words": ' + b"[" * 100_000 + b"]" * 100_000 + b"}",
        "deep objects": b'{"a":' * 20_000 + b"1" + b"}" * 20_000,
        "byte order mark": b"\xef\xbb\xbf" + good,
        "utf-16": good.decode().encode("utf-16"),
        "latin-1": '{"words": "élève"}'.encode("latin-1"),
        "overlong utf-8": b'{"words": "\xc0\x80"}',
        "raw surrogate bytes": b'{"words": "\xed\xa0\x80"}',
        "trailing bytes": good + b"x",
        "two documents": good + good,
        "not json": b"words=help",
        "single quotes": b"{'words': 'a'}",
        "NaN": b'{"words": NaN}',
        "Infinity": b'{"words": -Infinity}',
        "cut short": good[:-3],
        "raw control character": b'{"words": "a\x01b"}',
        "comment": b'{"words": "a" /* b */}',
        "trailing comma": b'{"words": "a",}',
        "an integer of 5,000 digits": b'{"words": ' + b"9" * 5_000 + b"}",
    }.items():
        yield BadBody(f"json: {name}", body, 400)
    for name, body in {"array": b"[]", "text": b'"a"', "number": b"1", "null": b"null"}.items():
        yield BadBody(f"json root: {name}", body, 422, "body")
    yield BadBody("json: 1e400", b'{"words": 1e400}', 422, "words")


def _of_http() -> Iterator[BadBody]:
    good = json.dumps(an_ask_body(words=CANARY)).encode()
    for content_type in (
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
        "text/plain",
        "text/json",
        "application/xml",
        "application/json; charset=latin-1",
        "application/json; charset=utf-16",
        "application/jsonp",
        "",
    ):
        yield BadBody(f"type: {content_type or 'none'}", good, 415, content_type=content_type)
    large = json.dumps(an_ask_body(words="x" * 300_000)).encode()
    yield BadBody("oversized: 300 KB", large, 413)
    yield BadBody("oversized: 10 MB", b" " * 10_000_000, 413)


BAD_BODIES = (*_of_texts(), *_of_windows(), *_of_names(), *_of_json(), *_of_http())
