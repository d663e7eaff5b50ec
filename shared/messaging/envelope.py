"""Events on the wire: CloudEvents 1.0 in JSON (cloudevents.io, spec v1.0.2)."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import orjson

from shared.events import ALL_EVENTS, Event
from shared.identity import new_id
from shared.messaging import quick
from shared.messaging.codec import DoesNotFitError, decode, encode

_BY_WIRE_NAME = {(event.name, event.schema_version): event for event in ALL_EVENTS}


class UnknownEventError(Exception):
    """The writer is newer than this process: the event waits for a newer reader (it is parked)."""


class MalformedEventError(Exception):
    """The stored event does not fit its declaration; it names the fields, never their values."""


@dataclass(frozen=True, kw_only=True)
class Envelope:
    """An event sealed for the bus. `body` is the whole CloudEvent as JSON text."""

    id: UUID
    name: str
    schema_version: int
    aggregate_id: UUID
    body: str


def seal(event: Event, now: datetime, event_id: UUID | None = None) -> Envelope:
    """Put an event into its envelope; `now` is when it was recorded (aware)."""
    id_ = event_id or new_id()
    cloud_event = {
        "specversion": "1.0",
        "id": str(id_),
        "source": f"/{event.source}",
        "type": f"remit.{event.name}.v{event.schema_version}",
        "subject": str(event.aggregate_id),
        "time": now.isoformat(),
        "datacontenttype": "application/json",
        "data": event,
    }
    return Envelope(
        id=id_,
        name=event.name,
        schema_version=event.schema_version,
        aggregate_id=event.aggregate_id,
        body=_as_json(cloud_event, event),
    )


def _as_json(cloud_event: dict[str, Any], event: Event) -> str:
    try:
        return quick.write(cloud_event)
    except quick.Doubt:
        return orjson.dumps(cloud_event | {"data": encode(event)}).decode()


def unseal(name: str, schema_version: int, data: str) -> Event:
    """The event that a stored body holds under `data`, as JSON text.

    Raises UnknownEventError for a name or version that this process does not know, and
    MalformedEventError when the data does not fit.
    """
    declaration = _BY_WIRE_NAME.get((name, schema_version))
    if declaration is None:
        raise UnknownEventError(f"{name} v{schema_version}")
    try:
        return _read(declaration, data)
    except DoesNotFitError as error:
        raise MalformedEventError(f"{name} v{schema_version}: {error}") from error


def _read(declaration: type[Event], data: str) -> Event:
    try:
        return quick.read(declaration, data)
    except quick.Doubt:
        return decode(declaration, orjson.loads(data))
