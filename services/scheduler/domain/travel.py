"""How long it takes a coach from school to school: by a table, else by coordinates. Pure.

Minutes are directional and rounded up to whole slots. What is not known costs nothing: a division
that has given neither table nor coordinates is planned without travel.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from math import asin, ceil, cos, radians, sin, sqrt
from uuid import UUID

from services.scheduler.domain.local_week import MINUTES_A_SLOT

_EARTH_KM = 6_371.0
# Roads are longer than the crow flies: by a third in towns, as a rule of thumb of route planning.
_DETOUR = 1.3


@dataclass(frozen=True, kw_only=True)
class Spot:
    """Where a school is, in degrees (WGS 84)."""

    latitude: float
    longitude: float


@dataclass(frozen=True, kw_only=True)
class Travel:
    """What is known of the ways between schools. `table` goes before coordinates."""

    spots: Mapping[UUID, Spot] = field(default_factory=dict)
    table: Mapping[tuple[UUID, UUID], int] = field(default_factory=dict)
    kmh: int = 50
    _found: dict[tuple[UUID, UUID], int] = field(default_factory=dict, compare=False, repr=False)

    def slots(self, start: UUID | None, end: UUID | None) -> int:
        """The five-minute slots from one school to another; 0 for the same, and for none."""
        if start is None or end is None or start == end:
            return 0
        found = self._found.get((start, end))
        if found is None:
            found = ceil(self.minutes(start, end) / MINUTES_A_SLOT)
            self._found[start, end] = found
        return found

    def minutes(self, start: UUID, end: UUID) -> float:
        """The minutes from one school to another."""
        if (known := self.table.get((start, end))) is not None:
            return known
        here, there = self.spots.get(start), self.spots.get(end)
        if here is None or there is None:
            return 0
        return kilometres(here, there) * _DETOUR / self.kmh * 60


def kilometres(here: Spot, there: Spot) -> float:
    """The great-circle distance (haversine)."""
    lat = radians(there.latitude - here.latitude)
    lon = radians(there.longitude - here.longitude)
    both = cos(radians(here.latitude)) * cos(radians(there.latitude))
    return 2 * _EARTH_KM * asin(sqrt(sin(lat / 2) ** 2 + both * sin(lon / 2) ** 2))


NO_TRAVEL = Travel()
