"""A coach's own time as she keeps it: hours, days that differ, weeks that hold less, grants."""

from collections.abc import Sequence
from datetime import date
from typing import Protocol
from uuid import UUID

from services.scheduler.domain.away import Away
from services.scheduler.domain.kept_time import KeptTime
from services.scheduler.domain.local_week import Horizon
from services.scheduler.domain.own_time import Caps, KnownOfSchools, OwnTime
from services.scheduler.domain.release import LiveSession
from services.scheduler.domain.standing import Plan
from services.scheduler.domain.week_caps import CapWhy, GrantedUse, WeekAhead, WeekCap
from services.scheduler.ports.sessions import TakingOff


class OwnTimes(TakingOff, Protocol):
    """One coach's own time, and the sessions that stand in it."""

    @property
    def horizon(self) -> Horizon:
        """The weeks over which her hours are expanded."""
        ...

    def locked(self, coach_id: UUID) -> KeptTime | None:
        """Her time as it stands, kept from changing; None when there is no such coach."""
        ...

    def known(self) -> KnownOfSchools:
        """The schools that hours may name."""
        ...

    def allowed(self, coach_id: UUID) -> Caps:
        """The most that the coaching model lets her do."""
        ...

    def plan(self, coach_id: UUID) -> Plan:
        """When she can be booked, as bookings see it."""
        ...

    def sessions(self, coach_id: UUID) -> Sequence[LiveSession]:
        """Her live sessions that have not begun, their requests locked."""
        ...

    def write(self, coach_id: UUID, own: OwnTime) -> None:
        """Let her time be exactly this, a revision further, and expand it."""
        ...

    def add(self, coach_id: UUID, away: Away) -> None:
        """Let something else hold on these days."""
        ...

    def remove(self, coach_id: UUID, away_id: UUID) -> None:
        """Let her weekly hours hold again on the days of this."""
        ...


class WeekCaps(Protocol):
    """What a coach's weeks hold."""

    def lock(self, coach_id: UUID) -> bool:
        """Keep her weeks from changing; False when there is no such coach."""
        ...

    def ahead(self, coach_id: UUID) -> Sequence[WeekAhead]:
        """Her weeks from this one on, as far as times are offered."""
        ...

    def keep(self, coach_id: UUID, caps: Sequence[WeekCap]) -> None:
        """Let these weeks hold no more than that."""
        ...

    def lift(self, coach_id: UUID, why: CapWhy, since: date) -> bool:
        """From that week on they hold their cap again; False when none held less for this."""
        ...

    def grant(self, coach_id: UUID, grant: GrantedUse) -> bool:
        """Write it down; False when a grant of this id is written already."""
        ...

    def granted(self, coach_id: UUID, grant_id: UUID) -> bool | None:
        """Whether this grant is hers; None when there is no such grant."""
        ...
