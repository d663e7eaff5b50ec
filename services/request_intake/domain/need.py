"""Read what a teacher typed: which topics it sounds like, on which side of the remit, or unclear.

It compares her words with the model's own and nothing else, and can say how near each topic is.
When the two sides of the remit are close it does not choose, so that nobody is declined by a guess.
"""

import math
import re
from collections import Counter, defaultdict
from dataclasses import dataclass, field

from services.request_intake.domain.coaching_model import CoachingModel, OutOfRemitTopic, Topic
from services.request_intake.domain.words import fold, pieces, stems, without_denials

# Found by a search over 300 labelled asks. To decline asks for much more than to offer: a teacher
# who is offered the wrong topic chooses another, one who is sent away does not come back.
_ENOUGH = 0.09
_CLEARLY_AHEAD = 1.0
_SURE_TO_DECLINE = 1.6
_SUGGESTIONS = 3
_TELLING_WORD = 4  # letters: a shorter word alone, such as *end*, is too little to book a coach by
_WEIGHT_OF_LETTERS = 0.4
_WEIGHT_OF_PAIRS = 1.1
_BEST_LINE, _WHOLE = 0.4, 0.6


@dataclass(frozen=True, kw_only=True)
class LikelyTopics:
    """It sounds like coaching: these topics, likeliest first."""

    topics: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class LikelyRedirect:
    """It sounds like something that is not coaching."""

    topic: str


@dataclass(frozen=True, kw_only=True)
class Uncertain:
    """It could be several things or none; `topics` are the nearest, on either side."""

    topics: tuple[str, ...]


Reading = LikelyTopics | LikelyRedirect | Uncertain


@dataclass(frozen=True, kw_only=True)
class Likeness:
    """How near a topic is to her words, between 0 and 1."""

    topic: str
    score: float


@dataclass
class _Line:
    """One sentence of the model: the topic it belongs to, how much it counts, its pieces."""

    topic: str
    weight: float
    pieces: Counter[str] = field(default_factory=Counter)


class Reader:
    """Compiled once from a model; a reading then takes well under a millisecond a sentence."""

    def __init__(self, model: CoachingModel) -> None:
        self._signals = _signals(model)
        self._outside = {t.key for t in model.out_of_remit}
        lines = [line for topic in model.topic_of.values() for line in _lines(topic)]
        self._rarity = _rarity(lines)
        self._best_line = _Index(lines, self._rarity)
        self._whole = _Index(_joined(lines), self._rarity)

    def read(self, words: str) -> Reading:
        """What these words ask for, as far as the model's own words can tell."""
        if urgent := self.urgent(words):
            return urgent
        if not self._says_enough(words):
            return Uncertain(topics=())
        ranked = self.likenesses(words)
        if not ranked or ranked[0].score < _ENOUGH:
            return Uncertain(topics=tuple(one.topic for one in ranked[:_SUGGESTIONS]))
        return self._weighed(ranked)

    def urgent(self, words: str) -> LikelyRedirect | None:
        """The urgent redirect that a phrase of hers calls for, whatever else she says."""
        folded = " ".join(fold(words).split())
        for key, signals in self._signals:
            if signals.search(folded):
                return LikelyRedirect(topic=key)
        return None

    def likenesses(self, words: str) -> list[Likeness]:
        """Every topic that shares something with her words, nearest first."""
        folded = without_denials(fold(words))
        said = Counter(pieces(folded))
        whole, lines = self._whole.near(said), self._best_line.near(said)
        scores = {
            topic: _WHOLE * whole.get(topic, 0.0) + _BEST_LINE * lines.get(topic, 0.0)
            for topic in whole.keys() | lines.keys()
        }
        ranked = sorted(scores, key=lambda topic: (-scores[topic], topic))
        return [Likeness(topic=topic, score=scores[topic]) for topic in ranked]

    def _says_enough(self, words: str) -> bool:
        """Two different words that the model knows, or a longer one; letters and numbers are none."""
        said = set(stems(without_denials(fold(words)))) & self._rarity.keys()
        known = [stem for stem in said if len(stem) > 1 and not stem.isdigit()]
        return len(known) > 1 or any(len(stem) >= _TELLING_WORD for stem in known)

    def _weighed(self, ranked: list[Likeness]) -> Reading:
        """Both sides against each other: the better one, if it is clearly ahead of the other."""
        first = ranked[0]
        inside = [one for one in ranked if one.topic not in self._outside]
        outside = [one for one in ranked if one.topic in self._outside]
        if first.topic in self._outside:
            if not inside or first.score >= inside[0].score * _SURE_TO_DECLINE:
                return LikelyRedirect(topic=first.topic)
        elif not outside or first.score >= outside[0].score * _CLEARLY_AHEAD:
            return LikelyTopics(topics=tuple(one.topic for one in inside[:_SUGGESTIONS]))
        return Uncertain(topics=tuple(one.topic for one in ranked[:_SUGGESTIONS]))


class _Index:
    """Which lines hold a piece, so that a reading touches only those that share one with her words."""

    def __init__(self, lines: list[_Line], rarity: dict[str, float]) -> None:
        self._rarity = rarity
        self._holders: dict[str, list[tuple[int, float]]] = defaultdict(list)
        self._lines = lines
        for number, line in enumerate(lines):
            vector = {piece: _saturated(n) * rarity[piece] for piece, n in line.pieces.items()}
            length = math.hypot(*vector.values())
            for piece, value in vector.items():
                self._holders[piece].append((number, line.weight * value / length))

    def near(self, said: Counter[str]) -> dict[str, float]:
        """The likeness of each topic's nearest line: a cosine, between 0 and 1."""
        unseen = max(self._rarity.values(), default=1.0)
        vector = {
            piece: _saturated(n) * self._rarity.get(piece, unseen * _kind_weight(piece))
            for piece, n in said.items()
            if piece in self._rarity or " " not in piece
        }
        length = math.hypot(*vector.values()) or 1.0
        sums: dict[int, float] = defaultdict(float)
        for piece, value in vector.items():
            for number, share in self._holders.get(piece, ()):
                sums[number] += share * value / length
        best: dict[str, float] = {}
        for number, likeness in sums.items():
            topic = self._lines[number].topic
            best[topic] = max(best.get(topic, 0.0), likeness)
        return best


def _signals(model: CoachingModel) -> list[tuple[str, re.Pattern[str]]]:
    return [
        (topic.key, re.compile(rf"\b(?:{'|'.join(re.escape(fold(s)) for s in topic.signals)})\b"))
        for topic in model.out_of_remit
        if topic.signals
    ]


def _lines(topic: Topic | OutOfRemitTopic) -> list[_Line]:
    texts = [(topic.title, 1.0), (topic.description, 1.0), *((e, 1.0) for e in topic.examples)]
    return [_Line(topic.key, weight, Counter(pieces(fold(text)))) for text, weight in texts]


def _joined(lines: list[_Line]) -> list[_Line]:
    topics: dict[str, _Line] = {}
    for line in lines:
        topics.setdefault(line.topic, _Line(line.topic, 1.0)).pieces.update(line.pieces)
    return list(topics.values())


def _rarity(lines: list[_Line]) -> dict[str, float]:
    """Inverse topic frequency: a word that every topic uses says nothing."""
    users: dict[str, set[str]] = defaultdict(set)
    for line in lines:
        for piece in line.pieces:
            users[piece].add(line.topic)
    topics = len({line.topic for line in lines})
    return {
        piece: _kind_weight(piece) * math.log((topics + 1) / (len(names) + 0.5))
        for piece, names in users.items()
    }


def _kind_weight(piece: str) -> float:
    if piece.startswith("#"):
        return _WEIGHT_OF_LETTERS
    return _WEIGHT_OF_PAIRS if " " in piece else 1.0


def _saturated(times: int) -> float:
    return 1.0 + math.log(times)
