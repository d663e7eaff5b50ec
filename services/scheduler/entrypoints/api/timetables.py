"""Teachers' timetables over HTTP: her own for a teacher, anybody's for an admin."""

from typing import Any

from flask import Response, jsonify
from marshmallow import Schema, fields

from services.scheduler.bootstrap import Application
from services.scheduler.domain.school_time import SchoolTime, Timetable
from services.scheduler.domain.timetabling import HerDays, KnownTimetable, periods_of
from services.scheduler.domain.year_rules import LONGEST_NAME, MOST_LABELS, MOST_PERIODS
from services.scheduler.entrypoints.api import PREFIX
from services.scheduler.entrypoints.api.callers import ADMIN, TEACHER, caller, identifier, let_in
from services.scheduler.handlers.timetabling import TimetableChanged, TimetableRefused
from shared.http.api import SECURITY, Blueprint
from shared.http.fields import BoundedInt, CleanStr, ListOf, StrictSchema, StrictUUID
from shared.http.problems import FieldFault, ProblemError, not_valid

_MOST = MOST_LABELS * MOST_PERIODS


class PairField(StrictSchema):
    """A period on the days of a label, as her school calls them."""

    label = CleanStr(required=True, longest=LONGEST_NAME)
    period = CleanStr(required=True, longest=LONGEST_NAME)


class TimetableIn(StrictSchema):
    """All of her timetable, and the version that was read before: 0 where none is known."""

    version = BoundedInt(required=True, minimum=0, maximum=2**31 - 1)
    teaches = ListOf(fields.Nested(PairField), required=True, most=_MOST)
    prepares = ListOf(fields.Nested(PairField), required=True, most=_MOST)


class DayOut(Schema):
    label = fields.String()
    periods = fields.List(fields.String())


class TimetableOut(TimetableIn):
    """Her timetable as it is known, and the days and periods that it may name."""

    teacher_id = StrictUUID()
    school_id = StrictUUID()
    days = fields.List(fields.Nested(DayOut))


_TIMETABLE = TimetableOut()


def create_blueprint(application: Application) -> Blueprint:
    """The routes below `/teachers`."""
    blueprint = Blueprint(
        "timetables", __name__, url_prefix=f"{PREFIX}/teachers", description="Timetables"
    )
    let_in(blueprint, application, frozenset({ADMIN, TEACHER}), _no_teacher)

    @blueprint.get("/<teacher_id>/timetable")
    @blueprint.doc(security=SECURITY)
    @blueprint.alt_response(200, schema=TimetableOut)
    @blueprint.alt_response(404, description="No such teacher, or her school's time is not known")
    def get(teacher_id: str) -> Response:
        """When she teaches and prepares; version 0 while that is not known."""
        hers = _hers(application, teacher_id)
        return _shown(hers, _year(hers), hers.known)

    @blueprint.put("/<teacher_id>/timetable")
    @blueprint.arguments(TimetableIn())
    @blueprint.doc(security=SECURITY)
    @blueprint.alt_response(200, schema=TimetableOut)
    @blueprint.alt_response(404, description="No such teacher, or her school's time is not known")
    @blueprint.alt_response(409, description="Changed since that version")
    @blueprint.alt_response(422, description="Names what there is not at her school")
    def put(sent: dict[str, Any], teacher_id: str) -> Response:
        """Let her timetable be exactly this. Whatever she waits for is tried again."""
        hers = _hers(application, teacher_id)
        year = _year(hers)
        wanted = Timetable(teaches=_pairs(sent["teaches"]), prepares=_pairs(sent["prepares"]))
        answer = application.timetabling.change(
            caller().id, hers.teacher_id, wanted, seen=sent["version"]
        )
        match answer:
            case None:
                raise _no_time()
            case TimetableChanged():
                raise ProblemError(409, "timetable-changed", "It changed. Read it again.")
            case TimetableRefused(faults=faults):
                raise not_valid(
                    FieldFault(
                        field=f"{fault.field}.{sent[fault.field].index(_pair(fault.pair))}",
                        message=fault.message,
                        right="one pair of `days`, in one of the two lists",
                    )
                    for fault in faults
                )
            case KnownTimetable():
                return _shown(hers, year, answer)

    return blueprint


def _hers(application: Application, teacher_id: str) -> HerDays:
    id_ = identifier(teacher_id, _no_teacher)
    if caller().role == TEACHER and caller().id != id_:
        raise _no_teacher()
    found = application.timetabling.of(id_)
    if found is None:
        raise _no_teacher()
    return found


def _year(hers: HerDays) -> SchoolTime:
    if hers.year is None:
        raise _no_time()
    return hers.year


def _shown(hers: HerDays, year: SchoolTime, known: KnownTimetable) -> Response:
    return jsonify(
        _TIMETABLE.dump(
            {
                "teacher_id": hers.teacher_id,
                "school_id": hers.school_id,
                "version": known.version,
                "teaches": [_pair(pair) for pair in sorted(known.timetable.teaches)],
                "prepares": [_pair(pair) for pair in sorted(known.timetable.prepares)],
                "days": [
                    {"label": label, "periods": periods_of(year, label)}
                    for label in year.day_labels
                ],
            }
        )
    )


def _pairs(sent: list[dict[str, str]]) -> frozenset[tuple[str, str]]:
    return frozenset((one["label"], one["period"]) for one in sent)


def _pair(pair: tuple[str, str]) -> dict[str, str]:
    return {"label": pair[0], "period": pair[1]}


def _no_teacher() -> ProblemError:
    return ProblemError(404, "no-such-teacher", "There is no such teacher for you.")


def _no_time() -> ProblemError:
    return ProblemError(404, "school-time-not-known", "Her school's time is not known yet.")
