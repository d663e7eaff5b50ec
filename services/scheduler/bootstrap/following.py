"""What the drain does when a teacher moves to another school."""

from collections.abc import Sequence
from dataclasses import dataclass

from services.scheduler.adapters.teacher_moves import SqlTeacherMoves
from services.scheduler.adapters.unit_of_work import PostgresWork
from services.scheduler.domain.holding import Holding
from services.scheduler.handlers.following_teachers import follow_teachers
from shared.events import PersonMoved


@dataclass(frozen=True, kw_only=True)
class Following:
    """One for a process."""

    holding: Holding

    def follow(self, work: PostgresWork, events: Sequence[PersonMoved]) -> None:
        """Let what is open go with her."""
        moves = SqlTeacherMoves(work.connection, work.now)
        follow_teachers(work, moves, events, holding=self.holding)
