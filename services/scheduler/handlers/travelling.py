"""Keep what is known of the ways between schools."""

from collections.abc import Sequence
from dataclasses import dataclass

from services.scheduler.domain.ways import KnownTravel, Way, WayFault, faults, table_of
from services.scheduler.ports import TravelTimes


@dataclass(frozen=True, kw_only=True)
class TravelChanged:
    """Somebody changed it since it was seen; nothing was written. This is how it stands."""

    now: KnownTravel


@dataclass(frozen=True, kw_only=True)
class TravelRefused:
    """Some of these ways can not be; nothing was written."""

    faults: Sequence[WayFault]


def change_travel(
    travel_times: TravelTimes, ways: Sequence[Way], kmh: int, *, seen: int
) -> KnownTravel | TravelChanged | TravelRefused | None:
    """Let the division's travel be exactly this, if it is still of the version that was `seen`.

    Plans reckon with it from the next on; times that were told stand. None while no model was
    published: there is no division yet.
    """
    schools = travel_times.keys()
    if found := tuple(faults(ways, kmh, schools)):
        return TravelRefused(faults=found)
    version = travel_times.swap(kmh, table_of(ways, schools), seen)
    now = travel_times.known()
    if now is None:
        return None
    return TravelChanged(now=now) if version is None else now
