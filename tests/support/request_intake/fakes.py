"""Intake's ports in memory. They pass the same contract test as the adapters."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID

from services.request_intake.domain.coaching_model import Division
from services.request_intake.domain.model_draft import ModelDraft
from services.request_intake.domain.request import Asker, Request
from services.request_intake.ports import (
    Accepted,
    AlreadyAccepted,
    Answer,
    ByPerson,
    ByToken,
    Draft,
    ModelMovedOn,
    ModelRecord,
    Nobody,
    NoSchool,
    PublishedModel,
)
from shared.events import Event
from shared.events.vocabulary import School
from tests.support.request_intake.builders import an_asker, published


class FakeFrontDesk:
    """A front desk that keeps requests in a dict."""

    def __init__(self, schools: dict[str, School] | None = None, *askers: Asker) -> None:
        self.askers = {ByPerson(asker.person.id): asker for asker in askers or [an_asker()]}
        self.in_force = published()
        self.remembered: PublishedModel | None = None
        self.schools = schools or {}
        self.stored: dict[tuple[UUID, str], tuple[Request, bytes]] = {}
        self.events: list[Event] = []

    def model_in_force(self) -> PublishedModel:
        self.remembered = self.remembered or self.in_force
        return self.remembered

    def refresh(self) -> None:
        self.remembered = None

    def school(self, key: str) -> School | None:
        return self.schools.get(key)

    def accept(self, draft: Draft, by: ByToken | ByPerson) -> Answer:
        asker = self.askers.get(by) if isinstance(by, ByPerson) else None
        if asker is None:
            return Nobody()
        teacher = asker.person
        if before := self.stored.get((teacher.id, draft.key)):
            return AlreadyAccepted(request=before[0], digest=before[1])
        if draft.request.model_version != self.in_force.version:
            return ModelMovedOn()
        if asker.school is None and "school" in draft.hers:
            return NoSchool()
        own = {name: getattr(asker, name) for name in draft.hers}
        told = {name: value for name, value in own.items() if hasattr(draft.event, name)}
        request = replace(draft.request, teacher_id=teacher.id, **own)
        self.stored[teacher.id, draft.key] = (request, draft.digest)
        self.events.append(replace(draft.event, teacher=teacher, **told))  # type: ignore[call-arg]
        return Accepted(asker=asker, redirect=draft.request.redirect)


class FakeRequests:
    """Requests in a dict."""

    def __init__(self, requests: Iterable[Request] = ()) -> None:
        self.by_id = {request.id: request for request in requests}

    def of_teacher(self, teacher_id: UUID, request_id: UUID) -> Request | None:
        found = self.by_id.get(request_id)
        return found if found and found.teacher_id == teacher_id else None

    def latest(self, teacher_id: UUID, most: int) -> Sequence[Request]:
        hers = [one for one in self.by_id.values() if one.teacher_id == teacher_id]
        hers.sort(key=lambda one: (one.submitted_at, one.id), reverse=True)
        return hers[:most]

    def locked(self, ids: Sequence[UUID]) -> dict[UUID, Request]:
        return {id_: self.by_id[id_] for id_ in ids if id_ in self.by_id}

    def cancel(self, request: Request, expected_version: int) -> bool:
        if self.by_id[request.id].version != expected_version:
            return False
        self.by_id[request.id] = replace(
            self.by_id[request.id],
            state=request.state,
            version=request.version,
            changed_at=request.changed_at,
        )
        return True

    def save_standing(self, requests: Sequence[Request]) -> None:
        for one in requests:
            self.by_id[one.id] = replace(
                self.by_id[one.id],
                state=one.state,
                standing=one.standing,
                standing_version=one.standing_version,
                changed_at=one.changed_at,
                notice_failed=one.notice_failed,
            )


class FakeModels:
    """Model versions in a list."""

    def __init__(self) -> None:
        self.records: list[ModelRecord] = []
        self.division: Division | None = None

    def newest(self) -> int:
        return len(self.records)

    def add(self, record: ModelRecord, division: Division) -> None:
        self.records.append(record)
        self.division = division

    def document(self, version: int) -> dict[str, Any] | None:
        found = [one.document for one in self.records if one.version == version]
        return found[0] if found else None


class FakeDrafts:
    """The one draft in a variable."""

    def __init__(self) -> None:
        self.draft: ModelDraft | None = None

    def current(self) -> ModelDraft | None:
        return self.draft

    def begin(self, draft: ModelDraft) -> bool:
        if self.draft:
            return False
        self.draft = draft
        return True

    def save(self, draft: ModelDraft, expected_revision: int) -> bool:
        if self.draft is None or self.draft.revision != expected_revision:
            return False
        self.draft = draft
        return True

    def discard(self, expected_revision: int) -> bool:
        if self.draft is None or self.draft.revision != expected_revision:
            return False
        self.draft = None
        return True


class FakeWork:
    """A unit of work whose announcements can be looked at."""

    def __init__(self, requests: Iterable[Request] = ()) -> None:
        self.requests = FakeRequests(requests)
        self.models = FakeModels()
        self.drafts = FakeDrafts()
        self.announced: list[Event] = []

    def announce(self, event: Event) -> None:
        self.announced.append(event)
