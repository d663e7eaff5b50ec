"""What intake's handlers need of the world."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Protocol
from uuid import UUID

from services.request_intake.domain.appraisal import Appraisal, KnownPerson
from services.request_intake.domain.coaching_model import CoachingModel, Division
from services.request_intake.domain.model_draft import Document, ModelDraft
from services.request_intake.domain.need import Reader
from services.request_intake.domain.phrases import Learned
from services.request_intake.domain.replay import Chunk, Flip, PastAsk, Replay
from services.request_intake.domain.request import Asker, Request
from services.request_intake.domain.review import Closed, Grant, Review
from services.request_intake.domain.school_additions import SchoolAdditions
from shared.events import Event
from shared.events.vocabulary import Person, Redirect, School


@dataclass(frozen=True, kw_only=True)
class PublishedModel:
    """A numbered version of the coaching model, with the reader compiled from it."""

    version: int
    model: CoachingModel
    reader: Reader


@dataclass(frozen=True, kw_only=True)
class ModelRecord:
    """A version to be published. `in_force_at` is the first instant of `effective_from` in its zone."""

    id: UUID
    version: int
    document: dict[str, Any]
    published_at: datetime
    effective_from: date
    in_force_at: datetime
    published_by: str
    reason: str


@dataclass(frozen=True)
class ByToken:
    """Whoever bears the API token with this hash."""

    secret_hash: bytes


@dataclass(frozen=True)
class ByPerson:
    """The person of this id, as a page knows her: in the role of her session, or her first one."""

    id: UUID
    role: str | None = None


@dataclass(frozen=True, kw_only=True)
class Draft:
    """A judged ask, its request and its event still a stranger's: the desk fills in who asks.

    `hers` names what the ask left to her own: of school and room.
    """

    request: Request
    event: Event
    hers: frozenset[str]
    key: str
    digest: bytes


@dataclass(frozen=True, kw_only=True)
class Accepted:
    """The request is stored as hers, durably, together with the event that tells of it.

    `redirect` is the request's, with her school's own contact if it has one.
    """

    asker: Asker
    redirect: Redirect | None = None


@dataclass(frozen=True, kw_only=True)
class Nobody:
    """The token is not, or no longer, good, or her account is disabled; nothing was stored."""


@dataclass(frozen=True, kw_only=True)
class NoSchool:
    """She has no school of her own and named none; nothing was stored."""


@dataclass(frozen=True, kw_only=True)
class AlreadyAccepted:
    """Her key was used before, for this request and an ask of this digest; nothing was stored."""

    request: Request
    digest: bytes


@dataclass(frozen=True, kw_only=True)
class ModelMovedOn:
    """Another model version is in force than the one it was judged by; nothing was stored."""


Answer = Accepted | AlreadyAccepted | ModelMovedOn | Nobody | NoSchool


class FrontDesk(Protocol):
    """Where an ask is taken in: everything in one durable statement."""

    def model_in_force(self) -> PublishedModel:
        """The model to judge by; remembered, `accept` notices when it is no longer in force."""

    def refresh(self) -> None:
        """Forget the remembered model."""

    def school(self, key: str) -> School | None:
        """The school of this key."""

    def accept(self, draft: Draft, by: ByToken | ByPerson) -> Answer:
        """Find who asks, store request and event as hers, all or nothing, once for each key of hers."""


class Requests(Protocol):
    """The requests that the acting person may see."""

    def of_teacher(self, teacher_id: UUID, request_id: UUID) -> Request | None:
        """Her request, or None: another's does not exist for her."""

    def latest(self, teacher_id: UUID, most: int) -> Sequence[Request]:
        """Her newest requests, newest first."""

    def locked(self, ids: Sequence[UUID]) -> dict[UUID, Request]:
        """These requests, kept from changing until the transaction ends."""

    def cancel(self, request: Request, expected_version: int) -> bool:
        """Store a cancellation if nobody changed the request since; False when somebody did."""

    def save_standing(self, requests: Sequence[Request]) -> None:
        """Store where these stand now."""


class Models(Protocol):
    """Published versions of the coaching model."""

    def newest(self) -> int:
        """The number of the newest version, in force or not; 0 before the first. Serializes publishers."""

    def add(self, record: ModelRecord, division: Division) -> None:
        """Store a version, for good."""

    def document(self, version: int) -> dict[str, Any] | None:
        """What was published as this version; None when nothing was."""


class Drafts(Protocol):
    """The division's one draft of the next coaching model."""

    def current(self) -> ModelDraft | None:
        """The draft, if there is one."""

    def begin(self, draft: ModelDraft) -> bool:
        """Store a first draft; False when there is one already."""

    def save(self, draft: ModelDraft, expected_revision: int) -> bool:
        """Store a changed draft if nobody changed it since; False when somebody did."""

    def discard(self, expected_revision: int) -> bool:
        """End the draft if nobody changed it since; False when somebody did."""


class Replays(Protocol):
    """The replay of past asks against the draft; there is one at a time."""

    def asked_since(self, since: datetime, most: int) -> Sequence[UUID]:
        """The newest asks since then, newest first."""

    def begin(self, replay: Replay, chunks: Sequence[Chunk]) -> None:
        """Store a replay with its chunks in place of the one before."""

    def stop(self, now: datetime) -> None:
        """Open no chunk of the replay any more."""

    def open_chunk(self, chunk_id: UUID) -> Chunk | None:
        """The chunk, if it is still to be judged."""

    def chunk_of(self, replay_id: UUID, number: int) -> UUID | None:
        """The id of the replay's chunk of this number."""

    def document(self, replay_id: UUID) -> Document:
        """What is replayed against."""

    def learned(self) -> Sequence[Learned]:
        """What reviews have taught to read."""

    def asks(self, ids: Sequence[UUID]) -> Sequence[PastAsk]:
        """These asks as they were given and decided."""

    def judged(self, chunk: Chunk, flips: Sequence[Flip], now: datetime) -> bool:
        """Store what became of a chunk; False when that is known, or its replay gone, by now."""


class Readers(Protocol):
    """Readers of drafts, trained once for each replay."""

    def of(self, replay_id: UUID, replays: Replays) -> tuple[CoachingModel, Reader]:
        """The model in the replay's document, and its reader, with all that reviews taught by then."""


class Work(Protocol):
    """One transaction of one actor."""

    @property
    def requests(self) -> Requests: ...

    @property
    def models(self) -> Models: ...

    @property
    def drafts(self) -> Drafts: ...

    @property
    def replays(self) -> Replays: ...

    def announce(self, event: Event) -> None:
        """Tell the other services, if and when the transaction commits."""


@dataclass(frozen=True, kw_only=True)
class Overdue:
    """A request that has waited for its reader past the set time."""

    request_id: UUID
    version: int
    since: datetime


class Reviews(Protocol):
    """What is under review, as the acting person may see it."""

    def open(self, most: int) -> Sequence[Review]:
        """What waits for its reader, oldest first."""

    def one(self, request_id: UUID) -> Review | Closed | None:
        """What waits, or how it ended; None when it never was under review."""

    def change(self, request: Request, expected_version: int) -> bool:
        """Store how it was decided if nobody changed it since; False when somebody did."""

    def begin_appeal(self, request: Request, sentence: str, *, for_coaches: bool) -> None:
        """Put a request that she appealed before its reader; before coaches too, if she likes."""

    def close(self, request: Request, answer: str, by: UUID, now: datetime) -> None:
        """Record who answered, and what."""

    def additions(self, school_id: UUID) -> SchoolAdditions:
        """What this school adds to the model."""

    def version_in_force(self) -> int:
        """The number of the model version in force now."""

    def granted(self, month: date) -> int:
        """How many exceptions this month has; until the transaction ends nobody else grants one."""

    def grant(self, grant: Grant) -> None:
        """Record an exception; the database itself refuses one past the budget."""

    def escalate(self, before: datetime, now: datetime) -> Sequence[Overdue]:
        """Mark what waits since before then as escalated; what was not marked yet."""

    def admins(self) -> tuple[Person, ...]:
        """Every admin of the division who may sign in."""


class Appraisals(Protocol):
    """Who appraises whom."""

    def people(self, ids: Sequence[UUID]) -> Mapping[UUID, KnownPerson]:
        """Those of these who are somebody here."""

    def keep(
        self, coach_id: UUID, teacher_id: UUID, *, stands: bool, by: str, now: datetime
    ) -> int | None:
        """Let it stand, or no more: the version of this word; None when it was so already."""

    def one(self, coach_id: UUID, teacher_id: UUID) -> Appraisal | None:
        """What was said last of these two; None when nothing was."""
