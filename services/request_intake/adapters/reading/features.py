"""Text as weighted words, pairs of words and letter groups: sublinear tf-idf, each row of length one.

Weights as in Manning, Raghavan, Schütze (2008), Introduction to Information Retrieval, 6.2 and 6.4.1.
"""

import math
import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise

import numpy as np
from scipy.sparse import csr_matrix

from services.request_intake.domain.words import fold

_WORD = re.compile(r"[a-z0-9]+")
_SHORTEST, _LONGEST = 3, 5


def words_and_pairs(text: str) -> Iterator[str]:
    """Folded words, and neighbouring pairs of them."""
    words = _WORD.findall(fold(text))
    yield from words
    yield from (f"{left} {right}" for left, right in pairwise(words))


def letter_groups(text: str) -> Iterator[str]:
    """Groups of three to five characters inside words, with their edges: they forgive a typo."""
    for word in fold(text).split():
        padded = f" {word} "
        for size in range(_SHORTEST, _LONGEST + 1):
            if size > len(padded):
                break
            yield from (padded[i : i + size] for i in range(len(padded) - size + 1))


class Features:
    """The features that some texts have, and how rare each is."""

    def __init__(
        self, pieces: Callable[[str], Iterator[str]], texts: Sequence[str], *, least: int
    ) -> None:
        self._pieces = pieces
        holders = Counter(piece for text in texts for piece in set(pieces(text)))
        kept = sorted(piece for piece, times in holders.items() if times >= least)
        self._place = {piece: place for place, piece in enumerate(kept)}
        self._rarity = [math.log((1 + len(texts)) / (1 + holders[piece])) + 1 for piece in kept]

    def rows(self, texts: Sequence[str]) -> csr_matrix:
        """One row a text."""
        places: list[int] = []
        values: list[float] = []
        ends = [0]
        for text in texts:
            row = self._row(text)
            places += row
            values += row.values()
            ends.append(len(places))
        shape = (len(texts), len(self._place))
        return csr_matrix((np.array(values, np.float32), places, ends), shape=shape)

    def _row(self, text: str) -> dict[int, float]:
        counted = Counter(self._pieces(text))
        row = {
            place: (1 + math.log(times)) * self._rarity[place]
            for piece, times in counted.items()
            if (place := self._place.get(piece)) is not None
        }
        length = math.hypot(*row.values()) or 1.0
        return {place: value / length for place, value in row.items()}
