"""Likelihoods trained on a model's own phrases: ridge regression on sentence vectors and tf-idf.

One solve of a linear system (Hastie, Tibshirani, Friedman, The Elements of Statistical Learning, 3.4.1
and 12.3.7 for its dual), so that it is the same on every machine and in every process.
"""

from collections.abc import Sequence

import numpy as np
from scipy.linalg import solve
from scipy.sparse import csr_matrix, hstack

from services.request_intake.adapters.reading.encoder import Array
from services.request_intake.adapters.reading.features import (
    Features,
    letter_groups,
    words_and_pairs,
)
from services.request_intake.adapters.reading.vectors import row_of, vectors_of, with_kept
from services.request_intake.domain.coaching_model import CoachingModel
from services.request_intake.domain.need import Balance
from services.request_intake.domain.phrases import Learned, Phrase, phrases_of
from services.request_intake.domain.words import without_denials

# Chosen on labelled asks among a grid of each (decision 24 has the table).
_WEIGHT_OF_VECTORS, _WEIGHT_OF_WORDS, _WEIGHT_OF_LETTERS = 3.0, 0.5, 1.0
_RIDGE = 1.5
_TEMPERATURE = 0.08


class TrainedLikelihoods:
    """How likely each topic is for some words. Immutable, so safe to share between threads."""

    def __init__(self, model: CoachingModel, learned: Sequence[Learned] = ()) -> None:
        own = sorted(set(phrases_of(model)))
        taught = [one for one in learned if one.topic in model.topic_of]
        phrases = [*own, *(Phrase(without_denials(one.text), one.topic) for one in taught)]
        texts = [phrase.text for phrase in phrases]
        self._names = sorted({phrase.topic for phrase in phrases})
        self._words = Features(words_and_pairs, texts, least=1)
        self._letters = Features(letter_groups, texts, least=2)
        vectors = [vectors_of([phrase.text for phrase in own]), *map(row_of, taught)]
        dense, sparse = self._dense(np.vstack(vectors)), self._sparse(texts)
        wanted = np.full((len(texts), len(self._names)), -1 / len(self._names), np.float32)
        place = {name: index for index, name in enumerate(self._names)}
        wanted[np.arange(len(texts)), [place[phrase.topic] for phrase in phrases]] = 1
        # In place, for each of these matrices has millions of numbers.
        alike = (sparse @ sparse.T).toarray()
        alike += dense @ dense.T
        alike[np.diag_indices_from(alike)] += _RIDGE
        weights = solve(alike, wanted, assume_a="pos", overwrite_a=True, overwrite_b=True)
        self._by_vector: Array = dense.T @ weights
        self._by_piece: Array = np.asarray(sparse.T @ weights)

    def shares(self, words: Sequence[str], kept: Sequence[bytes | None] = ()) -> list[Balance]:
        """For each of these, a share for every topic, and for VAGUE; together 1."""
        dense = self._dense(with_kept(words, kept))
        scores = dense @ self._by_vector + self._sparse(words) @ self._by_piece
        odds = np.exp((scores - scores.max(1, keepdims=True)) / _TEMPERATURE)
        odds /= odds.sum(1, keepdims=True)
        return [dict(zip(self._names, row, strict=True)) for row in odds.tolist()]

    def _dense(self, vectors: Array) -> Array:
        return vectors * np.float32(np.sqrt(_WEIGHT_OF_VECTORS))

    def _sparse(self, texts: Sequence[str]) -> csr_matrix:
        return hstack(
            [
                self._words.rows(texts) * np.float32(np.sqrt(_WEIGHT_OF_WORDS)),
                self._letters.rows(texts) * np.float32(np.sqrt(_WEIGHT_OF_LETTERS)),
            ]
        ).tocsr()
