"""Take in an ask: decide it by the model in force, store it once, tell who must know."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import assert_never

from services.request_intake.domain.coaching_model import CoachingModel
from services.request_intake.domain.remit import Decision, InRemit, NotOffered, decide
from services.request_intake.domain.request import (
    STRANGER,
    Ask,
    Asker,
    Judged,
    Request,
    received,
    time_fault,
)
from services.request_intake.ports import (
    Accepted,
    AlreadyAccepted,
    ByPerson,
    ByToken,
    Draft,
    FrontDesk,
    ModelMovedOn,
    Nobody,
    NoSchool,
    PublishedModel,
)
from shared.events import Event, RequestDeclined, RequestSubmitted, RequestUnderReview
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
    by: ByToken | ByPerson, ask: Ask, desk: FrontDesk, *, key: str, now: datetime
) -> Submitted | NotOffered | KeyReused | Nobody:
    """Decide and store an ask, once for each key; a repeated one gets the same request again.

    It is judged before it is known who asks: that is found out by the statement that stores it, for
    a trip of its own would cost as much again.
    """
    for _ in range(_MODEL_CHANGES_BEFORE_GIVING_UP):
        published = desk.model_in_force()
        judged = _judged(ask, desk, published, now)
        if isinstance(judged, NotOffered):
            return judged
        draft = _draft(ask, judged, published.model, key, now)
        match desk.accept(draft, by):
            case Accepted(asker=asker, redirect=redirect):
                request = received(draft.request.id, asker, ask, judged, now)
                return Submitted(request=replace(request, redirect=redirect), repeated=False)
            case AlreadyAccepted() as before:
                same = before.digest == draft.digest
                return Submitted(request=before.request, repeated=True) if same else KeyReused()
            case ModelMovedOn():
                desk.refresh()
            case NoSchool():
                return _no_school("is missing")
            case Nobody() as nobody:
                return nobody
            case other:
                assert_never(other)
    raise ModelKeepsChangingError


def _judged(
    ask: Ask, desk: FrontDesk, published: PublishedModel, now: datetime
) -> Judged | NotOffered:
    school = None if ask.school is None else desk.school(ask.school)
    if school is None and ask.school is not None:
        return _no_school("is not a school of this division")
    if fault := time_fault(ask, now, published.model.zone):
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
    return _meeting_fault(published.model, ask, decision) or judged


def _draft(ask: Ask, judged: Judged, model: CoachingModel, key: str, now: datetime) -> Draft:
    request = received(new_id(), STRANGER, ask, judged, now)
    event = announcement(request, STRANGER, model)
    hers = frozenset(name for name in ("school", "room") if getattr(ask, name) is None)
    return Draft(request=request, event=event, hers=hers, key=key, digest=ask.digest())


def _no_school(message: str) -> NotOffered:
    return NotOffered(field="school", message=message, right="a key from the list of schools")


def _meeting_fault(model: CoachingModel, ask: Ask, decision: Decision) -> NotOffered | None:
    if not isinstance(decision, InRemit):
        return None
    mode = model.mode_of[decision.support_mode]
    if ask.meeting == "online" and not mode.online_ok:
        return NotOffered(
            field="meeting", message=f"{mode.name} is not held online", right="in_person or either"
        )
    least, most = mode.sessions.min, mode.sessions.max
    if ask.support_mode is None or ask.meetings is None or least <= ask.meetings <= most:
        return None
    right = f"{least}" if least == most else f"{least} to {most}"
    return NotOffered(
        field="meetings", message=f"is not how many {mode.name} takes", right=f"{right}, or none"
    )


def _meetings(request: Request, model: CoachingModel) -> int:
    """How many meetings she is to have: what she asked for, as far as the mode that came of it goes."""
    sessions = model.mode_of[request.support_mode or ""].sessions
    return min(max(request.meetings or sessions.min, sessions.min), sessions.max)


def announcement(request: Request, asker: Asker, model: CoachingModel) -> Event:
    """The one event that tells how a request was decided: submitted, declined or under review."""
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
                school_windows=request.school_windows,
                meetings=_meetings(request, model),
                needed_by=request.needed_by,
            )
        case "out_of_remit" if request.redirect and request.topic:
            return RequestDeclined(
                version=request.version,
                request_id=request.id,
                declined_at=request.changed_at,
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
