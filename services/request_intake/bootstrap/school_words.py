"""The use cases of asking in a school's own words."""

from dataclasses import dataclass
from uuid import UUID

from services.request_intake.adapters import directory, school_words
from services.request_intake.adapters.front_desk import SqlFrontDesk
from services.request_intake.bootstrap.units import Units
from services.request_intake.domain.remit import NotOffered
from services.request_intake.domain.request import Ask, Asker
from services.request_intake.domain.school_words import SchoolWords, school_window_fault
from services.request_intake.ports import ByPerson, ByToken


@dataclass(frozen=True, kw_only=True)
class WordsOfSchools:
    """Every method is one unit of work."""

    units: Units
    desk: SqlFrontDesk

    def of(self, asker: Asker) -> SchoolWords:
        """The words in which she may name times at her school."""
        return self._of(asker.school.id, asker.person.id) if asker.school else SchoolWords()

    def fault(self, by: ByToken | ByPerson, ask: Ask) -> NotOffered | None:
        """What of an ask names no time of the school it is for; who nobody is, is told elsewhere."""
        if not ask.school_windows:
            return None
        asker = self._asker(by)
        if asker is None:
            return None
        school = self.desk.school(ask.school) if ask.school else asker.school
        words = self._of(school.id, asker.person.id) if school else SchoolWords()
        return school_window_fault(ask.school_windows, words)

    def _asker(self, by: ByToken | ByPerson) -> Asker | None:
        if isinstance(by, ByToken):
            return directory.asker_of_token(self.desk.statements, by.secret_hash)
        return directory.asker(self.desk.statements, by.id, by.role)

    def _of(self, school_id: UUID, person_id: UUID) -> SchoolWords:
        return self.units.read(lambda connection: school_words.of(connection, school_id, person_id))
