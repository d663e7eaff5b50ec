"""A school of the division, as intake tells of it. Pure."""

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True, kw_only=True)
class KnownSchool:
    """What it is called, for people and for programs."""

    id: UUID
    key: str
    name: str
