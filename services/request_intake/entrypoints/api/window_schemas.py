"""Times in which a teacher could meet, as the API takes and gives them."""

from typing import Any

from marshmallow import Schema, fields

from shared.events.vocabulary import SchoolWindow, Window
from shared.http.fields import AwareDateTime, CleanStr, StrictBool, StrictSchema

_LONGEST_NAME = 80


def _said(description: str) -> dict[str, str]:
    return {"description": description}


class WindowIn(StrictSchema):
    """A stretch of time in which she could meet."""

    starts_at = AwareDateTime(required=True)
    ends_at = AwareDateTime(required=True, metadata=_said("After the start, within twelve months"))
    in_class = StrictBool(metadata=_said("Whether she teaches then; leave it out if you can't say"))

    def made(self, data: dict[str, Any]) -> Window:
        return Window(**data)


class SchoolWindowIn(StrictSchema):
    """A stretch in her school's own words: a period on the days of a label, or all her prep periods."""

    label = CleanStr(
        longest=_LONGEST_NAME, metadata=_said("What the day is called; any, if left out")
    )
    period = CleanStr(longest=_LONGEST_NAME, metadata=_said("A period's name; any, if left out"))
    in_class = StrictBool(metadata=_said("Whether she teaches then; leave it out if you can't say"))
    prep = StrictBool(metadata=_said("All her prep periods, by her timetable; stands alone"))

    def made(self, data: dict[str, Any]) -> SchoolWindow:
        return SchoolWindow(**data)


class WindowOut(Schema):
    starts_at = AwareDateTime(required=True)
    ends_at = AwareDateTime(required=True)
    in_class = fields.Boolean(required=True, allow_none=True)


class SchoolWindowOut(Schema):
    label = fields.String(required=True)
    period = fields.String(required=True)
    in_class = fields.Boolean(required=True, allow_none=True)
    prep = fields.Boolean(required=True)
