"""What the API takes and gives of appeals and reviews, field by field."""

from collections.abc import Mapping
from typing import Any

from marshmallow import Schema, ValidationError, fields

from services.request_intake.domain.review import (
    LONGEST_SENTENCE,
    ByException,
    Coaching,
    Elsewhere,
    Keep,
    Verdict,
    Why,
)
from services.request_intake.entrypoints.api.schemas import RedirectOut
from services.request_intake.entrypoints.api.window_schemas import WindowOut
from services.request_intake.handlers.reviewing import Appeal
from shared.http.fields import AwareDateTime, BoundedInt, Choice, CleanStr, StrictSchema, fault
from shared.http.fields import StrictUUID as Id

_LONGEST_KEY = 80
_NEEDS: Mapping[str, tuple[str, ...]] = {
    "coaching": ("topic",),
    "elsewhere": ("topic",),
    "keep": (),
    "exception": ("topic", "coach_type", "support_mode", "reason"),
}


def _said(description: str) -> dict[str, str]:
    return {"description": description}


class AppealIn(StrictSchema):
    """A teacher's word that her declined ask is coaching."""

    sentence = CleanStr(
        shortest=0,
        longest=LONGEST_SENTENCE,
        lines=True,
        metadata=_said("Why, if she likes; read by the division's coaching office, with her words"),
    )

    coaches = fields.Boolean(
        load_default=False,
        metadata=_said("Whether the division's coaches may read both too, and one of them say yes"),
    )

    def made(self, data: dict[str, Any]) -> Appeal:
        return Appeal(sentence=str(data.get("sentence", "")), for_coaches=data["coaches"])


class AnswerIn(StrictSchema):
    """A reader's answer to an ask under review."""

    version = BoundedInt(
        required=True,
        minimum=1,
        maximum=2**53,
        metadata=_said("The request's version that was read: when it has changed, nothing is done"),
    )
    answer = Choice(
        *_NEEDS,
        required=True,
        metadata=_said("coaching and elsewhere need a topic; exception all four fields; keep none"),
    )
    topic = CleanStr(longest=_LONGEST_KEY, metadata=_said("A topic's key, of the side meant"))
    support_mode = CleanStr(longest=_LONGEST_KEY, metadata=_said("A support mode's key"))
    coach_type = CleanStr(longest=_LONGEST_KEY, metadata=_said("Who coaches it by exception"))
    reason = CleanStr(
        longest=LONGEST_SENTENCE, lines=True, metadata=_said("Why there is an exception")
    )

    def made(self, data: dict[str, Any]) -> tuple[int, Verdict]:
        missing = [name for name in _NEEDS[data["answer"]] if name not in data]
        if missing:
            right = f"a value: the answer {data['answer']} needs it"
            raise ValidationError({name: fault("is missing", right) for name in missing})
        return data["version"], _verdict(data)


def _verdict(data: Mapping[str, Any]) -> Verdict:
    match data["answer"]:
        case "coaching":
            return Coaching(topic=data["topic"], support_mode=data.get("support_mode"))
        case "elsewhere":
            return Elsewhere(topic=data["topic"])
        case "keep":
            return Keep()
        case _:
            return ByException(**{name: data[name] for name in _NEEDS["exception"]})


class ReviewOut(Schema):
    """An ask that waits for its reader, as far as she needs it; who asked is not told."""

    id = Id(required=True, metadata=_said("The request's"))
    version = fields.Integer(required=True)
    why = fields.String(required=True, metadata={"enum": [why.value for why in Why]})
    sentence = fields.String(required=True, metadata=_said("What she said when she appealed"))
    words = fields.String(required=True)
    clause = fields.String(
        required=True, metadata=_said("Of an appeal what the model said, else the question")
    )
    support_mode = fields.String(required=True, allow_none=True)
    school = fields.String(required=True)
    meeting = fields.String(required=True)
    windows = fields.List(fields.Nested(WindowOut), required=True)
    since = AwareDateTime(required=True)
    overdue = fields.Boolean(required=True)


class SuggestionOut(Schema):
    """What the model in force makes of her words."""

    reason = fields.String(required=True, metadata=_said("The clause, or the question it asks"))
    topics = fields.List(
        fields.String(), required=True, metadata=_said("The likeliest in remit, likeliest first")
    )
    redirect = fields.Nested(
        RedirectOut, required=True, metadata=_said("The likeliest of those out of remit")
    )


class OneReviewOut(ReviewOut):
    suggestion = fields.Nested(SuggestionOut, required=True)


class BudgetOut(Schema):
    """How many exceptions the month has, of how many."""

    used = fields.Integer(required=True)
    most = fields.Integer(required=True)


class ReviewListOut(Schema):
    reviews = fields.List(fields.Nested(ReviewOut), required=True)
    exceptions = fields.Nested(BudgetOut, required=True)


class AnsweredOut(Schema):
    """What became of the request."""

    id = Id(required=True)
    status = fields.String(required=True)
    version = fields.Integer(required=True)
    topic = fields.String(required=True, allow_none=True)
    model_version = fields.Integer(required=True)
