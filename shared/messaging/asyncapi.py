"""The published language as an AsyncAPI 3.0 document, drawn from the declarations and the routing."""

import re
from typing import Any

from apispec import APISpec
from apispec.ext.marshmallow import MarshmallowPlugin

from shared.events import ALL_EVENTS, Event
from shared.messaging.codec import schema_of
from shared.messaging.routing import SUBSCRIBERS

_ENVELOPE = {
    "type": "object",
    "required": ["specversion", "id", "source", "type", "subject", "time", "data"],
    "properties": {
        "specversion": {"const": "1.0"},
        "id": {"type": "string", "format": "uuid"},
        "source": {"type": "string", "description": "The service that tells, as a path."},
        "subject": {"type": "string", "format": "uuid", "description": "The aggregate's id."},
        "time": {"type": "string", "format": "date-time", "description": "When it was recorded."},
        "datacontenttype": {"const": "application/json"},
    },
}


def document() -> dict[str, Any]:
    """The AsyncAPI document: a channel per event, who sends it, and who receives it."""
    schemas = _schemas()
    return {
        "asyncapi": "3.0.0",
        "info": {
            "title": "Remit events",
            "version": "1",
            "description": "CloudEvents 1.0 in JSON, kept in PostgreSQL (schema bus). Readers ignore"
            " unknown keys.",
            "license": {"name": "MIT"},
        },
        "channels": {
            event.name: {
                "address": event.name,
                "messages": {event.__name__: {"$ref": f"#/components/messages/{event.__name__}"}},
            }
            for event in ALL_EVENTS
        },
        "operations": dict(_operation(*each) for each in _told_and_heard()),
        "components": {
            "messages": {event.__name__: _message(event) for event in ALL_EVENTS},
            "schemas": schemas,
        },
    }


def _told_and_heard() -> list[tuple[type[Event], str, str]]:
    told = [(event, event.source, "send") for event in ALL_EVENTS]
    heard = [(event, who, "receive") for event in ALL_EVENTS for who in SUBSCRIBERS[event]]
    return told + heard


def _operation(event: type[Event], service: str, action: str) -> tuple[str, dict[str, Any]]:
    verb = "tells" if action == "send" else "hears"
    channel = f"#/channels/{event.name}"
    return f"{service} {verb} {event.name}", {
        "action": action,
        "channel": {"$ref": channel},
        "messages": [{"$ref": f"{channel}/messages/{event.__name__}"}],
    }


def _message(event: type[Event]) -> dict[str, Any]:
    data = {
        "type": {"const": f"remit.{event.name}.v{event.schema_version}"},
        "data": {"$ref": f"#/components/schemas/{event.__name__}"},
    }
    return {
        "name": event.name,
        "contentType": "application/cloudevents+json",
        "summary": re.sub(r"\s+", " ", (event.__doc__ or "").split("\n\n")[0]).strip(),
        "payload": {**_ENVELOPE, "properties": {**_ENVELOPE["properties"], **data}},  # type: ignore[dict-item]
    }


def _schemas() -> dict[str, Any]:
    def name(schema: Any) -> str:
        made = schema if isinstance(schema, type) else type(schema)
        return made.__name__.removesuffix("Schema")

    spec = APISpec(
        title="",
        version="1",
        openapi_version="3.1.0",
        plugins=[MarshmallowPlugin(schema_name_resolver=name)],
    )
    for event in ALL_EVENTS:
        if event.__name__ not in spec.components.schemas:
            spec.components.schema(event.__name__, schema=schema_of(event))
    return dict(sorted(spec.components.schemas.items()))
