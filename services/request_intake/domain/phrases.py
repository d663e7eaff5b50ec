"""All that a coaching model gives to tell topics apart by, each text with what it stands for."""

from collections.abc import Iterator
from typing import NamedTuple

from services.request_intake.domain.coaching_model import CoachingModel
from services.request_intake.domain.need import VAGUE


class Phrase(NamedTuple):
    """A text, and the topic that it asks for, or VAGUE."""

    text: str
    topic: str


class Learned(NamedTuple):
    """An ask that a person read and gave a topic, with what was worked out of its words."""

    text: str
    topic: str
    kept: bytes


def phrases_of(model: CoachingModel) -> Iterator[Phrase]:
    """Titles, descriptions, examples and phrases of every topic; and what is too vague."""
    for topic in model.topic_of.values():
        for text in (*topic.examples, topic.title, topic.description, *topic.phrases):
            yield Phrase(text, topic.key)
    for text in model.vague:
        yield Phrase(text, VAGUE)
