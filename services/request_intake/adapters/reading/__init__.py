"""Reading a teacher's words: sentence vectors and letter groups, weighed by a model's own phrases."""

import os
import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from importlib import import_module
from typing import cast

from services.request_intake.domain.coaching_model import CoachingModel
from services.request_intake.domain.need import Balance, Likelihoods, Reader

_STACK = 32 * 1024 * 1024


def trained(model: CoachingModel) -> Reader:
    """A reader of this model's topics; what it needs is loaded and trained at its first reading."""
    return Reader(model, _Late(model))


class _Late:
    """Imports NumPy, SciPy and the sentence encoder only when words are read, and reads in one thread.

    That thread has a stack of its own size: linear algebra takes half a megabyte for a single call,
    and where a web server's threads have little, the process would die of it.
    """

    def __init__(self, model: CoachingModel) -> None:
        self._model = model
        self._lock = threading.Lock()
        self._desk: ThreadPoolExecutor | None = None
        self._trained: Likelihoods | None = None

    def shares(self, words: Sequence[str]) -> Sequence[Balance]:
        return self._one_desk().submit(self._read, words).result()

    def _read(self, words: Sequence[str]) -> Sequence[Balance]:
        if self._trained is None:
            # Several processes read side by side: with threads of their own they take turns at the
            # cores, and each reading takes almost three times as long (decision 24).
            os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
            module = import_module(f"{__name__}.trained_likelihoods")
            self._trained = cast("Likelihoods", module.TrainedLikelihoods(self._model))
        return self._trained.shares(words)

    def _one_desk(self) -> ThreadPoolExecutor:
        with self._lock:
            if self._desk is None:
                self._desk = ThreadPoolExecutor(1, thread_name_prefix="reading")
                before = threading.stack_size(_STACK)
                try:
                    self._desk.submit(int).result()  # its one thread starts here, with that stack
                finally:
                    threading.stack_size(before)
            return self._desk
