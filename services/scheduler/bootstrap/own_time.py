"""The use cases of a coach's own time: her hours, days that differ, weeks that hold less, grants."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import TypeVar
from uuid import UUID

from sqlalchemy import Connection, Engine

from services.scheduler.adapters.own_times import SqlOwnTimes
from services.scheduler.adapters.picture import zone_if_known
from services.scheduler.adapters.unit_of_work import PostgresWork
from services.scheduler.adapters.week_cap_store import SqlWeekCaps
from services.scheduler.bootstrap.works import Works
from services.scheduler.domain.away import Away
from services.scheduler.domain.holding import Holding
from services.scheduler.domain.kept_time import KeptTime
from services.scheduler.domain.own_time import Caps, KnownOfSchools, OwnTime, widest
from services.scheduler.domain.week_caps import GrantedUse, WeekAhead, WeekCap
from services.scheduler.domain.worked_days import WorkedStretch
from services.scheduler.handlers.own_time import (
    AwayRefused,
    Change,
    MeetingsStand,
    TimeChanged,
    TimeKept,
    TimeRefused,
    add_away,
    change_own_time,
    take_back_away,
)
from services.scheduler.handlers.week_caps import (
    GrantRefused,
    GrantTaken,
    end_ramp_up,
    grant_protected,
    lighten_next_week,
    unlighten_next_week,
)
from shared.database.transaction import transaction

T = TypeVar("T")
_WEEKS_SHOWN = 3


@dataclass(frozen=True, kw_only=True)
class OwnTimeAsKept:
    """All that is shown of one coach's own time. `notice` is the division's."""

    kept: KeptTime
    known: KnownOfSchools
    most: Caps
    weeks: Sequence[WeekAhead]
    grants: Sequence[GrantedUse]
    worked: Sequence[WorkedStretch]
    notice: timedelta


@dataclass(frozen=True, kw_only=True)
class OwnTimes:
    """Every method is one unit of work."""

    engine: Engine
    works: Works
    holding: Holding

    def of(self, coach_id: UUID) -> OwnTimeAsKept | None:
        """Her own time; None when she is no coach that is known, or no model is published."""
        with self.engine.connect() as connection:
            if zone_if_known(connection) is None:
                return None
            times, caps = self._times(connection), self.caps(connection)
            kept = times.one(coach_id)
            if kept is None:
                return None
            return OwnTimeAsKept(
                kept=kept,
                known=times.known(),
                most=widest(times.allowed(coach_id), kept.own.caps),
                weeks=caps.ahead(coach_id),
                grants=caps.grants(coach_id),
                worked=times.worked(coach_id, _WEEKS_SHOWN),
                notice=self.works.offering.notice,
            )

    def change(
        self, by: UUID, change: Change, own: OwnTime
    ) -> TimeKept | TimeChanged | TimeRefused | MeetingsStand | None:
        """Let it be exactly this; nothing is written while it is open what becomes of her meetings."""
        return self._tried(
            by, lambda work, times: change_own_time(work, times, change, own, self.holding)
        )

    def add(
        self, by: UUID, change: Change, away: Away
    ) -> TimeKept | TimeChanged | AwayRefused | MeetingsStand | None:
        """She is away, or has extra hours."""
        return self._tried(
            by, lambda work, times: add_away(work, times, change, away, self.holding)
        )

    def take_back(self, by: UUID, change: Change, away_id: UUID) -> TimeKept | MeetingsStand | None:
        """Her weekly hours hold again on these days."""
        return self._tried(
            by, lambda work, times: take_back_away(work, times, change, away_id, self.holding)
        )

    def lighten(self, coach_id: UUID) -> WeekCap | None:
        """She does less next week; None when she is no coach."""
        return self._weekly(
            coach_id, lambda work, caps: lighten_next_week(work, caps, coach_id), None
        )

    def unlighten(self, coach_id: UUID) -> bool:
        """Next week is as any other again; False when it was."""
        return self._weekly(
            coach_id, lambda work, caps: unlighten_next_week(work, caps, coach_id), otherwise=False
        )

    def end_ramp_up(self, by: UUID, coach_id: UUID) -> bool:
        """Her weeks hold her cap; False when they did."""
        return self._weekly(
            by, lambda work, caps: end_ramp_up(work, caps, coach_id), otherwise=False
        )

    def grant(
        self, coach_id: UUID, grant: GrantedUse
    ) -> GrantedUse | GrantRefused | GrantTaken | None:
        """Let other help use protected minutes of one week; None when there is no such coach."""
        return self._weekly(
            grant.granted_by, lambda work, caps: grant_protected(work, caps, coach_id, grant), None
        )

    def _tried(self, by: UUID, step: Callable[[PostgresWork, SqlOwnTimes], T]) -> T | None:
        """What is only found out by writing it is taken back."""
        with transaction(self.engine, str(by)) as connection:
            if zone_if_known(connection) is None:
                return None
            work = self.works.at(connection)
            with connection.begin_nested() as trial:
                answer = step(work, self._times(connection))
                if isinstance(answer, MeetingsStand):
                    trial.rollback()
                    return answer
            work.flush()
            return answer

    def _weekly(self, by: UUID, step: Callable[[PostgresWork, SqlWeekCaps], T], otherwise: T) -> T:
        with transaction(self.engine, str(by)) as connection:
            if zone_if_known(connection) is None:
                return otherwise
            work = self.works.at(connection)
            answer = step(work, self.caps(connection))
            work.flush()
            return answer

    def _times(self, connection: Connection) -> SqlOwnTimes:
        return SqlOwnTimes(connection, self.works.clock(), self.works.offering.opened)

    def caps(self, connection: Connection) -> SqlWeekCaps:
        """What coaches' weeks hold, on a transaction that somebody else holds."""
        return SqlWeekCaps(connection, self.works.clock(), self.works.offering.weeks)
