"""The use cases of replaying past asks against the draft."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from services.request_intake.adapters import replays
from services.request_intake.bootstrap.units import Units
from services.request_intake.domain.replay import Flip, Replay, Standing
from services.request_intake.handlers import replaying
from services.request_intake.handlers.drafting import DraftChanged
from shared.clock import Clock
from shared.database.transaction import transaction

_SYSTEM = "system:request_intake"


@dataclass(frozen=True, kw_only=True)
class Replaying:
    """Every method is one unit of work."""

    units: Units
    clock: Clock

    def start(self, by: UUID, *, seen: int) -> Replay | DraftChanged:
        """Judge last term's asks by the draft; raises ModelFaults naming every hole."""
        now = self.clock()
        asks = self.units.work(_SYSTEM, lambda work: replaying.last_terms_asks(work, now))
        return self.units.work(
            by, lambda work: replaying.start_replay(work, asks, seen=seen, by=by, now=now)
        )

    def stop(self, by: UUID) -> None:
        """Judge no further."""
        self.units.work(by, lambda work: replaying.stop_replay(work, self.clock()))

    def standing(self) -> Standing | None:
        """How far it is and what flips; None when none was started."""
        return self.units.read(replays.standing)

    def words(self, flip: Flip) -> Sequence[str]:
        """The words of those asks that their teachers sent to a person; of no others."""
        if not flip.reviewed:
            return ()
        with transaction(self.units.engine, _SYSTEM) as connection:
            return replays.reviewed_words(connection, flip.reviewed)
