"""The use cases of what schools add to the model."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from services.request_intake.adapters import directory, school_additions
from services.request_intake.adapters.directory import ListedSchool
from services.request_intake.bootstrap.units import Units
from services.request_intake.domain.school_additions import SchoolAdditions, faults
from services.request_intake.ports import PublishedModel
from shared.database.transaction import transaction


@dataclass(frozen=True, kw_only=True)
class AdditionsChanged:
    """Somebody changed them since they were seen; nothing was written."""

    now: SchoolAdditions


@dataclass(frozen=True, kw_only=True)
class AdditionsRefused:
    """They do not fit the model; `faults` has a line for each place. Nothing was written."""

    faults: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Schooling:
    """Every method is one unit of work. `model` tells the model in force."""

    units: Units
    model: Callable[[], PublishedModel]

    def every(self) -> tuple[Sequence[ListedSchool], Mapping[UUID, SchoolAdditions]]:
        """The division's schools by name, and what they add."""
        return self.units.read(directory.schools), self.units.read(school_additions.every)

    def school(self, key: str) -> tuple[ListedSchool, SchoolAdditions] | None:
        """The school of this key, and what it adds."""
        found = [one for one in self.units.read(directory.schools) if one.key == key]
        return (found[0], self.of(found[0].id)) if found else None

    def of(self, school_id: UUID | None) -> SchoolAdditions:
        """What this school adds; nothing for whoever has none."""
        if school_id is None:
            return SchoolAdditions()
        return self.units.read(lambda connection: school_additions.of_school(connection, school_id))

    def change(
        self, by: UUID, school_id: UUID, additions: SchoolAdditions
    ) -> SchoolAdditions | AdditionsChanged | AdditionsRefused:
        """Let the school add exactly these, if its additions are still of their revision."""
        with transaction(self.units.engine, str(by)) as connection:
            before = school_additions.of_school(connection, school_id)
            if found := tuple(faults(additions, self.model().model, before)):
                return AdditionsRefused(faults=found)
            if not school_additions.save(connection, school_id, additions):
                return AdditionsChanged(now=before)
            return school_additions.of_school(connection, school_id)
