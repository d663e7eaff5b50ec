"""Read a need before it is asked: the same decision as an ask would get, and nothing is stored."""

from dataclasses import dataclass

from services.request_intake.domain.need import LikelyTopics, Reading
from services.request_intake.domain.remit import Decision, NotOffered, decide
from services.request_intake.ports import FrontDesk, PublishedModel


@dataclass(frozen=True, kw_only=True)
class ReadNeed:
    """What the model in force says of some words; `likely` are topics in remit, likeliest first."""

    published: PublishedModel
    decision: Decision
    likely: tuple[str, ...]


def read_need(desk: FrontDesk, words: str) -> ReadNeed:
    """Read the words by the model in force."""
    published = desk.model_in_force()
    reading: Reading = published.reader.read(words)
    decision = decide(published.model, topic=None, support_mode=None, reading=reading)
    if isinstance(decision, NotOffered):
        raise TypeError(f"words alone were refused at {decision.field}")
    likely = reading.topics if isinstance(reading, LikelyTopics) else ()
    return ReadNeed(published=published, decision=decision, likely=likely)
