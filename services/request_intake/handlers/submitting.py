"""Take in an ask: decide it by the model in force, store it once, tell who must know."""

from dataclasses import dataclass
from datetime import datetime
from typing import assert_never

from services.request_intake.domain.coaching_model import CoachingModel
from services.request_intake.domain.remit import NotOffered, decide
from services.request_intake.domain.request import (
    Ask,
    Asker,
    Judged,
    Request,
    received,
    window_fault,
)
from services.request_intake.ports import (
    Accepted,
    AlreadyAccepted,
    FrontDesk,
    ModelMovedOn,
    PublishedModel,
)
from shared.events import Event, RequestDeclined, RequestSubmitted, RequestUnderReview
from shared.events.vocabulary import School
from shared.identity import new_id

_MODEL_CHANGES_BEFORE_GIVING_UP = 5


@dataclass(frozen=True, kw_only=True)
class Submitted:
    """The request as it is stored. `repeated`: it was there already, from the same key and ask."""

    request: Request
    repeated: bool


@dataclass(frozen=True, kw_only=True)
class KeyReused:
    """The idempotency key belongs to another ask of hers; nothing was stored."""


class ModelKeepsChangingError(Exception):
    """The model changed at every try: publish less often than asks are judged."""


def submit_request(
    asker: Asker, ask: Ask, desk: FrontDesk, *, key: str, now: datetime
) -> Submitted | NotOffered | KeyReused:
    """Decide and store an ask, once for each key; a repeated one gets the same request again."""
    for _ in range(_MODEL_CHANGES_BEFORE_GIVING_UP):
        published = desk.model_in_force()
        request = _judged(asker, ask, desk, published, now)
        if isinstance(request, NotOffered):
            return request
        digest = ask.digest()
        event = announcement(request, asker, published.model)
        match desk.accept(request, event, key=key, digest=digest):
            case Accepted():
                return Submitted(request=request, repeated=False)
            case AlreadyAccepted() as before:
                same = before.digest == digest
                return Submitted(request=before.request, repeated=True) if same else KeyReused()
            case ModelMovedOn():
                desk.refresh()
            case other:
                assert_never(other)
    raise ModelKeepsChangingError


def _judged(
    asker: Asker, ask: Ask, desk: FrontDesk, published: PublishedModel, now: datetime
) -> Request | NotOffered:
    school = _school(asker, ask, desk)
    if isinstance(school, NotOffered):
        return school
    if fault := window_fault(ask.windows, now):
        return fault
    reader = published.reader
    decision = decide(
        published.model,
        topic=ask.topic,
        support_mode=ask.support_mode,
        reading=reader.read(ask.words) if ask.topic is None else reader.urgent(ask.words),
    )
    if isinstance(decision, NotOffered):
        return decision
    judged = Judged(school=school, decision=decision, model_version=published.version)
    request = received(new_id(), asker, ask, judged, now)
    return _meeting_fault(published.model, request) or request


def _school(asker: Asker, ask: Ask, desk: FrontDesk) -> School | NotOffered:
    school = asker.school if ask.school is None else desk.school(ask.school)
    if school is not None:
        return school
    return NotOffered(
        field="school",
        message="is missing" if ask.school is None else "is not a school of this division",
        right="a key from the list of schools",
    )


def _meeting_fault(model: CoachingModel, request: Request) -> NotOffered | None:
    if request.meeting != "online" or request.decision != "in_remit":
        return None
    mode = model.mode_of[request.support_mode or ""]
    if mode.online_ok:
        return None
    return NotOffered(
        field="meeting", message=f"{mode.name} is not held online", right="in_person or either"
    )


def announcement(request: Request, asker: Asker, model: CoachingModel) -> Event:
    """The one event that tells of a new request: submitted, declined or under review."""
    match request.decision:
        case "in_remit":
            return RequestSubmitted(
                version=request.version,
                request_id=request.id,
                submitted_at=request.submitted_at,
                model_version=request.model_version,
                teacher=asker.person,
                school=request.school,
                room=request.room,
                topic=request.topic or "",
                support_mode=request.support_mode or "",
                coach_types=request.coach_types,
                meeting=request.meeting,
                windows=request.windows,
            )
        case "out_of_remit" if request.redirect and request.topic:
            return RequestDeclined(
                version=request.version,
                request_id=request.id,
                declined_at=request.submitted_at,
                teacher=asker.person,
                topic_title=model.topic_of[request.topic].title,
                clause=request.clause,
                redirect=request.redirect,
            )
        case _:
            return RequestUnderReview(
                version=request.version,
                request_id=request.id,
                submitted_at=request.submitted_at,
                teacher=asker.person,
            )
