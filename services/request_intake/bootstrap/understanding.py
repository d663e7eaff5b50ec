"""The use cases of being understood: one's own copy of the model, and what in it was news."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection

from services.request_intake.adapters import own_copy, understanding
from services.request_intake.adapters.understanding import Reached
from services.request_intake.bootstrap.units import Units
from services.request_intake.domain.request import Asker
from services.request_intake.ports import PublishedModel
from shared.database.transaction import transaction
from shared.events import OwnCopySent
from shared.identity import new_id
from shared.messaging.append import append

_SYSTEM = "system:request_intake"
# Invitations must not wait long behind them: a sender writes some fifty letters a second.
_TOGETHER = 500


@dataclass(frozen=True, kw_only=True)
class Understanding:
    """Every method is one unit of work. `model` tells the model in force."""

    units: Units
    model: Callable[[], PublishedModel]
    ask_address: str

    def has_copy(self, person: UUID) -> bool:
        """Whether she has her copy of the model in force."""
        version = self.model().version
        with transaction(self.units.engine, str(person)) as connection:
            return understanding.has_copy(connection, person, version)

    def show_copy(self, person: UUID) -> None:
        """Note that she has it before her, as a page."""
        self._note(person, "page")

    def pdf_copy(self, asker: Asker, language: str, labels: Mapping[str, str]) -> bytes:
        """Her copy as a PDF; that she got it is noted."""
        published = self.model()
        made = own_copy.pdf(
            published.model,
            version=published.version,
            name=asker.person.name,
            address=self.ask_address,
            language=language,
            labels=labels,
        )
        self._note(asker.person.id, "pdf")
        return made

    def begin_sending(self, by: UUID) -> None:
        """Send every teacher her copy of the model in force by mail, and whoever comes later hers."""
        version = self.model().version
        with transaction(self.units.engine, str(by)) as connection:
            understanding.begin_sending(connection, version, by, self.units.clock())

    def send_copies(self, connection: Connection, now: datetime) -> None:
        """Send some of the copies that are due; for the clock."""
        published = self.model()
        people = understanding.copies_to_send(connection, published.version, _TOGETHER)
        sent = [
            OwnCopySent(
                version=1,
                copy_id=new_id(),
                model_version=published.version,
                division_name=published.model.division.name,
                person=person,
            )
            for person in people
        ]
        append(connection, sent, now)

    def code(self) -> str:
        """A QR code to the form, as an SVG element."""
        return own_copy.code_of(self.ask_address)

    def tap(self, person: UUID, coach_type: str, clause: str) -> bool:
        """Note that she did not know this; False when the model in force does not say it."""
        published = self.model()
        kind = published.model.coach_type_of.get(coach_type)
        if kind is None or clause not in kind.covers:
            return False
        with transaction(self.units.engine, str(person)) as connection:
            understanding.tap(
                connection,
                person,
                version=published.version,
                coach_type=coach_type,
                clause=clause,
            )
        return True

    def tapped(self, person: UUID, coach_type: str) -> frozenset[str]:
        """The clauses of this coach type that were news to her."""
        version = self.model().version
        with transaction(self.units.engine, str(person)) as connection:
            return understanding.tapped(connection, person, version=version, coach_type=coach_type)

    def news(self, coach_type: str) -> Mapping[str, int]:
        """To how many people each clause was news: counts, never whom."""
        with transaction(self.units.engine, _SYSTEM) as connection:
            return understanding.news(connection, coach_type)

    def reached(self) -> Reached:
        """How many teachers have their copy of the model in force."""
        version = self.model().version
        with transaction(self.units.engine, _SYSTEM) as connection:
            return understanding.reached(connection, version)

    def _note(self, person: UUID, way: str) -> None:
        version = self.model().version
        with transaction(self.units.engine, str(person)) as connection:
            understanding.note_copy(connection, person, version, way)
