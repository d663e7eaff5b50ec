"""The use cases of closing schools on short notice, and of the times that are held meanwhile."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Connection, Engine

from services.scheduler.adapters import declarations, school_time_store
from services.scheduler.adapters.closures import SqlClosures
from services.scheduler.adapters.declarations import SqlDeclarations
from services.scheduler.adapters.held_store import SqlHeldTimes
from services.scheduler.adapters.picture import zone_if_known
from services.scheduler.adapters.unit_of_work import PostgresWork
from services.scheduler.bootstrap.works import Works
from services.scheduler.domain.closing import TOO_EARLY, Declaration, NotDeclared
from services.scheduler.domain.holding import Holding
from services.scheduler.domain.school_time import SchoolTime
from services.scheduler.handlers.answering import (
    Answered,
    NotHeld,
    end_holds,
    take_offer,
    turn_down_offer,
)
from services.scheduler.handlers.declaring import declare_closure, withdraw_closure
from services.scheduler.handlers.releasing import follow_school_days
from services.scheduler.ports import HeldTime
from shared.database.transaction import transaction
from shared.events import SchoolDaysChanged
from shared.events.outcome import Outcome


@dataclass(frozen=True, kw_only=True)
class Closing:
    """Every method is one unit of work."""

    engine: Engine
    works: Works
    holding: Holding
    rematch_most: int

    def schools(self) -> Sequence[SchoolTime]:
        """Every school whose time is known, by name."""
        with self.engine.connect() as connection:
            return school_time_store.every(connection)

    def declared(self) -> Sequence[Declaration]:
        """The newest declarations."""
        with self.engine.connect() as connection:
            return declarations.newest(connection)

    def declaration(self, declaration_id: UUID) -> Declaration | None:
        """One declaration as it stands; None when there is none of this id."""
        with self.engine.connect() as connection:
            return declarations.one(connection, declaration_id)

    def declare(
        self, by: UUID, *, day: date, school_ids: Collection[UUID], reason: str
    ) -> Declaration | NotDeclared:
        """Close these schools on a day."""
        with transaction(self.engine, str(by)) as connection:
            if zone_if_known(connection) is None:
                return TOO_EARLY
            work = self.works.at(connection)
            answer = declare_closure(
                work,
                SqlDeclarations(connection, work.now),
                by,
                day=day,
                school_ids=school_ids,
                reason=reason,
            )
            work.flush()
            return answer

    def withdraw(self, by: UUID, declaration_id: UUID) -> bool:
        """Open its schools again; False when there is nothing to withdraw."""
        with transaction(self.engine, str(by)) as connection:
            work = self.works.at(connection)
            rows = SqlDeclarations(connection, work.now)
            answer = withdraw_closure(work, rows, declaration_id)
            work.flush()
            return answer is not None

    def held(self, teacher_id: UUID, offer_id: UUID) -> HeldTime | None:
        """The time that is held for her, or None."""
        with transaction(self.engine, str(teacher_id)) as connection:
            held = SqlHeldTimes(connection, self.works.clock()).one(offer_id)
        return held if held and held.request.teacher.id == teacher_id else None

    def take(self, teacher_id: UUID, offer_id: UUID) -> Answered | NotHeld:
        """She says yes."""
        with transaction(self.engine, str(teacher_id)) as connection:
            work = self.works.at(connection)
            held_times = SqlHeldTimes(connection, work.now)
            answer = take_offer(work, held_times, teacher_id, offer_id)
            work.flush()
            return answer

    def turn_down(self, teacher_id: UUID, offer_id: UUID) -> Answered | NotHeld:
        """She says no."""
        with transaction(self.engine, str(teacher_id)) as connection:
            work = self.works.at(connection)
            held_times = SqlHeldTimes(connection, work.now)
            answer = turn_down_offer(work, held_times, teacher_id, offer_id)
            work.flush()
            return answer

    def follow(self, work: PostgresWork, events: Sequence[SchoolDaysChanged]) -> list[Outcome]:
        """What Drain does when schools' days changed."""
        closures = SqlClosures(work.connection, work.now)
        return follow_school_days(
            work, closures, events, holding=self.holding, most=self.rematch_most
        )

    def end_holds(self, connection: Connection, now: datetime) -> None:
        """What the timer does each minute."""
        work = self.works.at(connection)
        end_holds(work, SqlHeldTimes(connection, now))
        work.flush()
