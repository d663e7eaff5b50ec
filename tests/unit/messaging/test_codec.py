from dataclasses import replace
from datetime import datetime

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.events import ALL_EVENTS, Event, RequestSubmitted, TimeFreed
from shared.events.vocabulary import Person
from shared.messaging.envelope import MalformedEventError, UnknownEventError, seal, unseal
from shared.messaging.routing import SERVICES, SUBSCRIBERS
from tests.support.events import EXAMPLES, NOON, TEACHER, an_id


@pytest.mark.parametrize("declaration", ALL_EVENTS, ids=lambda event: event.name)
def test_every_event_survives_the_wire(declaration: type[Event]) -> None:
    event = EXAMPLES[declaration]
    assert _there_and_back(event) == event


@given(st.text(), st.text(), st.sampled_from(["en", "fr", "es"]))
def test_any_text_survives_the_wire(name: str, email: str, language: str) -> None:
    if any("\ud800" <= character <= "\udfff" for character in name + email):
        return  # lone surrogates are refused at the rim; see shared.http.fields
    person = Person(id=an_id(9), name=name, email=email, language=language)
    event = replace(EXAMPLES[RequestSubmitted], teacher=person)  # type: ignore[type-var]
    assert _there_and_back(event) == event


@given(st.datetimes(timezones=st.timezones()))
def test_any_instant_survives_the_wire(instant: datetime) -> None:
    event = replace(EXAMPLES[TimeFreed], starts_at=instant)  # type: ignore[type-var]
    back = _there_and_back(event)
    assert isinstance(back, TimeFreed)
    assert back.starts_at.utctimetuple() == instant.utctimetuple()


def test_a_naive_time_is_not_told() -> None:
    naive = datetime(2026, 11, 23, 12, 0)  # noqa: DTZ001
    with pytest.raises(ValueError, match="starts_at"):
        seal(replace(EXAMPLES[TimeFreed], starts_at=naive), NOON)  # type: ignore[type-var]


def test_a_naive_time_is_not_read() -> None:
    body = _body(EXAMPLES[TimeFreed])
    body["data"]["starts_at"] = "2026-11-23T12:00:00"
    with pytest.raises(MalformedEventError, match="starts_at"):
        _unseal("time.freed", body)


def test_a_reader_ignores_what_it_does_not_know() -> None:
    body = _body(EXAMPLES[RequestSubmitted])
    body["data"]["mood"] = "sunny"
    body["data"]["teacher"]["shoe_size"] = 39
    assert _unseal("request.submitted", body) == EXAMPLES[RequestSubmitted]


def test_an_event_that_does_not_fit_names_its_fields_and_not_their_values() -> None:
    body = _body(EXAMPLES[RequestSubmitted])
    body["data"]["teacher"]["id"] = TEACHER.email
    with pytest.raises(MalformedEventError) as refused:
        _unseal("request.submitted", body)
    assert "teacher" in str(refused.value)
    assert TEACHER.email not in str(refused.value)


def test_an_unknown_name_or_version_is_told_apart_from_a_malformed_one() -> None:
    for name, version in (("request.imagined", 1), ("request.submitted", 99)):
        with pytest.raises(UnknownEventError):
            unseal(name, version, "{}")


def test_the_envelope_is_a_cloudevent() -> None:
    body = _body(EXAMPLES[RequestSubmitted])
    assert body["specversion"] == "1.0"
    assert body["type"] == "remit.request.submitted.v1"
    assert body["source"] == "/request_intake"
    assert body["subject"] == str(an_id(4))


def test_every_event_is_heard_by_services_that_exist() -> None:
    assert set(SUBSCRIBERS) == set(ALL_EVENTS)
    assert all(heard and set(heard) <= set(SERVICES) for heard in SUBSCRIBERS.values())


def test_no_event_can_carry_a_requests_words() -> None:
    for declaration in ALL_EVENTS:
        assert not {"words", "text", "need"} & set(declaration.__dataclass_fields__)


def _body(event: Event) -> dict:  # type: ignore[type-arg]
    body: dict = orjson.loads(seal(event, NOON).body)  # type: ignore[type-arg]
    return body


def _unseal(name: str, body: dict, version: int = 1) -> Event:  # type: ignore[type-arg]
    return unseal(name, version, orjson.dumps(body["data"]).decode())


def _there_and_back(event: Event) -> Event:
    return _unseal(event.name, _body(event), event.schema_version)
