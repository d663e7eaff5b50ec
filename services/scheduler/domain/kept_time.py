"""A coach's own time as it is kept, with whose it is and which change it is of. Pure."""

from dataclasses import dataclass
from uuid import UUID

from services.scheduler.domain.away import Away
from services.scheduler.domain.own_time import OwnTime


@dataclass(frozen=True, kw_only=True)
class KeptTime:
    """`revision` counts changes; `away` are the days to come that differ from her weekly hours."""

    coach_id: UUID
    name: str
    revision: int
    own: OwnTime
    away: tuple[Away, ...] = ()
    protected_percent: int = 0
