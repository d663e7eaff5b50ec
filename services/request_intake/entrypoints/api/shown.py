"""Requests and models as the API shows them: plain values, ready for JSON."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from services.request_intake.domain.coaching_model import CoachingModel
from services.request_intake.domain.remit import InRemit, OutOfRemit, Unclear
from services.request_intake.domain.request import Request
from services.request_intake.domain.standing import BookedSession, CycleStanding, Standing
from services.request_intake.handlers.reading import ReadNeed
from shared.events.vocabulary import CycleMeeting, MeetingTime, OfferedTime, Window


def request(found: Request) -> dict[str, Any]:
    """Everything its teacher may know of a request. Fits `schemas.RequestOut`."""
    return {
        "id": found.id,
        "status": found.state.value,
        "version": found.version,
        "decision": found.decision,
        "clause": found.clause,
        "redirect": found.redirect,
        "suggestions": found.suggestions,
        "words": found.words,
        "topic": found.topic,
        "support_mode": found.support_mode,
        "coach_types": found.coach_types,
        "school": found.school,
        "room": found.room,
        "meeting": found.meeting,
        "meetings": found.meetings,
        "needed_by": found.needed_by,
        "windows": [_window(window) for window in found.windows],
        "school_windows": [vars(window) for window in found.school_windows],
        "model_version": found.model_version,
        "submitted_at": instant(found.submitted_at),
        "changed_at": instant(found.changed_at),
        **_standing(found.standing),
        "notice_failed": found.notice_failed,
        "appealed": found.appealed,
        "excepted": found.excepted,
    }


def model(document: CoachingModel, version: int) -> dict[str, Any]:
    """What anybody may read of a model. Dumped by `schemas.ModelOut`."""
    return {
        "version": version,
        "division": document.division.name,
        "zone": document.division.zone,
        "promise": document.promise,
        "support_modes": document.support_modes,
        "coach_types": document.coach_types,
        "topics": document.topics,
        "out_of_remit": document.out_of_remit,
    }


def need(found: ReadNeed) -> dict[str, Any]:
    """What words were read as. Fits `schemas.NeedOut`."""
    shown: dict[str, Any] = {
        "decision": "unclear",
        "topics": [],
        "clause": "",
        "redirect": None,
        "question": None,
        "support_mode": None,
        "coach_types": (),
        "model_version": found.published.version,
    }
    match found.decision:
        case InRemit() as offered:
            shown |= {
                "decision": "in_remit",
                "topics": _likely(found, found.likely),
                "clause": offered.clause,
                "redirect": offered.beside,
                "support_mode": offered.support_mode,
                "coach_types": offered.coach_types,
            }
        case OutOfRemit() as declined:
            shown |= {
                "decision": "out_of_remit",
                "clause": declined.clause,
                "redirect": declined.redirect,
            }
        case Unclear() as unclear:
            shown |= {
                "topics": _likely(found, unclear.suggestions),
                "question": unclear.question,
            }
    return shown


def _likely(found: ReadNeed, keys: Sequence[str]) -> list[dict[str, str]]:
    topics = [found.published.model.topic_of[key] for key in keys]
    return [
        {"key": topic.key, "title": topic.title, "clause": topic.description} for topic in topics
    ]


def _standing(standing: Standing | None) -> dict[str, Any]:
    if standing is None:
        return {"session": None, "offer": None, "cycle": None, "reasons": ()}
    return {
        "session": None if standing.session is None else _timed(standing.session),
        "offer": None if standing.offer is None else _offer(standing.offer),
        "cycle": None if standing.cycle is None else _cycle(standing.cycle),
        "reasons": standing.reasons,
    }


def _cycle(cycle: CycleStanding) -> dict[str, Any]:
    return {
        "state": cycle.state,
        "coach": cycle.coach,
        "planned": cycle.planned,
        "owed": cycle.owed,
        "meetings": [_timed(meeting) for meeting in cycle.meetings],
        "offers": [_offer(offer) for offer in cycle.offers],
    }


def _timed(what: BookedSession | CycleMeeting | MeetingTime) -> dict[str, Any]:
    return {
        **vars(what),
        "starts_at": instant(what.starts_at),
        "ends_at": instant(what.ends_at),
    }


def _offer(held: OfferedTime) -> dict[str, Any]:
    return {
        "session_id": held.session_id,
        "coach": held.coach.name,
        "place": held.place,
        "starts_at": instant(held.starts_at),
        "ends_at": instant(held.ends_at),
        "held_until": instant(held.held_until),
        "later": [_timed(meeting) for meeting in held.later],
    }


def _window(window: Window) -> dict[str, Any]:
    return {
        "starts_at": instant(window.starts_at),
        "ends_at": instant(window.ends_at),
        "in_class": window.in_class,
    }


def instant(at: datetime) -> datetime:
    """The moment in UTC, as everything is shown."""
    return at.astimezone(UTC)
