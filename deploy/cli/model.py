"""`remit model`: the coaching model as one YAML file, to hand on, to compare, and to take in as a draft."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import click

from deploy.cli import data_option
from deploy.cli.exits import stack_on
from services.request_intake.adapters import packs
from services.request_intake.adapters.packs import PackFaultsError
from services.request_intake.bootstrap.drafting import Drafting
from services.request_intake.bootstrap.packing import Packing
from services.request_intake.bootstrap.units import Units
from services.request_intake.domain.adopting import Compared, compare
from services.request_intake.domain.coaching_model import LICENCES
from services.request_intake.domain.pack import Pack, header_faults, licences_for
from services.request_intake.handlers.adopting import DraftInTheWay, NothingPublished
from shared.clock import utc_now
from shared.database.engine import make_engine

_BY = "system:request_intake"
_ONLY = {
    "ours": "only in the first",
    "theirs": "only in the second",
    "both": "in both, not the same",
}
_file = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.group("model")
def command() -> None:
    """The coaching model as a file: one readable YAML pack."""


@command.command()
@click.argument(
    "file", type=click.Path(dir_okay=False, writable=True, path_type=Path), required=False
)
@click.option("--version", type=click.IntRange(min=1), help="Which; without it the newest.")
@click.option("--draft", is_flag=True, help="The draft in its place.")
@click.option("--title", default="", help="What it is called; without it after the division.")
@click.option(
    "--licence", type=click.Choice(LICENCES), default=None, help="For whom you hand it on to."
)
@data_option
def export(
    *,
    file: Path | None,
    version: int | None,
    draft: bool,
    title: str,
    licence: str | None,
    data: Path,
) -> None:
    """Write the newest published version to FILE, or print it."""
    if draft and version is not None:
        raise click.UsageError("Choose one: --version or --draft.")
    if title and (wrong := list(header_faults(title, LICENCES[0]))):
        raise click.UsageError(wrong[0])
    with _packing(data) as (packing, drafting):
        if not draft and version is None:
            version = max((one.version for one in drafting.versions()), default=1)
        document = packing.document(version)
        if document is None:
            raise click.ClickException(
                "There is no draft." if draft else f"There is no version {version}."
            )
        may = licences_for(document)
        if licence is not None and licence not in may:
            raise click.UsageError(f"It credits parts that must stay under {may[0]}.")
        raw = packing.file(document, title=title, licence=licence or "")
    if file is None:
        click.echo(raw, nl=False)
        return
    file.write_bytes(raw)
    click.echo(f"{file} holds the pack.")


@command.command()
@click.argument("file", type=_file)
def check(file: Path) -> None:
    """Say whether FILE is a whole pack; exit code 1 names every fault with its line. Needs no stack."""
    pack = _read(file)
    model = pack.document
    click.echo(
        f"{file.name} is whole: {pack.title}, {pack.licence}."
        f" {len(model['coach_types'])} coach types, {len(model['support_modes'])} support modes,"
        f" {len(model['topics'])} topics in remit, {len(model['out_of_remit'])} out of remit."
    )


@command.command("compare")
@click.argument("first", type=_file)
@click.argument("second", type=_file)
def compare_command(first: Path, second: Path) -> None:
    """Put two packs side by side: what only one has, and what differs. Needs no stack."""
    found = compare(_read(first).document, _read(second).document)
    for one in found:
        click.echo(f"{one.part}: {_ONLY[one.kind]} ({one.title})")
        if one.kind == "both":
            _tell(one)
    click.echo(f"{len(found)} entries differ." if found else "Every entry is the same in both.")


@command.command("import")
@click.argument("file", type=_file)
@data_option
def import_(file: Path, data: Path) -> None:
    """Make FILE the draft of the next model. It is not published; a draft with changes is never replaced."""
    pack = _read(file)
    with _packing(data) as (packing, _):
        answer = packing.take(_BY, pack)
    if isinstance(answer, DraftInTheWay):
        raise click.ClickException(
            "There is a draft with changes: publish it or throw it away first. Nothing was written."
        )
    if isinstance(answer, NothingPublished):
        raise click.ClickException("No version is published yet that a draft could be of.")
    theirs, ours = (one["division"]["name"] for one in (pack.document, answer.document))
    if theirs != ours:
        click.echo(f"The division's name and time zone stay yours ({ours}), not those of {theirs}.")
    click.echo(
        "The pack is the draft now. See it, replay it and publish it on the page /model/draft."
    )


def _tell(one: Compared) -> None:
    for field in one.fields:
        click.echo(f"    {field.field}")
        _lines("-", [line for line in field.ours if line not in field.theirs])
        _lines("+", [line for line in field.theirs if line not in field.ours])
        if sorted(field.ours) == sorted(field.theirs):
            click.echo("      (only the order)")


def _lines(sign: str, lines: Sequence[str]) -> None:
    for line in lines:
        click.echo(f"      {sign} {line}")


def _read(file: Path) -> Pack:
    try:
        return packs.read(file.read_bytes())
    except PackFaultsError as faults:
        raise click.ClickException(f"{file.name} can not be taken:\n{faults}") from faults


@contextmanager
def _packing(data: Path) -> Iterator[tuple[Packing, Drafting]]:
    with stack_on(data) as address:
        engine = make_engine(address.database_url, role="remit_request_intake", pool_size=1)
        units = Units(engine=engine, clock=utc_now)
        try:
            yield (
                Packing(units=units, clock=utc_now),
                Drafting(units=units, clock=utc_now, refresh=lambda: None),
            )
        finally:
            engine.dispose()
