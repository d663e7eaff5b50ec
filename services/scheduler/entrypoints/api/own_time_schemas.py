"""A coach's own time as JSON: what is sent and what is shown. Schools go by their keys."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from marshmallow import Schema, fields

from services.scheduler.bootstrap.own_time import OwnTimeAsKept
from services.scheduler.domain.availability import DaysOfLabel, WeeklyHours
from services.scheduler.domain.away import Away
from services.scheduler.domain.own_time import (
    LONGEST_BUFFER,
    LONGEST_NOTICE,
    MOST_HOURS,
    SAID,
    Caps,
    OwnFault,
    OwnTime,
    OwnWrong,
)
from services.scheduler.domain.week_caps import GrantedUse, WeekAhead
from shared.http.fields import (
    BoundedInt,
    Choice,
    CleanStr,
    ListOf,
    LocalDay,
    StrictBool,
    StrictSchema,
    StrictUUID,
    WallTime,
)
from shared.http.problems import FieldFault

ASK, KEEP, RELEASE = "ask", "keep", "release"
_LONGEST_KEY, _LONGEST_LABEL = 80, 40
_MOST_SCHOOLS, _MOST_MEETINGS = 1_000, 500
_BIG = 2**31 - 1


class HoursField(StrictSchema):
    """A stretch of wall time on a weekday (1 is Monday), or on the days of a label of a school's cycle.

    `at`: she is at that school then. `protected`: for the modes that may use protected time.
    """

    weekday = BoundedInt(minimum=1, maximum=7)
    label = CleanStr(longest=_LONGEST_LABEL)
    school = CleanStr(longest=_LONGEST_KEY)
    starts = WallTime(required=True)
    ends = WallTime(required=True)
    protected = StrictBool()
    at = CleanStr(longest=_LONGEST_KEY)


class Decided(StrictSchema):
    """`meetings`: what becomes of those that the change would take away.

    `ask`: nothing is written, and they are named. `keep`: they stay. `release`: for each another time is
    held, and its teacher asked. The latter two only for those of `shown`.
    """

    revision = BoundedInt(required=True, minimum=0, maximum=_BIG)
    meetings = Choice(ASK, KEEP, RELEASE)
    shown = ListOf(StrictUUID(), most=_MOST_MEETINGS)


class OwnTimeIn(Decided):
    """All of her own time, and the revision that was read before."""

    hours = ListOf(fields.Nested(HoursField), required=True, most=MOST_HOURS)
    schools = ListOf(CleanStr(longest=_LONGEST_KEY), required=True, most=_MOST_SCHOOLS)
    home_base = CleanStr(longest=_LONGEST_KEY, allow_none=True)
    buffer_minutes = BoundedInt(required=True, minimum=0, maximum=LONGEST_BUFFER)
    notice_minutes = BoundedInt(minimum=0, maximum=LONGEST_NOTICE, allow_none=True)
    sessions_per_day = BoundedInt(required=True, minimum=0, maximum=_BIG)
    weekly_minutes = BoundedInt(required=True, minimum=0, maximum=_BIG)
    cycles_at_once = BoundedInt(required=True, minimum=0, maximum=_BIG)


class AwayIn(Decided):
    """She is away, or has extra hours, on a day or a row of days. Without times: whole days."""

    kind = Choice("off", "extra", required=True)
    first_day = LocalDay(required=True)
    last_day = LocalDay()
    starts = WallTime()
    ends = WallTime()


class AwayBackIn(Decided):
    """What becomes of meetings that stand in extra hours that are taken back."""

    revision = BoundedInt(minimum=0, maximum=_BIG)


class AwayOut(Schema):
    id = StrictUUID()
    kind = fields.Function(lambda away: away.kind.value, metadata={"type": "string"})
    first_day = LocalDay()
    last_day = LocalDay()
    starts = WallTime()
    ends = WallTime()


class WeekOut(Schema):
    """What a week holds; `lighter` and `ramp_up` are there where it holds less for that."""

    week = LocalDay()
    cap_minutes = fields.Integer(attribute="cap")
    booked_minutes = fields.Integer(attribute="booked")
    protected_minutes = fields.Integer(attribute="protected")
    less = fields.Function(
        lambda week: {why.value: minutes for why, minutes in week.less.items()},
        metadata={"type": "object", "additionalProperties": {"type": "integer"}},
    )


class GrantOut(Schema):
    id = StrictUUID()
    week = LocalDay()
    minutes = fields.Integer()
    granted_by = StrictUUID()
    by_name = fields.String()
    reason = fields.String()


class OwnTimeOut(OwnTimeIn):
    """Her own time as it stands; `released` meetings went with this change, `held` were found a time."""

    class Meta:
        exclude = ("meetings", "shown")

    coach_id = StrictUUID()
    most = fields.Dict(keys=fields.String(), values=fields.Integer())
    away = fields.List(fields.Nested(AwayOut))
    weeks = fields.List(fields.Nested(WeekOut))
    protected_percent = fields.Integer()
    grants = fields.List(fields.Nested(GrantOut))
    released = fields.Integer()
    held = fields.Integer()


_AWAY, _WEEK, _GRANT = AwayOut(), WeekOut(), GrantOut()


@dataclass(frozen=True, kw_only=True)
class SentTime:
    """What was sent, and the keys in it that name nothing."""

    own: OwnTime
    faults: tuple[FieldFault, ...]


def read_own_time(sent: dict[str, Any], keys: Mapping[str, UUID]) -> SentTime:
    """Her own time of what was sent."""
    wrong: list[FieldFault] = []

    def school(key: str | None, field: str) -> UUID | None:
        if key is None or key in keys:
            return keys[key] if key else None
        wrong.append(_fault(OwnFault(field=field, wrong=OwnWrong.NO_SCHOOL)))
        return None

    served = [school(key, f"schools.{n}") for n, key in enumerate(sent["schools"])]
    hours: list[WeeklyHours] = []
    for n, one in enumerate(sent["hours"]):
        at = school(one.get("at"), f"hours.{n}.at")
        on = _on(one, school(one.get("school"), f"hours.{n}.school"))
        if on is None:
            wrong.append(_fault(OwnFault(field=f"hours.{n}", wrong=OwnWrong.NO_DAY)))
            continue
        hours.append(
            WeeklyHours(
                on=on,
                starts=one["starts"],
                ends=one["ends"],
                protected=one.get("protected", False),
                at_school=at,
            )
        )
    own = OwnTime(
        hours=tuple(hours),
        school_ids=frozenset(id_ for id_ in served if id_ is not None),
        home_base=school(sent.get("home_base"), "home_base"),
        buffer_minutes=sent["buffer_minutes"],
        notice_minutes=sent.get("notice_minutes"),
        caps=Caps(**{name: sent[name] for name in Caps.__dataclass_fields__}),
    )
    return SentTime(own=own, faults=tuple(wrong))


def faults_of(refused: tuple[OwnFault, ...]) -> list[FieldFault]:
    """What the rules say against it."""
    return [_fault(fault) for fault in refused]


def shown(found: OwnTimeAsKept, **more: int) -> dict[str, Any]:
    """Her own time as JSON."""
    kept, own = found.kept, found.kept.own
    keys = found.known.key_of
    return {
        "coach_id": str(kept.coach_id),
        "revision": kept.revision,
        "hours": [_shown_hours(one, keys) for one in own.hours],
        "schools": sorted(keys.get(id_, str(id_)) for id_ in own.school_ids),
        "home_base": keys.get(own.home_base, str(own.home_base)) if own.home_base else None,
        "buffer_minutes": own.buffer_minutes,
        "notice_minutes": own.notice_minutes,
        **vars(own.caps),
        "most": vars(found.most),
        "away": [_shown_away(one) for one in kept.away],
        "weeks": [_shown_week(one) for one in found.weeks],
        "protected_percent": kept.protected_percent,
        "grants": [shown_grant(one) for one in found.grants],
        **more,
    }


def shown_grant(grant: GrantedUse) -> dict[str, Any]:
    """A grant as JSON."""
    found: dict[str, Any] = _GRANT.dump(grant)
    return found


def _shown_away(away: Away) -> dict[str, Any]:
    found: dict[str, Any] = _AWAY.dump(away)
    return found


def _shown_week(week: WeekAhead) -> dict[str, Any]:
    found: dict[str, Any] = _WEEK.dump(week)
    return found


def _shown_hours(one: WeeklyHours, keys: Mapping[UUID, str]) -> dict[str, Any]:
    on: dict[str, Any] = {"weekday": one.on}
    if isinstance(one.on, DaysOfLabel):
        school_id = one.on.school_id
        on = {"label": one.on.label, "school": keys.get(school_id, str(school_id))}
    at = {"at": keys.get(one.at_school, str(one.at_school))} if one.at_school else {}
    times = {"starts": f"{one.starts:%H:%M}", "ends": f"{one.ends:%H:%M}"}
    return {**on, **times, "protected": one.protected, **at}


def _on(one: dict[str, Any], school_id: UUID | None) -> int | DaysOfLabel | None:
    """The weekday, or the label with its school: one of the two, and whole."""
    weekday: int | None = one.get("weekday")
    label: str | None = one.get("label")
    if weekday is not None:
        return None if label is not None or "school" in one else weekday
    if label is None or school_id is None:
        return None
    return DaysOfLabel(school_id=school_id, label=label)


def _fault(fault: OwnFault) -> FieldFault:
    message, right = SAID[fault.wrong]
    if fault.most:
        right = f"a whole number from 0 to {fault.most}"
    return FieldFault(field=fault.field, message=message, right=right)
