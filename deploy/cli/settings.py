"""`remit settings`: the one table of every setting, drawn from the declarations themselves."""

from collections.abc import Iterator
from dataclasses import MISSING, Field, dataclass, fields

import click

from deploy.processes.config import AdministratorSettings, OwnerSettings, settings_classes
from shared.settings import declared


@dataclass(frozen=True, kw_only=True)
class Row:
    """One setting as a reader needs it."""

    env: str
    default: str
    explanation: str


@click.command()
@click.option("--markdown", is_flag=True, help="As the table of the README.")
def command(markdown: bool) -> None:
    """List every setting: its name in the environment, its default, what it is for."""
    if markdown:
        click.echo("| setting | default | what it is for |\n| --- | --- | --- |")
        for row in rows():
            explanation = row.explanation.replace("|", "\\|")
            click.echo(f"| `{row.env}` | {row.default} | {explanation} |")
        return
    for row in rows():
        default = row.default if row.default == "required" else f"default: {row.default}"
        click.echo(f"{row.env}  ({default})")
        click.echo(
            click.wrap_text(row.explanation, initial_indent="    ", subsequent_indent="    ")
        )


def rows() -> list[Row]:
    """Each setting once, as its first declaration explains it, in the order of their names."""
    known: dict[str, Row] = {}
    for item in _fields():
        setting = declared(item)
        explanation = setting.explanation[0].upper() + setting.explanation[1:].rstrip(".")
        row = Row(env=setting.env, default=_default(item), explanation=explanation)
        known.setdefault(setting.env, row)
    return sorted(known.values(), key=lambda row: row.env)


def _fields() -> Iterator[Field[object]]:
    for declaration in (*settings_classes(), OwnerSettings, AdministratorSettings):
        yield from fields(declaration)


def _default(item: Field[object]) -> str:
    if item.default is MISSING:
        return "required"
    if isinstance(item.default, bool):
        return "on" if item.default else "off"
    if isinstance(item.default, tuple):
        return ", ".join(str(part) for part in item.default)
    return str(item.default) if item.default not in ("", None) else "none"
