"""The use cases of sessions whose time is over."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import Connection, Engine

from services.scheduler.adapters.over_sessions import SqlOverSessions
from services.scheduler.bootstrap.works import Works
from services.scheduler.domain.completing import Closing, OverSession
from services.scheduler.domain.holding import Holding
from services.scheduler.handlers.completing import (
    Closed,
    UnknownMode,
    close_old,
    close_session,
    say_missed,
)
from shared.database.transaction import transaction

_MOST_SHOWN = 30


@dataclass(frozen=True, kw_only=True)
class Completing:
    """Every method is one unit of work. What nobody has closed `after` so long is closed by itself."""

    engine: Engine
    works: Works
    holding: Holding
    after: timedelta

    def to_close(self, coach_id: UUID) -> Sequence[OverSession]:
        """What this coach has not closed yet, oldest first, with the modes that it may have become."""
        with transaction(self.engine, str(coach_id)) as connection:
            work = self.works.at(connection)
            sessions = SqlOverSessions(connection, work.now).of_coach(coach_id, _MOST_SHOWN)
            terms = work.terms({session.request.model_version for session in sessions})
            return [
                OverSession(
                    session=session,
                    modes=tuple(
                        (mode.key, mode.name)
                        for mode in terms[session.request.model_version].modes.values()
                    ),
                )
                for session in sessions
            ]

    def close(
        self, coach_id: UUID, session_id: UUID, closing: Closing
    ) -> Closed | UnknownMode | None:
        """Its coach says what it was."""
        with transaction(self.engine, str(coach_id)) as connection:
            work = self.works.at(connection)
            over = SqlOverSessions(connection, work.now)
            answer = close_session(work, over, coach_id, session_id, closing)
            work.flush()
            return answer

    def missed(self, person_id: UUID, session_id: UUID) -> Closed | None:
        """One of the two says that they did not meet."""
        with transaction(self.engine, str(person_id)) as connection:
            work = self.works.at(connection)
            over = SqlOverSessions(connection, work.now)
            answer = say_missed(work, over, person_id, session_id, holding=self.holding)
            work.flush()
            return answer

    def close_over(self, connection: Connection, now: datetime) -> None:
        """What the timer does each hour."""
        work = self.works.at(connection)
        close_old(work, SqlOverSessions(connection, now), after=self.after)
        work.flush()
