"""Reading a teacher's words: sentence vectors and letter groups, weighed by a model's own phrases."""

import os
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from importlib import import_module
from typing import Any, TypeVar, cast

from services.request_intake.domain.coaching_model import CoachingModel
from services.request_intake.domain.need import Balance, Likelihoods, Reader
from services.request_intake.domain.phrases import Learned

A = TypeVar("A")

_STACK = 32 * 1024 * 1024


def trained(model: CoachingModel, learned: Sequence[Learned] = ()) -> Reader:
    """A reader of this model's topics; what it needs is loaded and trained at its first reading.

    `learned` are asks whose topics people gave; those of topics that the model has not are left out.
    """
    return Reader(model, _Late(model, learned))


def vectors_to_keep(texts: Sequence[str]) -> Sequence[bytes]:
    """What a later reading of these texts can be spared; see `Likelihoods.shares`."""
    return _QUIET.work(lambda: cast("list[bytes]", _module("vectors").to_keep(texts)))


class _Desk:
    """One thread for linear algebra, with a stack of its own size.

    Such a call takes half a megabyte of stack, and where a web server's threads have little, the
    process would die of it.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._thread: ThreadPoolExecutor | None = None

    def work(self, task: Callable[[], A]) -> A:
        """What the task answers, in its turn."""
        return self._started().submit(task).result()

    def _started(self) -> ThreadPoolExecutor:
        with self._lock:
            if self._thread is None:
                self._thread = ThreadPoolExecutor(1, thread_name_prefix="reading")
                before = threading.stack_size(_STACK)
                try:
                    self._thread.submit(int).result()  # it starts here, with that stack
                finally:
                    threading.stack_size(before)
            return self._thread


_QUIET = _Desk()


class _Late:
    """Imports NumPy, SciPy and the sentence encoder only when words are read."""

    def __init__(self, model: CoachingModel, learned: Sequence[Learned]) -> None:
        self._model = model
        self._learned = learned
        self._desk = _Desk()
        self._trained: Likelihoods | None = None

    def shares(self, words: Sequence[str], kept: Sequence[bytes | None] = ()) -> Sequence[Balance]:
        return self._desk.work(lambda: self._read(words, kept))

    def _read(self, words: Sequence[str], kept: Sequence[bytes | None]) -> Sequence[Balance]:
        if self._trained is None:
            made = _module("trained_likelihoods").TrainedLikelihoods(self._model, self._learned)
            self._trained = cast("Likelihoods", made)
        return self._trained.shares(words, kept)


def _module(name: str) -> Any:
    # Several processes read side by side: with threads of their own they take turns at the cores, and
    # each reading takes almost three times as long (decision 24).
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    return import_module(f"{__name__}.{name}")
