"""`remit doctor`: check each part, say what is wrong and what to do."""

import json
from dataclasses import asdict
from pathlib import Path

import click

from deploy.cli import data_option
from deploy.cli.exits import stack_on
from deploy.stack.checks import Finding, examine


@click.command()
@data_option
@click.option("--json", "as_json", is_flag=True, help="A JSON list of findings.")
def command(data: Path, as_json: bool) -> None:
    """Check each part, say what is wrong and what to do.

    Exit codes: 0 all is well; 1 something is wrong; 2 usage; 3 no stack runs.
    """
    with stack_on(data) as address:
        findings = list(examine(address))
    if as_json:
        click.echo(json.dumps([asdict(finding) for finding in findings], indent=2))
    else:
        for finding in findings:
            _show(finding)
    raise SystemExit(1 if any(finding.remedy for finding in findings) else 0)


def _show(finding: Finding) -> None:
    mark = click.style("wrong", fg="red") if finding.remedy else click.style(" good", fg="green")
    click.echo(f"{mark}  {finding.name:<14} {finding.found}")
    if finding.remedy:
        click.echo(f"{'':23}→ {finding.remedy}")
