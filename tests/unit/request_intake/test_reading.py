"""The parts of reading: sentence vectors, pieces of words, and the shares they end in."""

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from services.request_intake.adapters.reading import vectors, vectors_to_keep
from services.request_intake.adapters.reading.encoder import WIDTH, encoder
from services.request_intake.adapters.reading.features import (
    Features,
    letter_groups,
    words_and_pairs,
)
from services.request_intake.adapters.reading.trained_likelihoods import TrainedLikelihoods
from services.request_intake.adapters.reading.vectors import kept_vectors, vectors_of
from services.request_intake.domain.need import VAGUE
from services.request_intake.domain.phrases import phrases_of
from tests.support.request_intake.builders import starter

ROOT = Path(__file__).resolve().parents[3]


def test_a_vector_has_length_one_and_likens_what_is_alike() -> None:
    encode = encoder().vector
    printer, same, other = map(
        encode, ("The printer is broken", "our printing machine does not work", "teach fractions")
    )
    assert printer.shape == (WIDTH,)
    assert np.linalg.norm(printer) == pytest.approx(1, abs=1e-5)
    assert printer @ same > 0.6
    assert printer @ other < 0.4


def test_every_phrase_of_the_starter_has_its_vector_kept_and_it_is_the_encoders() -> None:
    texts = sorted({phrase.text for phrase in phrases_of(starter())})
    assert len(kept_vectors()) == len(texts)
    some = texts[:: len(texts) // 20]
    fresh = np.stack([encoder().vector(text) for text in some])
    assert np.abs(vectors_of(some) - fresh).max() < 1e-3


_IN_A_SMALL_THREAD = """
import threading
from services.request_intake.adapters.reading import trained
from tests.support.request_intake.builders import starter

threading.stack_size(256 * 1024)
reader = trained(starter())
said = []
thread = threading.Thread(target=lambda: said.append(reader.read("my printer is jammed")))
thread.start()
thread.join()
print(said[0].topic)
"""


def test_words_are_read_for_threads_with_little_room_of_their_own() -> None:
    """A web server's threads have such stacks; linear algebra on one of them ends the process."""
    done = subprocess.run(
        [sys.executable, "-c", _IN_A_SMALL_THREAD],
        cwd=ROOT,
        check=False,
        capture_output=True,
        text=True,
    )
    assert (done.returncode, done.stdout.strip()) == (0, "projector_printer_wifi"), done.stderr


def test_pieces_are_folded_words_pairs_and_letters_with_their_edges() -> None:
    assert list(words_and_pairs("Élève, 3 TESTS")) == ["eleve", "3", "tests", "eleve 3", "3 tests"]
    assert list(letter_groups("ab")) == [" ab", "ab ", " ab "]


def test_a_row_has_length_one_and_what_is_rare_weighs_more() -> None:
    features = Features(words_and_pairs, ["a b", "a c", "a d"], least=1)
    (row,) = features.rows(["a b"]).toarray()
    assert np.linalg.norm(row) == pytest.approx(1)
    assert row.max() > row[row > 0].min()
    assert features.rows(["unseen"]).nnz == 0


def test_shares_are_over_every_topic_and_vague_and_together_one() -> None:
    (shares,) = TrainedLikelihoods(starter()).shares(["my printer is jammed"])
    assert set(shares) == {*starter().topic_of, VAGUE}
    assert sum(shares.values()) == pytest.approx(1)
    assert max(shares, key=lambda topic: shares[topic]) == "projector_printer_wifi"


def test_what_is_kept_of_words_is_read_as_they_are_and_worked_out_no_more(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    words = ["my printer is jammed", "help", "fractions with pattern blocks"]
    kept = vectors_to_keep(words)
    likelihoods = TrainedLikelihoods(starter())
    plain = likelihoods.shares(words)
    some = likelihoods.shares(words, [kept[0], None, kept[2]])
    monkeypatch.setattr(vectors, "encoder", lambda: pytest.fail("worked out again"))
    for shares in (some, likelihoods.shares(words, kept)):
        for found, right in zip(shares, plain, strict=True):
            assert found == pytest.approx(right, abs=1e-4)


def test_a_text_has_the_same_vector_in_any_company() -> None:
    texts = [phrase.text for phrase in phrases_of(starter())][::12]
    texts += ["", "reading", "reading " * 60, texts[0]]
    together = encoder().vectors(texts)
    for text, row in zip(texts, together, strict=True):
        assert row == pytest.approx(encoder().vector(text), abs=1e-5)
    assert encoder().vectors([]).shape == (0, 384)
