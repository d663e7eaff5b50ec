"""How an event is declared: a frozen dataclass with a wire name, a schema version and an aggregate."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID


@dataclass(frozen=True, kw_only=True)
class Event:
    """Something that happened, told to other services.

    `version` is the aggregate's own counter: a reader that has applied a higher one ignores this.
    Declared fields carry all that a reader needs; a request's words are never among them.
    """

    name: ClassVar[str]
    schema_version: ClassVar[int] = 1
    source: ClassVar[str]
    aggregate_field: ClassVar[str]

    version: int

    @property
    def aggregate_id(self) -> UUID:
        """The request, session or model version that the event is about."""
        value: UUID = getattr(self, self.aggregate_field)
        return value
