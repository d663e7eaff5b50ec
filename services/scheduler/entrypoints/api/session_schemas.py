"""Sessions as JSON: with whom, where and when."""

from typing import Any

from marshmallow import Schema, fields

from services.scheduler.domain.release import LiveSession
from shared.http.fields import AwareDateTime, StrictUUID


class WithWhomOut(Schema):
    """The coach of a session."""

    id = StrictUUID()
    name = fields.String()


class PlaceOut(Schema):
    """`kind` is room or online; `address` is the room, or the coach's standing address."""

    kind = fields.String()
    address = fields.String()


class SessionOut(Schema):
    """A session; `sequence` counts its changes."""

    session_id = StrictUUID()
    request_id = StrictUUID()
    coach = fields.Nested(WithWhomOut)
    place = fields.Nested(PlaceOut)
    starts_at = AwareDateTime()
    ends_at = AwareDateTime()
    sequence = fields.Integer()


def facts(session: LiveSession) -> dict[str, Any]:
    """What a schema shows of a session."""
    return {
        "session_id": session.id,
        "request_id": session.request.id,
        "coach": session.coach,
        "place": session.place,
        "starts_at": session.starts_at,
        "ends_at": session.ends_at,
        "sequence": session.sequence,
    }
