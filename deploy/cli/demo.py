"""`remit demo`: load the Three Larches School Division into the running stack."""

import time
from pathlib import Path

import click

from deploy.cli import data_option
from deploy.cli.exits import stack_on
from deploy.demo.division import SIZES, USUAL_SEED
from deploy.demo.load import Loaded, NotEmpty, load_demo
from deploy.demo.progress import teller


@click.command()
@click.option("--size", type=click.Choice(list(SIZES)), default="small", show_default=True)
@click.option("--seed", type=int, default=USUAL_SEED, show_default=True, help="Makes another one.")
@data_option
def command(size: str, seed: int, data: Path) -> None:
    """Load the Three Larches School Division, invented from a seed, into the running stack.

    The same size and seed make the same division, byte for byte. Only an empty database is filled.

    \b
    small   12 schools,   400 teachers,  14 coaches
    city   200 schools, 8,000 teachers, 240 coaches, 30,000 past sessions

    Exit codes: 0 it is there; 1 another division is; 2 usage; 3 no stack answers.
    """  # noqa: D301  -- click reads a real backspace
    began = time.monotonic()
    try:
        with stack_on(data) as address, teller(click.echo) as tell:
            loaded = load_demo(address, size, seed, tell)
    except NotEmpty as refusal:
        raise click.ClickException(str(refusal)) from refusal
    click.echo(_sentence(loaded, time.monotonic() - began))


def _sentence(loaded: Loaded, seconds: float) -> str:
    made = loaded.division
    if not loaded.new:
        return (
            f"This demo division is here already ({made.size.name}, seed {made.seed});"
            " nothing was changed."
        )
    return (
        f"Three Larches School Division is here ({made.size.name}, seed {made.seed}):"
        f" {made.size.schools} schools, {made.size.teachers:,} teachers,"
        f" {made.size.coaches} coaches, {made.size.past_sessions:,} past sessions,"
        f" in {seconds:.1f} s."
    )
