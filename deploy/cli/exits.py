"""Exit codes that several commands share, each with the sentence that goes with it."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click
from sqlalchemy.exc import OperationalError

from deploy.stack.address import NoStack, StackAddress


class NoStackAnswers(click.ClickException):
    """No stack answers, or only an empty one; the text says what to start."""

    exit_code = 3


class TimeIsUp(click.ClickException):
    """It took longer than it was given; nothing is lost."""

    exit_code = 4


@contextmanager
def stack_on(data: Path) -> Iterator[StackAddress]:
    """The stack on a data folder; NoStackAnswers when there is none, or its database is silent."""
    try:
        yield StackAddress.find(data)
    except NoStack as missing:
        raise NoStackAnswers(str(missing)) from missing
    except OperationalError as silence:
        sentence = (
            f"The database does not answer. Is the stack up? remit up --data {data.resolve()}"
        )
        raise NoStackAnswers(sentence) from silence
