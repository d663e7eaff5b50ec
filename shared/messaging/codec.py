"""Event dataclass ↔ wire data: a Marshmallow schema derived once from each declaration.

Readers ignore unknown keys, so that a newer writer is understood; naive times are refused.
"""

import types
from dataclasses import MISSING, fields, is_dataclass
from datetime import date, datetime
from typing import Any, Union, get_args, get_origin, get_type_hints
from uuid import UUID

from marshmallow import EXCLUDE, Schema, ValidationError, post_load
from marshmallow import fields as wire

from shared.events import Event

_SCALARS: dict[type, type[wire.Field[Any]]] = {
    str: wire.String,
    int: wire.Integer,
    bool: wire.Boolean,
    UUID: wire.UUID,
    date: wire.Date,
}


class _AwareTime(wire.AwareDateTime):
    """ISO 8601 with an offset; a naive time is refused in both directions."""

    def _serialize(self, value: Any, attr: str | None, obj: Any, **kwargs: Any) -> Any:
        if value is not None and value.tzinfo is None:
            raise ValueError(f"{attr} has no time zone")
        return super()._serialize(value, attr, obj, **kwargs)


class _Tuple(wire.List[Any]):
    """A JSON array that is a tuple in the dataclass."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:
        return tuple(super()._deserialize(value, attr, data, **kwargs))


class _Declared(Schema):
    class Meta:
        unknown = EXCLUDE


_made: dict[type[Any], Schema] = {}


class DoesNotFitError(Exception):
    """The data does not fit the declaration; `fields` are the names at fault, without their values."""

    def __init__(self, fields: list[str]) -> None:
        super().__init__(", ".join(fields))
        self.fields = fields


def encode(event: Event) -> dict[str, Any]:
    """The event's data as JSON can carry it."""
    data: dict[str, Any] = schema_of(type(event)).dump(event)
    return data


def decode(declaration: type[Event], data: Any) -> Event:
    """The event that the data stands for; DoesNotFitError when it is none."""
    try:
        event: Event = schema_of(declaration).load(data)
    except ValidationError as error:
        raise DoesNotFitError(sorted(error.messages_dict)) from None
    return event


def schema_of(declaration: type[Any]) -> Schema:
    """The schema of an event, or of a value that events carry; made once."""
    if declaration not in _made:
        _made[declaration] = _make(declaration)
    return _made[declaration]


def _make(declaration: type[Any]) -> Schema:
    hints = get_type_hints(declaration)
    members: dict[str, Any] = {}
    for item in fields(declaration):
        required = item.default is MISSING and item.default_factory is MISSING
        members[item.name] = _field(hints[item.name], required=required)

    def build(_schema: Schema, data: dict[str, Any], **_: Any) -> Any:
        return declaration(**data)

    members["build"] = post_load(build)
    made: Schema = type(f"{declaration.__name__}Schema", (_Declared,), members)()
    return made


def _field(hint: Any, *, required: bool) -> wire.Field[Any]:
    options: dict[str, Any] = {"required": required}
    if get_origin(hint) in (Union, types.UnionType):
        (hint,) = (part for part in get_args(hint) if part is not type(None))
        options["allow_none"] = True
    if get_origin(hint) is tuple:
        return _Tuple(_field(get_args(hint)[0], required=True), **options)
    if hint is datetime:
        return _AwareTime(format="iso", **options)
    if is_dataclass(hint):
        return wire.Nested(schema_of(hint), **options)  # type: ignore[arg-type]
    if hint is int:
        return wire.Integer(strict=True, **options)
    return _SCALARS[hint](**options)
