"""Show how far the loading is: a bar on a terminal, a line for each part elsewhere."""

import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Protocol, TypeVar

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

T = TypeVar("T")

_AT_ONCE = 2_500


class Teller(Protocol):
    """Hears of each part: how large it is, and each step of it."""

    def part(self, what: str, total: int) -> Callable[[int], None]:
        """A part begins; call the answer with every number of rows that is done."""


class Silence:
    """Tells nobody."""

    def part(self, what: str, total: int) -> Callable[[int], None]:  # noqa: ARG002
        """Nothing is said."""
        return lambda _done: None


class Lines:
    """A plain line as each part is done."""

    def __init__(self, tell: Callable[[str], None]) -> None:
        self._tell = tell

    def part(self, what: str, total: int) -> Callable[[int], None]:
        """Count, and say so once all is done."""
        left = total

        def done(rows: int) -> None:
            nonlocal left
            left -= rows
            if left <= 0:
                self._tell(f"{what}: {total:,}")

        return done


class Bars:
    """A bar for each part."""

    def __init__(self, progress: Progress) -> None:
        self._progress = progress

    def part(self, what: str, total: int) -> Callable[[int], None]:
        """A bar that grows."""
        task = self._progress.add_task(what, total=total)
        return lambda rows: self._progress.advance(task, rows)


@contextmanager
def teller(tell: Callable[[str], None]) -> Iterator[Teller]:
    """Bars when standard output is a terminal, else lines by `tell`."""
    if not sys.stdout.isatty():
        yield Lines(tell)
        return
    columns = (TextColumn("{task.description:<14}"), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, TimeElapsedColumn(), console=Console()) as progress:
        yield Bars(progress)


def load_all(
    teller: Teller, what: str, rows: Sequence[T], load: Callable[[Sequence[T]], object]
) -> None:
    """Load `rows` in a few large pieces, telling after each."""
    done = teller.part(what, len(rows))
    for first in range(0, len(rows), _AT_ONCE):
        piece = rows[first : first + _AT_ONCE]
        load(piece)
        done(len(piece))
