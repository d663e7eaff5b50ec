"""Event ↔ wire data by the short way: compiled readers and writers for the declarations.

The schemas of `codec` say what the wire looks like, name what is wrong, and describe it to others;
going through them costs 100 us an event, this 3. What does not fit here at once is doubted, and then
the schema decides.
"""

from datetime import date, datetime
from typing import Any

import msgspec
import orjson

from shared.events import ALL_EVENTS, Event

_DECODERS = {declaration: msgspec.json.Decoder(declaration) for declaration in ALL_EVENTS}


class Doubt(Exception):  # noqa: N818  -- reads as what it says
    """Not of the plain form: ask the schema."""


def write(cloud_event: dict[str, Any]) -> str:
    """JSON text of a dict that holds an event as it is; Doubt when a time has no zone."""
    try:
        return orjson.dumps(
            cloud_event, default=_moment, option=orjson.OPT_PASSTHROUGH_DATETIME
        ).decode()
    except TypeError as error:
        raise Doubt from error


def read(declaration: type[Event], data: str) -> Event:
    """The event of this declaration in JSON text; Doubt when it is not of the plain form."""
    try:
        return _DECODERS[declaration].decode(data)
    except msgspec.DecodeError as error:
        raise Doubt from error


def _moment(value: object) -> str:
    if isinstance(value, datetime):
        if value.tzinfo is None:
            raise ValueError("a time has no zone")
        return value.isoformat()
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(type(value).__name__)
