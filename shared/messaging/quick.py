"""Event ↔ wire data by the short way: plain functions derived from the declarations, once.

The schemas of `codec` say what the wire looks like, name what is wrong, and describe it to others;
going through them costs 100 us an event, this 10. What does not fit here at once is doubted, and then
the schema decides.
"""

import types
from collections.abc import Callable
from dataclasses import MISSING, fields, is_dataclass
from datetime import date, datetime
from typing import Any, Union, get_args, get_origin, get_type_hints
from uuid import UUID

import orjson

Read = Callable[[Any], Any]

_made: dict[type[Any], Read] = {}


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


def read(declaration: type[Any], data: Any) -> Any:
    """The event of this declaration in `data`; Doubt when it is not of the plain form."""
    try:
        return _reader_of(declaration)(data)
    except (TypeError, ValueError, KeyError, IndexError) as error:
        raise Doubt from error


def _moment(value: object) -> str:
    if isinstance(value, datetime):
        if value.tzinfo is None:
            raise ValueError("a time has no zone")
        return value.isoformat()
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(type(value).__name__)


def _reader_of(declaration: type[Any]) -> Read:
    if declaration not in _made:
        _made[declaration] = _make(declaration)
    return _made[declaration]


def _make(declaration: type[Any]) -> Read:
    hints = get_type_hints(declaration)
    required: list[tuple[str, Read]] = []
    optional: list[tuple[str, Read, Any]] = []
    for item in fields(declaration):
        reader = _value_reader(hints[item.name])
        if item.default is MISSING:
            required.append((item.name, reader))
        else:
            optional.append((item.name, reader, item.default))

    def read_declared(data: Any) -> Any:
        if type(data) is not dict:
            raise Doubt
        # Declarations are plain: their constructor would only set the same values, each past its own
        # freeze, which is nearly half of reading.
        event = object.__new__(declaration)
        values = event.__dict__
        for name, reader in required:
            values[name] = reader(data[name])
        for name, reader, default in optional:
            values[name] = reader(data[name]) if name in data else default
        return event

    return read_declared


def _value_reader(hint: Any) -> Read:
    origin = get_origin(hint)
    if origin in (Union, types.UnionType):
        (inner,) = (part for part in get_args(hint) if part is not type(None))
        reader = _value_reader(inner)
        return lambda value: None if value is None else reader(value)
    if origin is tuple:
        item = _value_reader(get_args(hint)[0])
        return lambda value: tuple([item(one) for one in _exactly(list, value)])
    if is_dataclass(hint):
        return _reader_of(hint)  # type: ignore[arg-type]
    return _PLAIN[hint]


def _exactly(kind: type[Any], value: Any) -> Any:
    if type(value) is not kind:
        raise Doubt
    return value


def _text(value: Any) -> str:
    if type(value) is not str:
        raise Doubt
    return value


def _number(value: Any) -> int:
    if type(value) is not int:
        raise Doubt
    return value


def _flag(value: Any) -> bool:
    if type(value) is not bool:
        raise Doubt
    return value


def _id(value: Any) -> UUID:
    if type(value) is not str or len(value) != 36:
        raise Doubt
    return UUID(value)


def _day(value: Any) -> date:
    if len(value) != 10:
        raise Doubt
    return date.fromisoformat(value)


def _instant(value: Any) -> datetime:
    if value[10] != "T" or value[13] != ":" or value[16] != ":":
        raise Doubt
    instant = datetime.fromisoformat(value)
    if instant.tzinfo is None:
        raise Doubt
    return instant


_PLAIN: dict[Any, Read] = {
    str: _text,
    int: _number,
    bool: _flag,
    UUID: _id,
    date: _day,
    datetime: _instant,
}
