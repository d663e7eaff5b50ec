"""Marshmallow fields that take only what every later step can hold, and say what would be right.

Marshmallow's own pass three things that PostgreSQL refuses: NUL, lone surrogates, 10^30.
"""

import re
from collections.abc import Mapping
from contextlib import suppress
from datetime import UTC, date, datetime, time
from typing import Any, TypeVar
from uuid import UUID

from marshmallow import RAISE, Schema, ValidationError, fields, post_load

from shared.http.problems import FieldFault
from shared.http.text import TextFault, clean

T = TypeVar("T")

_UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\Z")
_INSTANT = re.compile(
    r"\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d{1,6})?)?(?:Z|[+-]\d\d:\d\d)\Z", re.ASCII
)
_DAY = re.compile(r"\d{4}-\d\d-\d\d\Z", re.ASCII)
_WALL = re.compile(r"(?:[01]\d|2[0-3]):[0-5]\d\Z", re.ASCII)
_A_TEXT = "a text in quotes"
_A_DAY = "a day such as 2027-03-01"
_AN_INSTANT = "an instant with its offset, such as 2027-03-01T09:00:00-07:00"


def fault(message: str, right: str) -> list[Any]:
    """One refusal, as Marshmallow passes it on."""
    return [FieldFault(field="", message=message, right=right)]


def _refuse(message: str, right: str) -> ValidationError:
    return ValidationError(fault(message, right))


_REQUIRED: dict[str, str | list[Any] | dict[Any, Any]] = {
    "required": fault("is missing", "a value for this field"),
    "null": fault("is null", "a value, or no such field"),
}


class StrictSchema(Schema):
    """A request's schema: an unknown field is refused, never ignored.

    What is right is loaded by the short way; what is not goes through Marshmallow's own, which names
    every fault.
    """

    error_messages = {  # noqa: RUF012  -- Marshmallow's own way
        "unknown": fault("is not known here", "only the described fields")[0],
        "type": fault("is not an object", "an object with the described fields")[0],
    }

    class Meta:
        unknown = RAISE

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self._required = {name for name, field in self.load_fields.items() if field.required}
        self._taken = {
            name: getattr(field, "taken", field.deserialize)
            for name, field in self.load_fields.items()
        }

    def made(self, data: dict[str, Any]) -> Any:
        """What becomes of the loaded fields."""
        return data

    def load(self, data: Any, **options: Any) -> Any:
        """`made` of the data; raises ValidationError naming every fault."""
        if type(data) is dict and not any(options.values()) and self._required <= data.keys():
            with suppress(KeyError, ValidationError):
                taken = self._taken
                return self.made({name: taken[name](value) for name, value in data.items()})
        return super().load(data, **options)

    @post_load
    def _made(self, data: dict[str, Any], **_kwargs: Any) -> Any:
        return self.made(data)


class _Field(fields.Field[T]):
    """A field that refuses in our words and describes itself to OpenAPI."""

    default_error_messages = _REQUIRED

    def __init__(self, described: Mapping[str, Any], **kwargs: Any) -> None:
        kwargs["metadata"] = {**described, **kwargs.get("metadata", {})}
        super().__init__(**kwargs)

    def taken(self, value: Any) -> T:
        """The value as it is used inside; raises ValidationError."""
        raise NotImplementedError

    def shown(self, value: T) -> Any:
        """The value as JSON."""
        return value

    def _deserialize(self, value: Any, *_args: Any, **_kwargs: Any) -> T:
        return self.taken(value)

    def _serialize(self, value: T | None, *_args: Any, **_kwargs: Any) -> Any:
        return None if value is None else self.shown(value)


class CleanStr(_Field[str]):
    """A text of visible characters, trimmed. `lines` allows line breaks and tabs."""

    def __init__(
        self, *, longest: int, shortest: int = 1, lines: bool = False, **kwargs: Any
    ) -> None:
        super().__init__({"type": "string", "minLength": shortest, "maxLength": longest}, **kwargs)
        self._shortest, self._longest, self._lines = shortest, longest, lines

    def taken(self, value: Any) -> str:
        if not isinstance(value, str):
            raise _refuse("is not a text", _A_TEXT)
        found = clean(value, shortest=self._shortest, longest=self._longest, lines=self._lines)
        if isinstance(found, TextFault):
            raise _refuse(found.message, found.right)
        return found


class Choice(_Field[str]):
    """One of a few words, exactly as written."""

    def __init__(self, *choices: str, **kwargs: Any) -> None:
        super().__init__({"type": "string", "enum": list(choices)}, **kwargs)
        self._choices = choices

    def taken(self, value: Any) -> str:
        if not isinstance(value, str) or value not in self._choices:
            raise _refuse("is none of the choices", f"one of: {', '.join(self._choices)}")
        return value


class StrictBool(_Field[bool]):
    """true or false, and no other word for it."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__({"type": "boolean"}, **kwargs)

    def taken(self, value: Any) -> bool:
        if not isinstance(value, bool):
            raise _refuse("is neither true nor false", "true or false")
        return value


class BoundedInt(_Field[int]):
    """A whole number within bounds; no text, no fraction, no true or false."""

    def __init__(self, *, minimum: int, maximum: int, **kwargs: Any) -> None:
        super().__init__({"type": "integer", "minimum": minimum, "maximum": maximum}, **kwargs)
        self._minimum, self._maximum = minimum, maximum

    def taken(self, value: Any) -> int:
        right = f"a whole number from {self._minimum} to {self._maximum}"
        if type(value) is not int:
            raise _refuse("is not a whole number", right)
        if not self._minimum <= value <= self._maximum:
            raise _refuse("is out of bounds", right)
        return value


class AwareDateTime(_Field[datetime]):
    """An instant that says its offset from UTC (RFC 3339); kept in UTC."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__({"type": "string", "format": "date-time"}, **kwargs)

    def shown(self, value: datetime) -> str:
        return value.astimezone(UTC).isoformat().replace("+00:00", "Z")

    def taken(self, value: Any) -> datetime:
        if not isinstance(value, str) or not _INSTANT.match(value):
            raise _refuse("is not an instant", _AN_INSTANT)
        try:
            return datetime.fromisoformat(value).astimezone(UTC)
        except (ValueError, OverflowError) as error:
            raise _refuse("is a time that does not exist", _AN_INSTANT) from error


class LocalDay(_Field[date]):
    """A day of the calendar, as the division lives it."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__({"type": "string", "format": "date"}, **kwargs)

    def shown(self, value: date) -> str:
        return value.isoformat()

    def taken(self, value: Any) -> date:
        if not isinstance(value, str) or not _DAY.match(value):
            raise _refuse("is not a day", _A_DAY)
        try:
            return date.fromisoformat(value)
        except ValueError as error:
            raise _refuse("is a day that does not exist", _A_DAY) from error


class WallTime(_Field[time]):
    """A time of day by the clock on the wall, to the minute: 08:30."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__({"type": "string", "pattern": "^([01][0-9]|2[0-3]):[0-5][0-9]$"}, **kwargs)

    def shown(self, value: time) -> str:
        return f"{value:%H:%M}"

    def taken(self, value: Any) -> time:
        if not isinstance(value, str) or not _WALL.match(value):
            raise _refuse("is not a time of day", "hours and minutes, from 00:00 to 23:59")
        return time.fromisoformat(value)


class BoundedNumber(_Field[float]):
    """A number within bounds; no text, no true or false."""

    def __init__(self, *, minimum: float, maximum: float, **kwargs: Any) -> None:
        super().__init__({"type": "number", "minimum": minimum, "maximum": maximum}, **kwargs)
        self._minimum, self._maximum = minimum, maximum

    def taken(self, value: Any) -> float:
        if type(value) not in (int, float) or not self._minimum <= value <= self._maximum:
            right = f"a number from {self._minimum:g} to {self._maximum:g}"
            raise _refuse("is not such a number", right)
        return float(value)


class StrictUUID(_Field[UUID]):
    """An identifier in its one canonical spelling: 36 small characters."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__({"type": "string", "format": "uuid"}, **kwargs)

    def shown(self, value: UUID) -> str:
        return str(value)

    def taken(self, value: Any) -> UUID:
        found = read_uuid(value)
        if found is None:
            raise _refuse("is not an identifier", "36 characters, as you were given it")
        return found


def read_uuid(value: Any) -> UUID | None:
    """The identifier if it is spelled canonically, else None."""
    return UUID(value) if isinstance(value, str) and _UUID.match(value) else None


class ListOf(fields.List[Any]):
    """A list of at most so many."""

    default_error_messages = {  # noqa: RUF012  -- Marshmallow's own way
        **_REQUIRED,
        "invalid": fault("is not a list", "a list in square brackets"),
    }

    def __init__(self, item: fields.Field[Any], *, most: int, **kwargs: Any) -> None:
        kwargs["metadata"] = {"maxItems": most, **kwargs.get("metadata", {})}
        super().__init__(item, **kwargs)
        self._most = most

    def taken(self, value: Any) -> list[Any]:
        """The entries, taken one by one; raises ValidationError, not always naming the entry."""
        if type(value) is not list or len(value) > self._most:
            raise _refuse("is not a list", f"at most {self._most} entries")
        inner = self.inner
        taken = inner.schema.load if isinstance(inner, fields.Nested) else inner.deserialize
        return [taken(entry) for entry in value]

    def _deserialize(self, value: Any, *args: Any, **kwargs: Any) -> list[Any]:
        if isinstance(value, list) and len(value) > self._most:
            raise _refuse("has too many entries", f"at most {self._most}")
        return super()._deserialize(value, *args, **kwargs)
