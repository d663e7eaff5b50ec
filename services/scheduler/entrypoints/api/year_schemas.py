"""A school year as JSON: read strictly into the domain's, and shown."""

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

from marshmallow import Schema, fields

from services.scheduler.domain.school_time import (
    BellSchedule,
    Closure,
    ClosureKind,
    Period,
    SchoolTime,
    Term,
    school_year,
)
from services.scheduler.domain.schools import KnownSchool
from services.scheduler.domain.travel import Spot
from services.scheduler.domain.year_rules import (
    LONGEST_COVER,
    LONGEST_NAME,
    LONGEST_YEAR,
    MOST_BELLS,
    MOST_LABELS,
    MOST_PERIODS,
    MOST_TERMS,
)
from shared.http.fields import (
    BoundedInt,
    BoundedNumber,
    Choice,
    CleanStr,
    ListOf,
    LocalDay,
    StrictBool,
    StrictSchema,
    StrictUUID,
    WallTime,
)


def _name(**kwargs: Any) -> CleanStr:
    return CleanStr(longest=LONGEST_NAME, **kwargs)


def _weekday() -> BoundedInt:
    return BoundedInt(minimum=1, maximum=7, metadata={"description": "1 is Monday"})


class TermField(StrictSchema):
    name = _name(required=True)
    first_day = LocalDay(required=True)
    last_day = LocalDay(required=True)

    def made(self, data: dict[str, Any]) -> Term:
        return Term(**data)


class PeriodField(StrictSchema):
    """By the school's clock. Two of one name are variants of it."""

    name = _name(required=True)
    starts = WallTime(required=True)
    ends = WallTime(required=True)

    def made(self, data: dict[str, Any]) -> Period:
        return Period(**data)


class BellsField(StrictSchema):
    """Rung on days of these labels and weekdays (none: all), or on special days of this name."""

    labels = ListOf(_name(), most=MOST_LABELS, load_default=list)
    weekdays = ListOf(_weekday(), most=7, load_default=list)
    special = CleanStr(shortest=0, longest=LONGEST_NAME, load_default="")
    periods = ListOf(fields.Nested(PeriodField), most=MOST_PERIODS, required=True)

    def made(self, data: dict[str, Any]) -> BellSchedule:
        return BellSchedule(
            labels=tuple(data.get("labels", ())),
            weekdays=tuple(data.get("weekdays", ())),
            special=data.get("special", ""),
            periods=tuple(data["periods"]),
        )


class ClosureField(StrictSchema):
    """`shifts`: the label of that day goes to the next school day; else it is lost."""

    day = LocalDay(required=True)
    kind = Choice(*ClosureKind, required=True)
    shifts = StrictBool(load_default=True)

    def made(self, data: dict[str, Any]) -> Closure:
        return Closure(
            day=data["day"], kind=ClosureKind(data["kind"]), shifts=data.get("shifts", True)
        )


class SpecialDayField(StrictSchema):
    """A date on which the special bells of this name are rung."""

    day = LocalDay(required=True)
    name = _name(required=True)

    def made(self, data: dict[str, Any]) -> tuple[date, str]:
        return data["day"], data["name"]


class SpotField(StrictSchema):
    """Degrees, WGS 84."""

    latitude = BoundedNumber(minimum=-90, maximum=90, required=True)
    longitude = BoundedNumber(minimum=-180, maximum=180, required=True)

    def made(self, data: dict[str, Any]) -> Spot:
        return Spot(**data)


class YearIn(StrictSchema):
    """All of a school year, and the version that was read before: 0 where none is known."""

    version = BoundedInt(required=True, minimum=0, maximum=2**31 - 1)
    first_day = LocalDay(required=True)
    last_day = LocalDay(required=True)
    labels = ListOf(_name(), required=True, most=MOST_LABELS)
    weekdays = ListOf(_weekday(), required=True, most=7)
    shifts = StrictBool(required=True)
    cover = CleanStr(required=True, shortest=0, longest=LONGEST_COVER)
    terms = ListOf(fields.Nested(TermField), required=True, most=MOST_TERMS)
    bells = ListOf(fields.Nested(BellsField), required=True, most=MOST_BELLS)
    closures = ListOf(fields.Nested(ClosureField), required=True, most=LONGEST_YEAR)
    specials = ListOf(fields.Nested(SpecialDayField), required=True, most=LONGEST_YEAR)
    spot = fields.Nested(SpotField, required=True, allow_none=True)


class YearOut(YearIn):
    """A school year as it stands; `declared` are closures on short notice, which are no part of it."""

    school_id = StrictUUID()
    key = fields.String()
    name = fields.String()
    declared = fields.List(fields.Nested(ClosureField))


class ListedYearOut(Schema):
    """A school; version 0 and no days while its year is not known. `today` is its day's label."""

    school_id = StrictUUID()
    key = fields.String()
    name = fields.String()
    version = fields.Integer()
    first_day = LocalDay(allow_none=True)
    last_day = LocalDay(allow_none=True)
    today = fields.String(allow_none=True)


class YearListOut(Schema):
    """Every school of the division, by name."""

    schools = fields.List(fields.Nested(ListedYearOut))


_YEAR, _LISTED = YearOut(), ListedYearOut()
_PLAIN = (
    "first_day",
    "last_day",
    "labels",
    "weekdays",
    "shifts",
    "cover",
    "terms",
    "bells",
    "spot",
)


def made(sent: Mapping[str, Any], school_id: UUID) -> SchoolTime:
    """The year that was sent, for a school."""
    facts: dict[str, Any] = {
        name: tuple(value) if isinstance(value, list) else value
        for name, value in sent.items()
        if name != "version"
    }
    return SchoolTime(school_id=school_id, name="", **facts)  # it is called as intake says


def shown(school: KnownSchool, year: SchoolTime) -> Any:
    """The JSON of a year."""
    facts = {name: getattr(year, name) for name in _PLAIN}
    return _YEAR.dump(
        {
            **facts,
            "school_id": school.id,
            "key": school.key,
            "name": school.name,
            "version": year.version,
            "closures": year.planned,
            "declared": year.declared,
            "specials": [{"day": day, "name": name} for day, name in year.specials],
        }
    )


def listed(school: KnownSchool, year: SchoolTime | None, today: date) -> Any:
    """The JSON of a school in the list."""
    day = school_year(year).get(today) if year else None
    return _LISTED.dump(
        {
            "school_id": school.id,
            "key": school.key,
            "name": school.name,
            "version": year.version if year else 0,
            "first_day": year.first_day if year else None,
            "last_day": year.last_day if year else None,
            "today": day.label if day else None,
        }
    )
