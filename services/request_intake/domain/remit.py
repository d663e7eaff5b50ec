"""The one decision of Remit: is an ask coaching work, and if not, where does it go. Pure.

A chosen topic is decided exactly as the model says. Without one, the reading of her words decides;
where that is not sure, nobody is declined.
"""

from dataclasses import dataclass

from services.request_intake.domain.coaching_model import CoachingModel, OutOfRemitTopic, Topic
from services.request_intake.domain.need import LikelyRedirect, LikelyTopics, Reading, Uncertain
from shared.events.vocabulary import Redirect


@dataclass(frozen=True, kw_only=True)
class InRemit:
    """Coaching work. `beside` is a redirect that another part of her words calls for."""

    topic: Topic
    support_mode: str
    coach_types: tuple[str, ...]
    clause: str
    beside: Redirect | None = None


@dataclass(frozen=True, kw_only=True)
class OutOfRemit:
    """Not coaching work. `clause` is what the model says of it, `redirect` where it goes."""

    topic: OutOfRemitTopic
    redirect: Redirect
    clause: str


@dataclass(frozen=True, kw_only=True)
class Unclear:
    """Her words could mean several things, or nothing: one question, then a person reads them."""

    question: str
    suggestions: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class NotOffered:
    """What was given can not be: the field, what is the matter with it, and what would be right."""

    field: str
    message: str
    right: str


Decision = InRemit | OutOfRemit | Unclear


def decide(
    model: CoachingModel, *, topic: str | None, support_mode: str | None, reading: Reading | None
) -> Decision | NotOffered:
    """Judge an ask by the model: the chosen topic exactly, else by what her words were read as.

    Beside a chosen topic, `reading` is None or the urgent redirect that her words call for.
    """
    if support_mode is not None and support_mode not in model.mode_of:
        return NotOffered(
            field="support_mode",
            message="is not a support mode of this division",
            right=f"one of: {', '.join(model.mode_of)}",
        )
    if topic is not None:
        return _decide_chosen(model, topic, support_mode, reading)
    match reading:
        case LikelyRedirect():
            return _out_of_remit(_outside(model, reading.topic))
        case LikelyTopics():
            return _decide_read(model, reading, support_mode)
        case Uncertain():
            return _unclear(model, reading.topics)
        case None:
            return _unclear(model, ())


def _decide_chosen(
    model: CoachingModel, key: str, support_mode: str | None, reading: Reading | None
) -> Decision | NotOffered:
    match model.topic_of.get(key):
        case Topic() as topic:
            decided = _in_remit(model, topic, support_mode, _urgent(model, reading))
            return decided or _mode_not_offered(model, topic)
        case OutOfRemitTopic() as topic:
            return _out_of_remit(topic)
        case None:
            return NotOffered(
                field="topic",
                message="is not a topic of this division's coaching model",
                right="a key from the list of topics, or none",
            )


def _decide_read(model: CoachingModel, reading: LikelyTopics, support_mode: str | None) -> Decision:
    """The likeliest topic that is offered in her mode; she did not choose it, so she is not corrected."""
    beside = None if reading.beside is None else _outside(model, reading.beside).redirect
    for key in reading.topics:
        topic = model.topic_of[key]
        if isinstance(topic, Topic) and (decided := _in_remit(model, topic, support_mode, beside)):
            return decided
    return _unclear(model, reading.topics)


def _in_remit(
    model: CoachingModel, topic: Topic, support_mode: str | None, beside: Redirect | None
) -> InRemit | None:
    mode = topic.modes[0] if support_mode is None else support_mode
    accepted = model.accepted(topic, mode)
    if not accepted:
        return None
    return InRemit(
        topic=topic,
        support_mode=mode,
        coach_types=accepted,
        clause=_clause(topic),
        beside=beside,
    )


def _mode_not_offered(model: CoachingModel, topic: Topic) -> NotOffered:
    offered = [key for key in topic.modes if model.accepted(topic, key)]
    return NotOffered(
        field="support_mode",
        message=f"is not offered for the topic {topic.key}",
        right=f"one of: {', '.join(offered)}",
    )


def _out_of_remit(topic: OutOfRemitTopic) -> OutOfRemit:
    return OutOfRemit(topic=topic, redirect=topic.redirect, clause=_clause(topic))


def _unclear(model: CoachingModel, topics: tuple[str, ...]) -> Unclear:
    if not topics:
        return Unclear(
            question="What would you like to be different in your teaching?", suggestions=()
        )
    titles = "; ".join(model.topic_of[key].title for key in topics)
    return Unclear(
        question=f"Which of these comes closest: {titles}; or something else?", suggestions=topics
    )


def _urgent(model: CoachingModel, reading: Reading | None) -> Redirect | None:
    """Safety first: an urgent redirect is shown beside whatever else was chosen."""
    if not isinstance(reading, LikelyRedirect):
        return None
    topic = _outside(model, reading.topic)
    return topic.redirect if topic.urgent else None


def _outside(model: CoachingModel, key: str) -> OutOfRemitTopic:
    return next(topic for topic in model.out_of_remit if topic.key == key)


def _clause(topic: Topic | OutOfRemitTopic) -> str:
    return f"{topic.title}: {topic.description}"
