"""The use cases of handing a request over to a colleague."""

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import Engine

from services.scheduler.adapters.hand_overs import SqlHandOvers
from services.scheduler.adapters.meetings import SqlMeetings
from services.scheduler.bootstrap.works import Works
from services.scheduler.domain.handing_over import Handing, Seen, Why
from services.scheduler.handlers import handing_over as handlers
from services.scheduler.handlers.handing_over import Answer, NotSo, OvertakenError
from services.scheduler.ports import HandOvers, Meetings, Work
from shared.database.transaction import transaction


@dataclass(frozen=True, kw_only=True)
class HandingOver:
    """Every method is one unit of work. None: it is not hers."""

    engine: Engine
    works: Works

    def handing(self, person_id: UUID, request_id: UUID) -> Handing | None:
        """What may be handed over, or is asked, for one of the two."""
        with transaction(self.engine, str(person_id)) as connection:
            work = self.works.at(connection)
            hand_overs = SqlHandOvers(connection, work.now)
            return handlers.handing(work, hand_overs, person_id, request_id)

    def ask(self, coach_id: UUID, request_id: UUID, to: UUID, why: Why) -> Answer:
        """Ask the teacher."""
        return self._change(
            coach_id,
            request_id,
            lambda work, known, _: handlers.ask_hand_over(
                work, known, coach_id, request_id, to, why
            ),
        )

    def withdraw(self, coach_id: UUID, request_id: UUID) -> Answer:
        """Ask no more."""
        return self._change(
            coach_id,
            request_id,
            lambda work, known, _: handlers.withdraw_hand_over(work, known, coach_id, request_id),
        )

    def agree(self, teacher_id: UUID, request_id: UUID, seen: Seen) -> Answer:
        """Yes, to these times."""
        return self._change(
            teacher_id,
            request_id,
            lambda work, known, meetings: handlers.agree_to_hand_over(
                work, known, meetings, teacher_id, request_id, seen
            ),
        )

    def decline(self, teacher_id: UUID, request_id: UUID, seen: Seen) -> Answer:
        """No."""
        return self._change(
            teacher_id,
            request_id,
            lambda work, known, _: handlers.decline_hand_over(
                work, known, teacher_id, request_id, seen
            ),
        )

    def _change(
        self,
        by: UUID,
        request_id: UUID,
        use: Callable[[Work, HandOvers, Meetings], Answer],
    ) -> Answer:
        try:
            with transaction(self.engine, str(by)) as connection:
                work = self.works.at(connection)
                known = SqlHandOvers(connection, work.now)
                answer = use(work, known, SqlMeetings(connection, work.now))
                work.flush()
                return answer
        except OvertakenError:
            now = self.handing(by, request_id)
            return None if now is None else NotSo(now=now)
