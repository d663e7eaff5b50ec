"""What the API gives of where a request stands: its meetings, and the times that are offered."""

from marshmallow import Schema, fields

from shared.http.fields import AwareDateTime
from shared.http.fields import StrictUUID as Id


def _said(description: str) -> dict[str, str]:
    return {"description": description}


class PlaceOut(Schema):
    kind = fields.String(required=True, metadata=_said("room or online"))
    address = fields.String(required=True)


class ReasonOut(Schema):
    code = fields.String(required=True)
    sentence = fields.String(required=True)
    count = fields.Integer(allow_none=True)


class SessionOut(Schema):
    session_id = Id(required=True)
    coach = fields.String(required=True)
    coach_type = fields.String(required=True)
    support_mode = fields.String(required=True)
    place = fields.Nested(PlaceOut, required=True)
    starts_at = AwareDateTime(required=True)
    ends_at = AwareDateTime(required=True)
    zone = fields.String(required=True)
    meetings_planned = fields.Integer(required=True)


class MeetingTimeOut(Schema):
    starts_at = AwareDateTime(required=True)
    ends_at = AwareDateTime(required=True)


class OfferOut(Schema):
    """A time that is held for her until she answers it at the scheduler."""

    session_id = Id(required=True)
    coach = fields.String(required=True)
    place = fields.Nested(PlaceOut, required=True)
    starts_at = AwareDateTime(required=True)
    ends_at = AwareDateTime(required=True)
    held_until = AwareDateTime(required=True)
    later = fields.List(
        fields.Nested(MeetingTimeOut),
        required=True,
        metadata=_said("The further meetings of a cycle that one yes takes with it"),
    )


class CycleMeetingOut(MeetingTimeOut):
    session_id = Id(required=True)
    number = fields.Integer(required=True)
    coach_name = fields.String(required=True)
    state = fields.String(required=True, metadata={"enum": ["scheduled", "completed", "missed"]})


class CycleOut(Schema):
    """Several meetings with one goal and one coach."""

    state = fields.String(required=True, metadata={"enum": ["open", "paused", "ended"]})
    coach = fields.String(required=True)
    planned = fields.Integer(required=True, metadata=_said("How many meetings it is to have"))
    owed = fields.Integer(
        required=True, metadata=_said("How many of them have neither a time nor an offer yet")
    )
    meetings = fields.List(fields.Nested(CycleMeetingOut), required=True)
    offers = fields.List(fields.Nested(OfferOut), required=True)
