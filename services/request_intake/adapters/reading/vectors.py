"""Sentence vectors of the starter model's phrases, worked out beforehand: 12 ms each add up.

A phrase is found by the digest of its text, so that what a division changes is simply not here and
is worked out when the model is first read. `python -m services.request_intake.adapters.reading.vectors
PACK` writes them anew; a test holds that they are the encoder's.
"""

import hashlib
import json
import sys
from collections.abc import Sequence
from functools import cache
from itertools import zip_longest
from pathlib import Path

import numpy as np

from services.request_intake.adapters.reading.encoder import Array, encoder
from services.request_intake.domain.phrases import Learned

_FILE = Path(__file__).with_name("vectors.npz")


def vectors_of(texts: Sequence[str]) -> Array:
    """One row a text; kept ones are good to three digits."""
    kept = kept_vectors()
    found = [kept.get(digest_of(text)) for text in texts]
    missing = [text for text, row in zip(texts, found, strict=True) if row is None]
    worked_out = iter(encoder().vectors(missing)) if missing else iter(())
    rows = [next(worked_out) if row is None else row for row in found]
    return np.stack(rows).astype(np.float32)


def with_kept(texts: Sequence[str], kept: Sequence[bytes | None]) -> Array:
    """One row a text; for those whose row is kept it need not be worked out again."""
    found = [None if row is None else _row(row) for row in kept]
    missing = [text for text, row in zip_longest(texts, found) if row is None]
    worked_out = iter(encoder().vectors(missing)) if missing else iter(())
    rows = [next(worked_out) if row is None else row for _, row in zip_longest(texts, found)]
    return np.stack(rows)


def row_of(learned: Learned) -> Array:
    """The row that is kept of an ask; shape (384,)."""
    return _row(learned.kept)


def _row(kept: bytes) -> Array:
    return np.frombuffer(kept, np.float32)


def to_keep(texts: Sequence[str]) -> list[bytes]:
    """The rows of these texts, whole, so that nothing is read otherwise for being kept."""
    return [row.tobytes() for row in encoder().vectors(texts)]


def digest_of(text: str) -> int:
    """What a text's vector is kept under."""
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:8], "little")


@cache
def kept_vectors() -> dict[int, Array]:
    """Those that were worked out beforehand, by digest."""
    if not _FILE.exists():
        return {}
    with np.load(_FILE) as file:
        return dict(zip(file["digests"].tolist(), file["vectors"], strict=True))


def write(texts: Sequence[str]) -> None:
    """Work out and keep the vectors of these texts, and of no others."""
    digests = np.array([digest_of(text) for text in texts], np.uint64)
    vectors = encoder().vectors(texts).astype(np.float16)
    np.savez_compressed(_FILE, digests=digests, vectors=vectors)


if __name__ == "__main__":
    from services.request_intake.domain.model_document import read
    from services.request_intake.domain.phrases import phrases_of

    pack = read(json.loads(Path(sys.argv[1]).read_text("utf-8")))
    write(sorted({phrase.text for phrase in phrases_of(pack)}))
