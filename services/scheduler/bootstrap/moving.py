"""The use cases of moving a meeting."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import Engine

from services.scheduler.adapters.meetings import SqlMeetings
from services.scheduler.bootstrap.works import Works
from services.scheduler.domain.moving import (
    ChangedSince,
    Meeting,
    Moved,
    NoMore,
    TimeGone,
    Wanted,
)
from services.scheduler.handlers.moving import meeting, move_meeting
from shared.database.transaction import transaction


@dataclass(frozen=True, kw_only=True)
class Moving:
    """Every method is one unit of work."""

    engine: Engine
    works: Works

    def meeting(self, person_id: UUID, session_id: UUID) -> Meeting | NoMore | None:
        """A meeting of hers, with the times that it may move to."""
        with transaction(self.engine, str(person_id)) as connection:
            work = self.works.at(connection)
            return meeting(work, SqlMeetings(connection, work.now), person_id, session_id)

    def move(
        self, person_id: UUID, session_id: UUID, *, seen: int, wanted: Wanted
    ) -> Moved | ChangedSince | TimeGone | NoMore | None:
        """Move it, if it is still as it was seen."""
        with transaction(self.engine, str(person_id)) as connection:
            work = self.works.at(connection)
            meetings = SqlMeetings(connection, work.now)
            answer = move_meeting(work, meetings, person_id, session_id, seen=seen, wanted=wanted)
            work.flush()
            return answer
