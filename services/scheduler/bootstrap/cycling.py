"""The use cases of cycles."""

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import Connection, Engine

from services.scheduler.adapters import duty_store
from services.scheduler.bootstrap.works import Works
from services.scheduler.domain.cycle import Cycle, CycleState, Stage
from services.scheduler.domain.duties import COACHEES, COACHES, LEADERSHIP, Agreement
from services.scheduler.handlers import cycles
from services.scheduler.handlers.cycles import Answer
from services.scheduler.ports import Work
from shared.database.transaction import transaction


@dataclass(frozen=True, kw_only=True)
class ShownCycle:
    """A cycle as its people see it: how far it is, what each undertakes, whether it may grow."""

    cycle: Cycle
    agreement: Agreement
    stage: Stage
    may_grow: bool


@dataclass(frozen=True, kw_only=True)
class Cycling:
    """Every method is one unit of work. `seen` is the version that she saw; None: it is not hers."""

    engine: Engine
    works: Works

    def cycle(self, person_id: UUID, request_id: UUID) -> ShownCycle | None:
        """The cycle, for its teacher and its coach."""
        with transaction(self.engine, str(person_id)) as connection:
            work = self.works.at(connection)
            cycle = cycles.cycle_of(work, person_id, request_id)
            return None if cycle is None else _shown(work, cycle, connection)

    def tick(self, person_id: UUID, request_id: UUID, duties: frozenset[str]) -> ShownCycle | None:
        """She undertakes exactly these of her side; None when the cycle is not hers."""
        with transaction(self.engine, str(person_id)) as connection:
            work = self.works.at(connection)
            cycle = cycles.cycle_of(work, person_id, request_id)
            if cycle is None:
                return None
            side = COACHEES if person_id == cycle.request.teacher.id else COACHES
            known = _shown(work, cycle, connection).agreement.known(side, duties)
            duty_store.write(connection, request_id, side, known, by=person_id, now=work.now)
            return _shown(work, cycle, connection)

    def school_part(self, school_id: UUID) -> Agreement:
        """What a school's leaders undertake by the newest model, and what they have ticked."""
        with self.engine.connect() as connection:
            duties = self.works.models.newest_duties(connection)
            return Agreement(duties=duties, ticks=duty_store.read(connection, [school_id]))

    def tick_for_school(self, leader_id: UUID, school_id: UUID, duties: frozenset[str]) -> None:
        """A school's leader undertakes exactly these."""
        with transaction(self.engine, str(leader_id)) as connection:
            agreement = Agreement(duties=self.works.models.newest_duties(connection))
            known = agreement.known(LEADERSHIP, duties)
            now = self.works.clock()
            duty_store.write(connection, school_id, LEADERSHIP, known, by=leader_id, now=now)

    def pause(self, teacher_id: UUID, request_id: UUID, *, seen: int) -> Answer:
        """Let it rest."""
        return self._change(
            teacher_id, lambda work: cycles.pause(work, teacher_id, request_id, seen=seen)
        )

    def resume(self, teacher_id: UUID, request_id: UUID, *, seen: int) -> Answer:
        """Go on."""
        return self._change(
            teacher_id, lambda work: cycles.resume(work, teacher_id, request_id, seen=seen)
        )

    def extend(self, teacher_id: UUID, request_id: UUID, *, seen: int) -> Answer:
        """One meeting more."""
        return self._change(
            teacher_id, lambda work: cycles.extend(work, teacher_id, request_id, seen=seen)
        )

    def end(self, teacher_id: UUID, request_id: UUID, *, seen: int) -> Answer:
        """It is over."""
        return self._change(
            teacher_id, lambda work: cycles.end(work, teacher_id, request_id, seen=seen)
        )

    def let_go(
        self, teacher_id: UUID, request_id: UUID, session_id: UUID | None, *, seen: int
    ) -> Answer:
        """One meeting less: this one, or one that has no time yet."""
        return self._change(
            teacher_id,
            lambda work: cycles.let_go_meeting(work, teacher_id, request_id, session_id, seen=seen),
        )

    def _change(self, by: UUID, use: Callable[[Work], Answer]) -> Answer:
        with transaction(self.engine, str(by)) as connection:
            work = self.works.at(connection)
            answer = use(work)
            work.flush()
            return answer


def _shown(work: Work, cycle: Cycle, connection: Connection) -> ShownCycle:
    request = cycle.request
    terms = work.terms({request.model_version})[request.model_version]
    ticks = duty_store.read(connection, [request.id, request.school.id])
    agreement = Agreement(duties=terms.duties, ticks=ticks)
    return ShownCycle(
        cycle=cycle,
        agreement=agreement,
        stage=cycle.stage(agreed=agreement.agreed),
        may_grow=cycle.state is CycleState.OPEN
        and cycle.planned < terms.modes[request.support_mode].sessions_max,
    )
