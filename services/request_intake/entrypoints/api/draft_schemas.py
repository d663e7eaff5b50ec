"""What the API takes and gives of the coaching model's draft and its versions, field by field."""

from marshmallow import Schema, fields

from shared.http.fields import BoundedInt, CleanStr, LocalDay, StrictSchema

_LONGEST_REASON = 300


def _said(description: str) -> dict[str, str]:
    return {"description": description}


def _revision() -> BoundedInt:
    return BoundedInt(
        required=True,
        minimum=1,
        maximum=2**31 - 1,
        metadata=_said("The revision that was read: when it has changed since, nothing is written"),
    )


class BeginIn(StrictSchema):
    """Starting a draft."""

    version = BoundedInt(
        required=True, minimum=1, maximum=2**31 - 1, metadata=_said("A published version")
    )


class SeenIn(StrictSchema):
    """What was read before it is changed."""

    revision = _revision()


class EntryIn(StrictSchema):
    """One entry of the model: a coach type, a support mode, a topic, or a topic out of remit."""

    revision = _revision()
    entry = fields.Dict(
        keys=fields.String(), required=True, metadata=_said("Its fields, as in the draft")
    )


class AboutIn(StrictSchema):
    """The model's promise, the three sides' duties (`roles`) and what is too vague, as a whole."""

    revision = _revision()
    about = fields.Dict(
        keys=fields.String(), required=True, metadata=_said("Its fields, as in the draft")
    )


class PublishIn(StrictSchema):
    """Publishing the draft."""

    revision = _revision()
    reason = CleanStr(
        required=True, longest=_LONGEST_REASON, metadata=_said("Why; readable by every admin")
    )
    effective_from = LocalDay(metadata=_said("The first day in force; without it, at once"))


class VersionOut(Schema):
    version = fields.Integer(required=True)
    published_at = fields.AwareDateTime(required=True)
    effective_from = fields.Date(required=True)
    in_force_at = fields.AwareDateTime(required=True)
    by = fields.String(required=True, metadata=_said("Who published it; empty for Remit itself"))
    reason = fields.String(required=True)


class VersionListOut(Schema):
    versions = fields.List(fields.Nested(VersionOut), required=True)


class ChangeOut(Schema):
    section = fields.String(required=True)
    key = fields.String(required=True)
    kind = fields.String(required=True, metadata=_said("added, removed or changed"))
    field = fields.String(required=True)
    was = fields.String(required=True)
    now = fields.String(required=True)
    more = fields.List(fields.String(), required=True)
    less = fields.List(fields.String(), required=True)


class DraftOut(Schema):
    revision = fields.Integer(required=True)
    based_on = fields.Integer(required=True)
    changed_at = fields.AwareDateTime(required=True)
    document = fields.Dict(required=True)
    against = fields.Integer(required=True, metadata=_said("The version that changes are against"))
    changes = fields.List(fields.Nested(ChangeOut), required=True)
    faults = fields.List(
        fields.String(), required=True, metadata=_said("What is missing, a line for each hole")
    )


class PublishedOut(Schema):
    version = fields.Integer(required=True)
