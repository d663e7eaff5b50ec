"""What the handlers need of the world: a ledger, a writer of letters, a post office, a mailer."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol
from uuid import UUID

from services.notifier.domain.announcements import Announcement, News
from services.notifier.domain.hold import Hold
from services.notifier.domain.notice import (
    Accepted,
    Answer,
    Misconfigured,
    ServerAway,
    Settlement,
    Standing,
)
from shared.events import Event, SessionReleased


@dataclass(frozen=True, kw_only=True)
class Letter:
    """An announcement written out, once: these bytes are what is sent, however often.

    Without bytes its reader has no address that mail could go to.
    """

    id: UUID
    announcement: Announcement
    address: str
    message_id: str
    dated_at: datetime
    mime: bytes | None


@dataclass(frozen=True, kw_only=True)
class InHand:
    """A notice that this sender holds the lease of."""

    id: UUID
    address: str
    mime: bytes
    standing: Standing


Begun = Callable[[], bool]


class Ledger(Protocol):
    """The notices of the transaction that an event is handled in."""

    def hear(self, events: Sequence[News]) -> frozenset[UUID]:
        """Remember the newest told of each request, of each session taken off, of each cycle's series.

        The ids of those for which this is news. Two transactions that hear of one request wait for
        each other.
        """

    def matched(self, requests: Sequence[UUID]) -> frozenset[UUID]:
        """Those of the requests that the scheduler has spoken of already."""

    def overtaken(self, releases: Sequence[SessionReleased]) -> frozenset[UUID]:
        """Those of their requests of which a newer word is on its way to us already."""

    def overtake(self, announcements: Sequence[Announcement]) -> None:
        """Supersede what is not sent yet and pointless now; mark what is being sent right now."""

    def may_be_out(self, announcements: Sequence[Announcement]) -> frozenset[tuple[UUID, UUID]]:
        """(session, reader) of those whose reader may have that session in her calendar."""

    def add(self, letters: Sequence[Letter]) -> None:
        """Queue the letters; one without bytes is failed at once. A second copy changes nothing."""

    def announce(self, event: Event) -> None:
        """Tell the other services, in this transaction."""


class Writer(Protocol):
    """Turns an announcement into mail."""

    def write(self, announcement: Announcement) -> Letter:
        """The letter, in its reader's language. Never raises for what a name or address holds."""


class PostOffice(Protocol):
    """The ledger as one sender sees it. Each call is a transaction of its own."""

    def anything_due(self) -> bool:
        """Whether a round would find anything to do. Cheap: asked very often."""

    def interrupted(self) -> Sequence[UUID]:
        """Notices whose sender died while sending."""

    def held(self) -> bool:
        """Whether all mail is held back for now."""

    def may_ask(self) -> int | None:
        """The number of failed probes, when the next is due and this sender is to make it."""

    def keep_held(self, hold: Hold) -> timedelta:
        """Hold all mail, or go on holding it; how long it has been so."""

    def let_go(self) -> None:
        """Mail goes out again."""

    def claim(self, most: int, *, overdue_only: bool) -> Sequence[InHand]:
        """Lease due notices, oldest first, but none while an older one to its reader is being sent."""

    def begin(self, notice: InHand, accepted: tuple[UUID, Accepted] | None) -> Begun:
        """Set out to record the last letter as accepted and this one as being sent.

        The answer, asked for as often as one likes, waits until both are durable; False: it is not
        ours to send. Nothing else may be asked of the office before.
        """

    def finish(self, accepted: tuple[UUID, Accepted]) -> None:
        """Record a letter as accepted."""

    def settle(
        self, notice_id: UUID, decide: Callable[[Standing], Settlement], answer: Answer | None
    ) -> Settlement | None:
        """Write what `decide` says of the notice as it stands now; None when it is not ours."""

    def let_rest_go(self) -> None:
        """Give back what was claimed and not begun."""


class Mailer(Protocol):
    """The mail server."""

    def send(self, address: str, mime: bytes, may_go: Begun) -> Answer | None:
        """Hand one letter over and say what came of it. Never raises for what a server does.

        The letter itself leaves only after `may_go` said yes; None: it said no, nothing left.
        """

    def probe(self) -> ServerAway | Misconfigured | None:
        """Whether the server would take mail from us, asked without sending any; None: it would."""
