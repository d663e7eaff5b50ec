"""What the API takes and gives of packs, field by field."""

from marshmallow import Schema, fields, validate

from services.request_intake.domain.coaching_model import LICENCES
from services.request_intake.domain.pack import LONGEST_TITLE
from services.request_intake.entrypoints.api.draft_schemas import DraftOut
from shared.http.fields import BoundedInt, Choice, CleanStr, StrictSchema

_MOST_PARTS = 600


def _said(description: str) -> dict[str, str]:
    return {"description": description}


def _pack() -> fields.String:
    return fields.String(required=True, metadata=_said("The text of the pack's file, in YAML"))


class HandOnQuery(StrictSchema):
    """How a model is handed on."""

    title = CleanStr(longest=LONGEST_TITLE, metadata=_said("Without it, after the division"))
    licence = Choice(*LICENCES, metadata=_said("An open licence, by its SPDX identifier"))


class PackIn(StrictSchema):
    """A pack to be looked at, or taken whole."""

    pack = _pack()


class AdoptIn(StrictSchema):
    """Parts of a pack to be taken into the draft."""

    revision = BoundedInt(
        required=True,
        minimum=0,
        maximum=2**31 - 1,
        metadata=_said("The draft's revision that was read; 0 when there was no draft"),
    )
    pack = _pack()
    parts = fields.List(
        fields.String(),
        required=True,
        validate=validate.Length(min=1, max=_MOST_PARTS),
        metadata=_said("Entries of the pack, each as topics[unit_planning]"),
    )


class DifferenceOut(Schema):
    field = fields.String(required=True)
    ours = fields.List(fields.String(), required=True)
    theirs = fields.List(fields.String(), required=True)


class ComparedOut(Schema):
    part = fields.String(required=True)
    title = fields.String(required=True)
    kind = fields.String(required=True, metadata=_said("ours or theirs (only there), or both"))
    fields_ = fields.List(fields.Nested(DifferenceOut), required=True, data_key="fields")


class ComparisonOut(Schema):
    title = fields.String(required=True)
    licence = fields.String(required=True)
    against = fields.Integer(
        required=True, allow_none=True, metadata=_said("The version compared with; none: the draft")
    )
    revision = fields.Integer(
        required=True, metadata=_said("The draft's, to send with what is adopted; 0 without one")
    )
    compared = fields.List(fields.Nested(ComparedOut), required=True)


class TakenOut(DraftOut):
    """The draft as the pack made it."""
