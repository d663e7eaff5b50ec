"""The use cases of the ways between schools."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import Engine

from services.scheduler.adapters import schools, travel_times
from services.scheduler.adapters.travel_times import SqlTravelTimes
from services.scheduler.domain.schools import KnownSchool
from services.scheduler.domain.ways import KnownTravel, Way
from services.scheduler.handlers.travelling import TravelChanged, TravelRefused, change_travel
from shared.database.transaction import transaction


@dataclass(frozen=True, kw_only=True)
class TravelAsKept:
    """What is known of the division's travel, and its schools: their keys, and whose place is known."""

    known: KnownTravel | None
    schools: Sequence[KnownSchool]
    keys: Mapping[UUID, str]
    placed: frozenset[UUID]


@dataclass(frozen=True, kw_only=True)
class Travelling:
    """Every method is one unit of work."""

    engine: Engine

    def kept(self) -> TravelAsKept:
        """All that an admin sees of it."""
        with self.engine.connect() as connection:
            times = SqlTravelTimes(connection)
            return TravelAsKept(
                known=times.known(),
                schools=schools.every(connection),
                keys={id_: key for key, id_ in times.keys().items()},
                placed=travel_times.placed(connection),
            )

    def change(
        self, by: UUID, ways: Sequence[Way], kmh: int, *, seen: int
    ) -> KnownTravel | TravelChanged | TravelRefused | None:
        """Let it be exactly this; None while there is no division."""
        with transaction(self.engine, str(by)) as connection:
            return change_travel(SqlTravelTimes(connection), ways, kmh, seen=seen)
