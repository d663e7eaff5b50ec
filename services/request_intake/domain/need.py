"""Read what a teacher typed: which topics it sounds like, on which side of the remit, or unclear.

Urgent signals come before all else. Then the likelihood of every topic is weighed; when the two sides
of the remit are close, or her words are too vague, nobody is declined by a guess.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from services.request_intake.domain.coaching_model import CoachingModel
from services.request_intake.domain.words import fold, without_denials

# What stands for no topic at all among the likelihoods.
VAGUE = "(vague)"


# Chosen on labelled asks among a grid of each (decision 24 has the table). To decline asks for more
# than to offer: a teacher who is offered the wrong topic chooses another, one who is sent away does
# not come back.
@dataclass(frozen=True, kw_only=True)
class Thresholds:
    """From which share on words are too vague, and from which share of what is named they are declined."""

    too_vague: float = 0.45
    sure_to_decline: float = 0.54


_BESIDE, _URGENT_BESIDE = 0.2, 0.1
_NEAR = 0.04
_SUGGESTIONS = 3

Balance = Mapping[str, float]


@dataclass(frozen=True, kw_only=True)
class LikelyTopics:
    """It sounds like coaching: these topics, likeliest first; and beside it, perhaps, a redirect's."""

    topics: tuple[str, ...]
    beside: str | None = None


@dataclass(frozen=True, kw_only=True)
class LikelyRedirect:
    """It sounds like something that is not coaching."""

    topic: str


@dataclass(frozen=True, kw_only=True)
class Uncertain:
    """It could be several things or none; `topics` are the nearest, on either side."""

    topics: tuple[str, ...]


Reading = LikelyTopics | LikelyRedirect | Uncertain


class Likelihoods(Protocol):
    """How likely each topic of a model is for some words."""

    def shares(self, words: Sequence[str], kept: Sequence[bytes | None] = ()) -> Sequence[Balance]:
        """For each of these, a share for every topic, and for VAGUE; together 1.

        `kept`, if given, has for each what was worked out of it before, or None.
        """


class Reader:
    """Reads words by one model."""

    def __init__(
        self,
        model: CoachingModel,
        likelihoods: Likelihoods,
        thresholds: Thresholds = Thresholds(),
    ) -> None:
        self._likelihoods = likelihoods
        self._thresholds = thresholds
        self._signals = _signals(model)
        self._urgent = {topic.key for topic in model.out_of_remit if topic.urgent}
        self._outside = [topic.key for topic in model.out_of_remit]
        self._inside = [topic.key for topic in model.topics]

    def read(self, words: str) -> Reading:
        """What these words ask for."""
        return self.read_all([words])[0]

    def read_all(self, asks: Sequence[str], kept: Sequence[bytes | None] = ()) -> list[Reading]:
        """What each of these asks for; many together take less time than one by one.

        `kept`, if given, has for each what `Likelihoods` worked out of it before, or None.
        """
        urgent = [self.urgent(words) for words in asks]
        doubtful = [place for place, found in enumerate(urgent) if found is None]
        shares = self._shares(
            [asks[place] for place in doubtful], [kept[place] for place in doubtful] if kept else ()
        )
        weighed = iter([self._weighed(one) for one in shares])
        return [found or next(weighed) for found in urgent]

    def shares(self, words: str) -> Balance:
        """How likely each topic is for these words, and VAGUE."""
        return self._shares([words])[0]

    def _shares(self, asks: Sequence[str], kept: Sequence[bytes | None] = ()) -> Sequence[Balance]:
        if not asks:
            return ()
        return self._likelihoods.shares([without_denials(words) for words in asks], kept)

    def urgent(self, words: str) -> LikelyRedirect | None:
        """The urgent redirect that a phrase of hers calls for, whatever else she says."""
        folded = " ".join(fold(words).split())
        for key, signals in self._signals:
            if signals.search(folded):
                return LikelyRedirect(topic=key)
        return None

    def _weighed(self, shares: Balance) -> Reading:
        inside = sorted(self._inside, key=lambda key: -shares[key])
        outside = max(self._outside, key=lambda key: shares[key])
        if shares.get(VAGUE, 0.0) > self._thresholds.too_vague:
            return Uncertain(topics=_near(shares))
        declining = sum(shares[key] for key in self._outside)
        if declining > self._thresholds.sure_to_decline * (1 - shares.get(VAGUE, 0.0)):
            return LikelyRedirect(topic=outside)
        enough = _URGENT_BESIDE if outside in self._urgent else _BESIDE
        return LikelyTopics(
            topics=tuple(inside[:_SUGGESTIONS]),
            beside=outside if shares[outside] > enough else None,
        )


def _near(shares: Balance) -> tuple[str, ...]:
    named = sorted((key for key in shares if key != VAGUE), key=lambda key: -shares[key])
    return tuple(key for key in named[:_SUGGESTIONS] if shares[key] > _NEAR)


def _signals(model: CoachingModel) -> list[tuple[str, re.Pattern[str]]]:
    return [
        (topic.key, re.compile(rf"\b(?:{'|'.join(re.escape(fold(s)) for s in topic.signals)})\b"))
        for topic in model.out_of_remit
        if topic.signals
    ]
