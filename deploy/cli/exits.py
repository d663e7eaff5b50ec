"""Exit codes that several commands share, each with the sentence that goes with it."""

import click


class NoStackAnswers(click.ClickException):
    """No stack answers, or only an empty one; the text says what to start."""

    exit_code = 3


class TimeIsUp(click.ClickException):
    """It took longer than it was given; nothing is lost."""

    exit_code = 4
