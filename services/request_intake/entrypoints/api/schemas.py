"""What the API takes and gives, field by field; it changes only on purpose, never with a table."""

from typing import Any

from marshmallow import Schema, fields

from services.request_intake.domain.request import (
    LONGEST_WORDS,
    MEETINGS,
    MOST_MEETINGS,
    MOST_WINDOWS,
    Ask,
)
from services.request_intake.domain.standing import State
from services.request_intake.entrypoints.api.standing_schemas import (
    CycleOut,
    OfferOut,
    ReasonOut,
    SessionOut,
)
from services.request_intake.entrypoints.api.window_schemas import (
    SchoolWindowIn,
    SchoolWindowOut,
    WindowIn,
    WindowOut,
)
from shared.http.fields import (
    AwareDateTime,
    BoundedInt,
    Choice,
    CleanStr,
    ListOf,
    StrictSchema,
)
from shared.http.fields import StrictUUID as Id

_LONGEST_KEY, _LONGEST_ROOM = 80, 80


def _said(description: str) -> dict[str, str]:
    return {"description": description}


class AskIn(StrictSchema):
    """A teacher's ask, for herself."""

    words = CleanStr(
        required=True,
        longest=LONGEST_WORDS,
        lines=True,
        metadata=_said("The need in her own words; readable by her and her coach, nobody else"),
    )
    topic = CleanStr(
        longest=_LONGEST_KEY,
        metadata=_said(
            "A topic's key. Without it the words are read; with it, it is decided exactly"
        ),
    )
    support_mode = CleanStr(
        longest=_LONGEST_KEY, metadata=_said("A support mode's key; without it the topic's first")
    )
    school = CleanStr(longest=_LONGEST_KEY, metadata=_said("A school's key; without it hers"))
    meeting = Choice(*MEETINGS)
    windows = ListOf(
        fields.Nested(WindowIn),
        most=MOST_WINDOWS,
        metadata=_said("When she could meet, what suits best first; without any, any time will do"),
    )
    school_windows = ListOf(
        fields.Nested(SchoolWindowIn),
        most=MOST_WINDOWS,
        metadata=_said("The same in her school's own words: day labels, periods, “my prep”"),
    )
    room = CleanStr(longest=_LONGEST_ROOM, shortest=0, metadata=_said("Without it, her own"))
    meetings = BoundedInt(
        minimum=1,
        maximum=MOST_MEETINGS,
        metadata=_said("How many meetings; over one it is a cycle. Without it, as many as usual"),
    )
    needed_by = fields.Date(
        metadata=_said("The day by which it would help; sooner goes before later in the waitlist")
    )

    def made(self, data: dict[str, Any]) -> Ask:
        lists = {name: tuple(data.get(name, ())) for name in ("windows", "school_windows")}
        return Ask(**{**data, **lists})


class NeedIn(StrictSchema):
    """Words to be read, not kept."""

    words = CleanStr(
        required=True,
        longest=LONGEST_WORDS,
        lines=True,
        metadata=_said("The need in her own words; read and forgotten"),
    )

    def made(self, data: dict[str, Any]) -> str:
        return str(data["words"])


class CancelIn(StrictSchema):
    """Taking a request back."""

    version = BoundedInt(
        minimum=1,
        maximum=2**53,
        metadata=_said("The version she saw: when it has changed since, nothing is cancelled"),
    )


class SchoolOut(Schema):
    id = Id(required=True)
    name = fields.String(required=True)


class ListedSchoolOut(SchoolOut):
    key = fields.String(required=True, metadata=_said("Names it in an ask"))


class RedirectOut(Schema):
    """Where an out-of-remit need goes."""

    key = fields.String(required=True)
    label = fields.String(required=True)
    kind = fields.String(required=True, metadata=_said("link, email or person"))
    target = fields.String(required=True)
    sentence = fields.String(required=True)
    urgent = fields.Boolean(required=True)


class RequestOut(Schema):
    """A request: how it was decided and where it stands."""

    id = Id(required=True)
    status = fields.String(required=True, metadata={"enum": [state.value for state in State]})
    version = fields.Integer(required=True)
    decision = fields.String(
        required=True, metadata={"enum": ["in_remit", "out_of_remit", "unclear"]}
    )
    clause = fields.String(
        required=True, metadata=_said("What the model says of it; of an unclear ask, the question")
    )
    redirect = fields.Nested(
        RedirectOut,
        required=True,
        allow_none=True,
        metadata=_said(
            "Where it goes if declined; beside an accepted ask, where its other part goes"
        ),
    )
    suggestions = fields.List(
        fields.String(), required=True, metadata=_said("Topics that an unclear ask is near to")
    )
    words = fields.String(required=True)
    topic = fields.String(required=True, allow_none=True)
    support_mode = fields.String(required=True, allow_none=True)
    coach_types = fields.List(fields.String(), required=True)
    school = fields.Nested(SchoolOut, required=True)
    room = fields.String(required=True)
    meeting = fields.String(required=True)
    meetings = fields.Integer(
        required=True, allow_none=True, metadata=_said("How many she asked for; null: as usual")
    )
    needed_by = fields.Date(required=True, allow_none=True)
    windows = fields.List(fields.Nested(WindowOut), required=True)
    school_windows = fields.List(fields.Nested(SchoolWindowOut), required=True)
    model_version = fields.Integer(required=True)
    submitted_at = AwareDateTime(required=True)
    changed_at = AwareDateTime(required=True)
    session = fields.Nested(SessionOut, required=True, allow_none=True)
    offer = fields.Nested(OfferOut, required=True, allow_none=True)
    cycle = fields.Nested(CycleOut, required=True, allow_none=True)
    reasons = fields.List(
        fields.Nested(ReasonOut),
        required=True,
        metadata=_said("Why this coach and time, or what stands in the way"),
    )
    notice_failed = fields.Boolean(required=True, metadata=_said("Mail could not reach her"))
    appealed = fields.Boolean(required=True, metadata=_said("She said once that it is coaching"))
    excepted = fields.Boolean(required=True, metadata=_said("It is coached by an exception"))


class LikelyTopicOut(Schema):
    key = fields.String(required=True)
    title = fields.String(required=True)
    clause = fields.String(required=True, metadata=_said("What the model says that the topic is"))


class NeedOut(Schema):
    """What words are read as. An urgent redirect comes before all else, alone or beside an offer."""

    decision = fields.String(
        required=True, metadata={"enum": ["in_remit", "out_of_remit", "unclear"]}
    )
    topics = fields.List(
        fields.Nested(LikelyTopicOut),
        required=True,
        metadata=_said("The likely topics, likeliest first; of an unclear need, the nearest"),
    )
    clause = fields.String(required=True, metadata=_said("The clause of the model that says so"))
    redirect = fields.Nested(RedirectOut, required=True, allow_none=True)
    question = fields.String(required=True, allow_none=True)
    support_mode = fields.String(required=True, allow_none=True)
    coach_types = fields.List(fields.String(), required=True)
    model_version = fields.Integer(required=True)


class RequestListOut(Schema):
    requests = fields.List(fields.Nested(RequestOut), required=True)


class SchoolListOut(Schema):
    schools = fields.List(fields.Nested(ListedSchoolOut), required=True)


class ModeOut(Schema):
    key = fields.String(required=True)
    name = fields.String(required=True)
    teacher_sentence = fields.String(required=True)
    when_to_ask = fields.String(required=True)
    what_it_is_not = fields.String(required=True)
    where_in_day = fields.String(
        required=True, metadata={"description": "either, in_class or outside_class"}
    )
    minutes = fields.Integer(required=True)
    meetings_least = fields.Integer(required=True, attribute="sessions.min")
    meetings_most = fields.Integer(
        required=True, attribute="sessions.max", metadata=_said("Over 1: it may be a cycle")
    )
    weeks_between = fields.Integer(required=True, metadata=_said("Of a cycle's meetings"))
    online_ok = fields.Boolean(required=True)


class CoachTypeOut(Schema):
    key = fields.String(required=True)
    name = fields.String(required=True)
    summary = fields.String(required=True)
    covers = fields.List(fields.String(), required=True)
    does_not_cover = fields.List(fields.String(), required=True)
    modes = fields.List(fields.String(), required=True)


class TopicOut(Schema):
    key = fields.String(required=True)
    title = fields.String(required=True)
    description = fields.String(required=True)
    boundary_note = fields.String(required=True)
    coach_types = fields.List(fields.String(), required=True)
    modes = fields.List(fields.String(), required=True)
    examples = fields.List(fields.String(), required=True)


class OutOfRemitTopicOut(Schema):
    key = fields.String(required=True)
    title = fields.String(required=True)
    description = fields.String(required=True)
    boundary_note = fields.String(required=True)
    urgent = fields.Boolean(required=True)
    redirect = fields.Nested(RedirectOut, required=True)
    examples = fields.List(fields.String(), required=True)


class ModelOut(Schema):
    """The coaching model in force, as teachers may read it."""

    version = fields.Integer(required=True)
    division = fields.String(required=True)
    zone = fields.String(required=True)
    promise = fields.String(required=True)
    support_modes = fields.List(fields.Nested(ModeOut), required=True)
    coach_types = fields.List(fields.Nested(CoachTypeOut), required=True)
    topics = fields.List(fields.Nested(TopicOut), required=True)
    out_of_remit = fields.List(fields.Nested(OutOfRemitTopicOut), required=True)
