"""`remit ask`: ask for coaching as a teacher, and follow the request until its people are told."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click
from rich.console import Console

from deploy.asking.choices import MODES, SCHOOLS, TOPICS, Unknown
from deploy.asking.client import NobodyAnswers, NoDivision, Refused
from deploy.asking.conversation import Wish, ask, choices_of
from deploy.asking.teachers import NobodyAsks
from deploy.cli import data_option
from deploy.cli.exits import NoStackAnswers, TimeIsUp, stack_on


@click.command()
@click.argument("words", nargs=-1)
@click.option("--topic", default="", help="A topic's key; --topics lists them.")
@click.option("--mode", default="", help="A support mode's key (--modes); else the topic's first.")
@click.option("--school", default="", help="A school's key (--schools), or a part of its name.")
@click.option("--as", "email", default="", help="Who asks, by address; else a teacher in turn.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object and nothing else.")
@click.option(
    "--timeout",
    type=click.FloatRange(0.1, 3_600),
    default=60.0,
    show_default=True,
    help="Seconds to follow it; afterwards it goes on without us.",
)
@click.option("--topics", "listed", flag_value=TOPICS, help="List the topics, and ask nothing.")
@click.option("--modes", "listed", flag_value=MODES, help="List the support modes.")
@click.option("--schools", "listed", flag_value=SCHOOLS, help="List the schools.")
@data_option
def command(  # noqa: PLR0913  -- click hands over each option
    *,
    words: tuple[str, ...],
    topic: str,
    mode: str,
    school: str,
    email: str,
    as_json: bool,
    timeout: float,
    listed: str | None,
    data: Path,
) -> None:
    """Ask in WORDS as a teacher of the running stack, and follow the request live.

    Exit codes: 0 settled (scheduled, waiting, declined or under review) and told; 1 the server
    refused it; 2 usage, such as an unknown key; 3 no stack answers, or an empty one; 4 the time was
    up, and the request is safe and goes on.
    """
    if listed:
        _list(listed, data, alone=not (words or as_json))
        return
    if not "".join(words).strip():
        raise click.UsageError("Your words are empty. Say in WORDS what you would like help with.")
    wish = Wish(words=" ".join(words), topic=topic, mode=mode, school=school, email=email)
    with _explained(data), stack_on(data) as address:
        ending = ask(address, wish, limit=timeout, console=Console(quiet=as_json, highlight=False))
    if as_json:
        click.echo(json.dumps(ending.as_object(), ensure_ascii=False, indent=2))
    if not ending.followed.settled:
        raise TimeIsUp(f"Not settled within {timeout:g} s. The request is safe and goes on.")


def _list(what: str, data: Path, *, alone: bool) -> None:
    if not alone:
        raise click.UsageError(f"--{what} lists, and asks nothing: leave words and --json away.")
    with _explained(data), stack_on(data) as address:
        for line in choices_of(address).listed(what):
            click.echo(line)


@contextmanager
def _explained(data: Path) -> Iterator[None]:
    """Turn what went wrong into a sentence and an exit code."""
    try:
        yield
    except NobodyAnswers as silence:
        folder = data.resolve()
        sentence = f"No stack answers on {folder}. Start one: remit up --demo --data {folder}"
        raise NoStackAnswers(sentence) from silence
    except NoDivision as emptiness:
        sentence = f"No division is here yet. Load the demo: remit demo --data {data.resolve()}"
        raise NoStackAnswers(sentence) from emptiness
    except (Unknown, NobodyAsks) as unknown:
        raise click.UsageError(str(unknown)) from unknown
    except Refused as refusal:
        raise click.ClickException(refusal.sentence) from refusal
