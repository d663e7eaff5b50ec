"""The use cases of the pulse: open it, answer it once, read what it found."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from services.request_intake.adapters import pulses
from services.request_intake.adapters.pulses import Results
from services.request_intake.bootstrap.units import Units
from services.request_intake.domain.model_document import read
from services.request_intake.domain.pulse import Answered, Pulse, Statement, scored, statements
from services.request_intake.domain.request import Asker
from services.request_intake.ports import PublishedModel
from shared.clock import Clock
from shared.database.transaction import transaction
from shared.identity import new_id

_MOST_SHOWN = 6


@dataclass(frozen=True, kw_only=True)
class Pulsing:
    """Every method is one unit of work."""

    units: Units
    clock: Clock
    model: Callable[[], PublishedModel]
    document: Callable[[int], object]

    def begin(self, by: UUID, name: str, closes_on: date) -> bool:
        """Ask everybody by the model in force; False when a pulse is open already."""
        pulse = Pulse(
            id=new_id(),
            name=name,
            model_version=self.model().version,
            opened_at=self.clock(),
            closes_on=closes_on,
        )
        with transaction(self.units.engine, str(by)) as connection:
            before = pulses.current(connection)
            if before and before.closes_on < self._today():
                pulses.close(connection, before.id, self.clock())
            return pulses.begin(connection, pulse, by)

    def close(self, by: UUID, pulse_id: UUID) -> bool:
        """Take no more answers; False when there is no such pulse."""
        with transaction(self.units.engine, str(by)) as connection:
            pulses.close(connection, pulse_id, self.clock())
            return pulses.exists(connection, pulse_id)

    def current(self) -> Pulse | None:
        """The pulse that takes answers today."""
        pulse = self.units.read(pulses.current)
        return pulse if pulse and self._today() <= pulse.closes_on else None

    def waits_for(self, asker: Asker) -> bool:
        """Whether one is open that she has not answered."""
        pulse = self.current()
        return pulse is not None and not self.has_answered(pulse, asker)

    def has_answered(self, pulse: Pulse, asker: Asker) -> bool:
        """Whether she answered this one."""
        with transaction(self.units.engine, str(asker.person.id)) as connection:
            return pulses.has_answered(connection, pulse.id, asker.person.id)

    def statements(self, pulse: Pulse, asker: Asker) -> Sequence[Statement]:
        """What she is asked."""
        model = read(self.document(pulse.model_version))
        return statements(model, pulse.id, asker.person.id)

    def answer(
        self, pulse: Pulse, asker: Asker, answers: Mapping[int, str]
    ) -> Sequence[Answered] | None:
        """Take her answers, once, and tell her which were right; None while one is missing."""
        found = scored(self.statements(pulse, asker), answers)
        if found is None:
            return None
        with transaction(self.units.engine, str(asker.person.id)) as connection:
            school = asker.school.id if asker.school else None
            pulses.answer(connection, pulse.id, asker.person.id, school, found)
        return found

    def results(self) -> Sequence[Results]:
        """What the newest pulses found: numbers of many people, never of few."""
        with self.units.engine.connect() as connection:
            return pulses.results(connection, _MOST_SHOWN)

    def _today(self) -> date:
        return self.clock().astimezone(self.model().model.zone).date()
