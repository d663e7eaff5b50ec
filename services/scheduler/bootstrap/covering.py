"""The use cases of a coach's time that goes: she covers a class, or leaves."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Connection, Engine

from services.scheduler.adapters import coach_time
from services.scheduler.adapters.coach_time import SqlCoachTime
from services.scheduler.adapters.picture import zone_if_known
from services.scheduler.bootstrap.works import Works
from services.scheduler.domain.covering import ClassCovered, NotCovered
from services.scheduler.domain.holding import Holding
from services.scheduler.domain.release import LiveSession
from services.scheduler.domain.request import Request
from services.scheduler.handlers.covering import (
    CoverNoted,
    Replanned,
    coach_leaves,
    cover_class,
    take_back_cover,
)
from shared.database.transaction import transaction


@dataclass(frozen=True, kw_only=True)
class WithTeacher:
    """What a coach has or had with a teacher on one request: each session with its state."""

    request: Request
    sessions: tuple[tuple[LiveSession, str], ...]
    topic_title: str
    mode_name: str


@dataclass(frozen=True, kw_only=True)
class Covering:
    """Every method is one unit of work."""

    engine: Engine
    works: Works
    holding: Holding

    def meetings(self, coach_id: UUID, since: datetime, until: datetime) -> Sequence[LiveSession]:
        """What she has in that time, by its beginning."""
        with transaction(self.engine, str(coach_id)) as connection:
            found = self._time(connection).live(coach_id, since, until)
        return sorted(found, key=lambda session: session.starts_at)

    def with_teacher(self, coach_id: UUID, request_id: UUID) -> WithTeacher | None:
        """Her meetings of one request; None when she never had any."""
        with transaction(self.engine, str(coach_id)) as connection:
            sessions = coach_time.of_request(connection, coach_id, request_id)
            if not sessions:
                return None
            request = sessions[0][0].request
            terms = self.works.at(connection).terms({request.model_version})[request.model_version]
        return WithTeacher(
            request=request,
            sessions=tuple(sessions),
            topic_title=terms.topics[request.topic].title,
            mode_name=terms.modes[request.support_mode].name,
        )

    def covered(self, coach_id: UUID) -> Sequence[ClassCovered]:
        """The classes that she covered, newest first."""
        with self.engine.connect() as connection:
            return coach_time.covered(connection, coach_id)

    def cover(
        self, coach_id: UUID, starts_at: datetime, ends_at: datetime
    ) -> CoverNoted | NotCovered | None:
        """She covers a class: her day is planned anew. None when there is no such coach."""
        with transaction(self.engine, str(coach_id)) as connection:
            if zone_if_known(connection) is None:
                return None  # no model was published yet, and so nobody coaches
            work = self.works.at(connection)
            time = self._time(connection)
            answer = cover_class(work, time, coach_id, starts_at, ends_at, holding=self.holding)
            work.flush()
            return answer

    def take_back(self, coach_id: UUID, entry_id: UUID) -> bool:
        """She was not needed; False when there is nothing to take back."""
        with transaction(self.engine, str(coach_id)) as connection:
            work = self.works.at(connection)
            entry = take_back_cover(work, self._time(connection), coach_id, entry_id)
            work.flush()
            return entry is not None

    def leave(self, by: UUID, coach_id: UUID, last_day: date) -> Replanned | None:
        """Her last day is set; None when there is no such coach."""
        with transaction(self.engine, str(by)) as connection:
            work = self.works.at(connection)
            time = self._time(connection)
            answer = coach_leaves(work, time, coach_id, last_day, holding=self.holding)
            work.flush()
            return answer

    def _time(self, connection: Connection) -> SqlCoachTime:
        return SqlCoachTime(connection, self.works.clock(), self.works.offering.opened)
