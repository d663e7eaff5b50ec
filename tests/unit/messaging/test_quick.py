"""The short way says what the schemas say, or leaves it to them."""

from dataclasses import MISSING, fields, replace
from datetime import datetime
from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.events import ALL_EVENTS, Event, RequestSubmitted, TimeFreed
from shared.messaging import quick
from shared.messaging.codec import schema_of
from tests.support.events import EXAMPLES


def on_the_wire(event: Event) -> Any:
    return orjson.loads(orjson.dumps(schema_of(type(event)).dump(event)))


def text(data: Any) -> str:
    return orjson.dumps(data).decode()


@pytest.mark.parametrize("declaration", ALL_EVENTS, ids=lambda event: event.name)
def test_it_writes_what_the_schema_writes(declaration: type[Event]) -> None:
    event = EXAMPLES[declaration]
    assert orjson.loads(quick.write({"data": event}))["data"] == on_the_wire(event)


@pytest.mark.parametrize("declaration", ALL_EVENTS, ids=lambda event: event.name)
def test_it_reads_what_the_schema_reads(declaration: type[Event]) -> None:
    data = on_the_wire(EXAMPLES[declaration])
    assert quick.read(declaration, text(data)) == schema_of(declaration).load(data)


@given(st.datetimes(timezones=st.timezones()))
def test_any_instant_is_written_as_the_schema_writes_it(instant: datetime) -> None:
    event = replace(EXAMPLES[TimeFreed], starts_at=instant)  # type: ignore[type-var]
    assert orjson.loads(quick.write({"data": event}))["data"] == on_the_wire(event)


_JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-5, 5)
    | st.floats(allow_nan=False)
    | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=4), inner, max_size=2)
    ),
    max_leaves=4,
)


@pytest.mark.parametrize("declaration", ALL_EVENTS, ids=lambda event: event.name)
@given(found=st.data())
def test_what_it_reads_from_spoilt_data_the_schema_reads_alike(
    declaration: type[Event], found: st.DataObject
) -> None:
    data = on_the_wire(EXAMPLES[declaration])
    spoilt = found.draw(st.sampled_from(sorted(data)))
    data[spoilt] = found.draw(_JSON)
    try:
        event = quick.read(declaration, text(data))
    except quick.Doubt:
        return
    assert event == schema_of(declaration).load(data)


@pytest.mark.parametrize(
    "missing",
    [field.name for field in fields(RequestSubmitted) if field.default is MISSING],
)
def test_missing_data_is_doubted_unless_it_has_a_default(missing: str) -> None:
    data = on_the_wire(EXAMPLES[RequestSubmitted])
    del data[missing]
    with pytest.raises(quick.Doubt):
        quick.read(RequestSubmitted, text(data))
