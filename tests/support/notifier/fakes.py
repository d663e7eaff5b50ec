"""The notifier's ports in memory: a ledger, a post office and a mail server without any I/O."""
# ruff: noqa: ARG002  -- a fake need not look at all that its port is handed

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from uuid import UUID

from services.notifier.domain.announcements import (
    OVERTAKES,
    Announcement,
    Kind,
    News,
    Told,
)
from services.notifier.domain.hearing import subjects
from services.notifier.domain.hold import Hold
from services.notifier.domain.notice import (
    Accepted,
    Answer,
    Misconfigured,
    ServerAway,
    Settlement,
    Standing,
    State,
)
from services.notifier.ports import Begun, InHand, Letter
from shared.events import Event, SessionReleased
from shared.identity import new_id
from tests.support.notifier.builders import NOW


@dataclass
class FakeWriter:
    """Writes letters of a few bytes; who has no @ gets none."""

    def write(self, announcement: Announcement) -> Letter:
        usable = "@" in announcement.reader.email
        id_ = new_id()
        return Letter(
            id=id_,
            announcement=announcement,
            address=announcement.reader.email,
            message_id=f"<{id_.hex}@division.example>",
            dated_at=NOW,
            mime=str(id_).encode() if usable else None,
        )


@dataclass
class Entry:
    letter: Letter
    state: State
    overtaken: bool = False


@dataclass
class FakeLedger:
    """What the ledger of PostgreSQL does, one event after another."""

    versions: dict[tuple[UUID, str], int] = field(default_factory=dict)
    entries: list[Entry] = field(default_factory=list)
    announced: list[Event] = field(default_factory=list)
    on_their_way: list[News] = field(default_factory=list)

    def hear(self, events: Sequence[Told]) -> frozenset[UUID]:
        fresh = set()
        for event in events:
            for key, version in subjects(event):
                if version > self.versions.get(key, -1):
                    self.versions[key] = version
                    fresh.add(key[0])
        return frozenset(fresh)

    def matched(self, requests: Sequence[UUID]) -> frozenset[UUID]:
        return frozenset(id_ for id_ in requests if (id_, "scheduler") in self.versions)

    def overtaken(self, releases: Sequence[SessionReleased]) -> frozenset[UUID]:
        return frozenset(
            release.request_id
            for release in releases
            for news in self.on_their_way
            if news.request_id == release.request_id and news.version > release.version
        )

    def overtake(self, announcements: Sequence[Announcement]) -> None:
        for new in announcements:
            for entry in self.entries:
                if _overtakes(new, entry):
                    entry.overtaken = True
                    if entry.state is not State.SENDING:
                        entry.state = State.SUPERSEDED

    def may_be_out(self, announcements: Sequence[Announcement]) -> frozenset[tuple[UUID, UUID]]:
        requests = {one.request_id for one in announcements}
        return frozenset(
            (told.session_id, told.reader.id)
            for entry in self.entries
            if (told := entry.letter.announcement).request_id in requests
            and told.session_id is not None
            and told.kind in (Kind.INVITATION, Kind.UPDATE)
            and entry.state in (State.SENT, State.SENDING)
        )

    def add(self, letters: Sequence[Letter]) -> None:
        known = {_key(entry.letter) for entry in self.entries}
        for letter in letters:
            if _key(letter) in known:
                continue
            state = State.QUEUED if letter.mime is not None else State.FAILED
            self.entries.append(Entry(letter, state))

    def announce(self, event: Event) -> None:
        self.announced.append(event)

    def all_are(self, state: State) -> None:
        """Put every notice that is not settled into this state."""
        for entry in self.entries:
            if entry.state is not State.SUPERSEDED:
                entry.state = state

    def told(self) -> list[tuple[Kind, str, State]]:
        return [
            (entry.letter.announcement.kind, entry.letter.announcement.part, entry.state)
            for entry in self.entries
        ]


def _key(letter: Letter) -> tuple[UUID, int, UUID, Kind]:
    told = letter.announcement
    return told.request_id, told.event.version, told.reader.id, told.kind


def _overtakes(new: Announcement, entry: Entry) -> bool:
    old = entry.letter.announcement
    return (
        (old.request_id, old.reader.id) == (new.request_id, new.reader.id)
        and entry.state in (State.QUEUED, State.RETRY, State.UNKNOWN, State.SENDING)
        and old.kind in OVERTAKES[new.kind]
        and old.session_id in (None, new.session_id)
    )


@dataclass
class FakeNotice:
    id: UUID = field(default_factory=new_id)
    standing: Standing = field(
        default_factory=lambda: Standing(attempts=0, doubts=0, overtaken=False, age=timedelta(0))
    )
    state: State = State.QUEUED
    due: bool = True


@dataclass
class FakePostOffice:
    """One sender's desk; `log` keeps the order of what was made durable."""

    notices: list[FakeNotice] = field(default_factory=list)
    hold: Hold | None = None
    time_to_ask: bool = True
    taken_by_others: set[UUID] = field(default_factory=set)
    log: list[str] = field(default_factory=list)

    def anything_due(self) -> bool:
        return True

    def interrupted(self) -> Sequence[UUID]:
        return [one.id for one in self.notices if one.state is State.SENDING]

    def held(self) -> bool:
        return self.hold is not None

    def may_ask(self) -> int | None:
        return self.hold.failures if self.hold and self.time_to_ask else None

    def keep_held(self, hold: Hold) -> timedelta:
        self.hold = hold
        return timedelta(0)

    def let_go(self) -> None:
        self.hold = None

    def claim(self, most: int, *, overdue_only: bool) -> Sequence[InHand]:
        waiting = (State.QUEUED, State.RETRY, State.UNKNOWN)
        return [
            InHand(id=one.id, address="a@b.example", mime=b"", standing=one.standing)
            for one in self.notices
            if one.state in waiting
            and one.due
            and (not overdue_only or one.standing.age >= timedelta(hours=48))
        ][:most]

    def begin(self, notice: InHand, accepted: tuple[UUID, Accepted] | None) -> Begun:
        if accepted:
            self.finish(accepted)
        if notice.id in self.taken_by_others:
            return lambda: False
        found = self._find(notice.id)
        found.state = State.SENDING
        found.standing = replace(found.standing, attempts=found.standing.attempts + 1)
        self.log.append("sending")
        return lambda: True

    def finish(self, accepted: tuple[UUID, Accepted]) -> None:
        found = self._find(accepted[0])
        found.state, found.due = State.SENT, False
        self.log.append("sent")

    def settle(
        self, notice_id: UUID, decide: Callable[[Standing], Settlement], answer: Answer | None
    ) -> Settlement | None:
        found = self._find(notice_id)
        settlement = decide(found.standing)
        found.state = settlement.state
        found.due = settlement.wait == timedelta(0)
        found.standing = replace(
            found.standing, attempts=settlement.attempts, doubts=settlement.doubts
        )
        self.log.append(settlement.state.value)
        return settlement

    def let_rest_go(self) -> None:
        self.log.append("let go")

    def _find(self, notice_id: UUID) -> FakeNotice:
        return next(one for one in self.notices if one.id == notice_id)


@dataclass
class FakeMailer:
    """Answers from a list, then accepts; a death is an answer too."""

    answers: list[Answer | type[BaseException]] = field(default_factory=list)
    problem: ServerAway | Misconfigured | None = None
    letters: int = 0

    def send(self, address: str, mime: bytes, may_go: Begun) -> Answer | None:
        if not may_go():
            return None
        self.letters += 1
        answer = self.answers.pop(0) if self.answers else Accepted(code=250, reply="ok")
        if isinstance(answer, type):
            raise answer
        return answer

    def probe(self) -> ServerAway | Misconfigured | None:
        return self.problem
