"""A coach's own time over HTTP, for herself and for admins: the same steps as on the page."""

from typing import Any
from uuid import UUID

from flask import Response, jsonify

from services.scheduler.bootstrap import Application
from services.scheduler.bootstrap.own_time import OwnTimeAsKept
from services.scheduler.domain.availability import ExceptionKind
from services.scheduler.domain.away import SAID, Away
from services.scheduler.domain.standing import Decision
from services.scheduler.entrypoints.api import PREFIX
from services.scheduler.entrypoints.api.callers import (
    ADMIN,
    COACH,
    caller,
    identifier,
    let_in,
    no_coach,
)
from services.scheduler.entrypoints.api.own_time_schemas import (
    ASK,
    RELEASE,
    AwayBackIn,
    AwayIn,
    OwnTimeIn,
    OwnTimeOut,
    faults_of,
    read_own_time,
    shown,
)
from services.scheduler.handlers.own_time import (
    AwayRefused,
    Change,
    MeetingsStand,
    TimeChanged,
    TimeKept,
    TimeRefused,
)
from shared.http.api import SECURITY, Blueprint
from shared.http.problems import FieldFault, ProblemError, not_valid
from shared.identity import new_id


def create_blueprint(application: Application) -> Blueprint:
    """The routes below `/coaches/<coach_id>/hours`."""
    blueprint = Blueprint(
        "own_time", __name__, url_prefix=f"{PREFIX}/coaches", description="Coaches' own time"
    )
    let_in(blueprint, application, frozenset({ADMIN, COACH}), no_coach)
    _weekly(blueprint, application)
    _days(blueprint, application)
    return blueprint


def _weekly(blueprint: Blueprint, application: Application) -> None:
    @blueprint.get("/<coach_id>/hours")
    @blueprint.doc(security=SECURITY)
    @blueprint.alt_response(200, schema=OwnTimeOut)
    @blueprint.alt_response(404, description="No such coach for you")
    def get(coach_id: str) -> Response:
        """Her hours, schools, caps, days that differ and coming weeks."""
        return jsonify(shown(as_kept(application, whose(coach_id))))

    @blueprint.put("/<coach_id>/hours")
    @blueprint.arguments(OwnTimeIn())
    @blueprint.doc(security=SECURITY)
    @blueprint.alt_response(200, schema=OwnTimeOut)
    @blueprint.alt_response(404, description="No such coach for you")
    @blueprint.alt_response(
        409, description="Changed since, or meetings stand there: they are named"
    )
    @blueprint.alt_response(422, description="What can not be; every fault is named")
    def put(sent: dict[str, Any], coach_id: str) -> Response:
        """Let her own time be exactly this. Whoever waits and could use more of it is asked at once."""
        id_ = whose(coach_id)
        read = read_own_time(sent, as_kept(application, id_).known.keys)
        if read.faults:
            raise not_valid(read.faults)
        change = _change(id_, sent)
        return _answered(
            application, id_, application.own_times.change(caller().id, change, read.own)
        )


def _days(blueprint: Blueprint, application: Application) -> None:
    @blueprint.post("/<coach_id>/hours/away")
    @blueprint.arguments(AwayIn())
    @blueprint.doc(security=SECURITY)
    @blueprint.alt_response(201, schema=OwnTimeOut)
    @blueprint.alt_response(404, description="No such coach for you")
    @blueprint.alt_response(
        409, description="Changed since, or meetings stand there: they are named"
    )
    @blueprint.alt_response(422, description="Days that can not be noted")
    def note(sent: dict[str, Any], coach_id: str) -> tuple[Response, int]:
        """She is away, or has extra hours, on these days."""
        id_ = whose(coach_id)
        as_kept(application, id_)
        answer = application.own_times.add(caller().id, _change(id_, sent), _away(sent))
        return _answered(application, id_, answer), 201

    @blueprint.post("/<coach_id>/hours/away/<away_id>/back")
    @blueprint.arguments(AwayBackIn())
    @blueprint.doc(security=SECURITY)
    @blueprint.alt_response(200, schema=OwnTimeOut)
    @blueprint.alt_response(404, description="Nothing such is noted")
    @blueprint.alt_response(409, description="Meetings stand in the extra hours: they are named")
    def back(sent: dict[str, Any], coach_id: str, away_id: str) -> Response:
        """Her weekly hours hold again on these days."""
        id_ = whose(coach_id)
        change = _change(id_, {"revision": 0, **sent})
        noted = identifier(away_id, no_coach)
        return _answered(
            application, id_, application.own_times.take_back(caller().id, change, noted)
        )


def whose(coach_id: str) -> UUID:
    """Her whose time it is: her own, or anybody's for an admin."""
    id_ = identifier(coach_id, no_coach)
    if caller().role == COACH and caller().id != id_:
        raise no_coach()
    return id_


def as_kept(application: Application, coach_id: UUID) -> OwnTimeAsKept:
    """Her own time; raises what says that there is none."""
    found = application.own_times.of(coach_id)
    if found is None:
        raise no_coach()
    return found


def _change(coach_id: UUID, sent: dict[str, Any]) -> Change:
    decision = None
    if (said := sent.get("meetings", ASK)) != ASK:
        decision = Decision(seen=frozenset(sent.get("shown", ())), release=said == RELEASE)
    return Change(coach_id=coach_id, seen=sent["revision"], decision=decision)


def _away(sent: dict[str, Any]) -> Away:
    return Away(
        id=new_id(),
        kind=ExceptionKind(sent["kind"]),
        first_day=sent["first_day"],
        last_day=sent.get("last_day", sent["first_day"]),
        starts=sent.get("starts"),
        ends=sent.get("ends"),
    )


def _answered(
    application: Application,
    coach_id: UUID,
    answer: TimeKept | TimeChanged | TimeRefused | AwayRefused | MeetingsStand | None,
) -> Response:
    match answer:
        case None:
            raise no_coach()
        case TimeRefused(faults=faults):
            raise not_valid(faults_of(tuple(faults)))
        case AwayRefused(wrong=wrong):
            field, message, right = SAID[wrong]
            raise not_valid([FieldFault(field=field, message=message, right=right)])
        case TimeChanged():
            raise ProblemError(409, "own-time-changed", "It changed. Read it again.")
        case MeetingsStand():
            raise _standing(answer)
        case TimeKept():
            found = as_kept(application, coach_id)
            return jsonify(shown(found, released=answer.released, held=answer.held))


def _standing(answer: MeetingsStand) -> ProblemError:
    """Each meeting is named by its id, with when it is."""
    return ProblemError(
        409,
        "meetings-stand",
        f"{len(answer.sessions)} meetings stand there. Nothing was written: send it again with"
        " `meetings` and, in `shown`, their ids.",
        errors=[
            FieldFault(
                field="meetings",
                message=f"{session.id} from {session.starts_at.isoformat()}",
                right="keep or release",
            )
            for session in answer.sessions
        ],
    )
