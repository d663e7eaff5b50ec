"""`remit why`: why a request got its coach and its time, or why it waits, in words and in numbers."""

import json
from dataclasses import asdict
from pathlib import Path
from uuid import UUID
from zoneinfo import ZoneInfo

import click

from deploy.cli import data_option
from deploy.cli.exits import stack_on
from services.scheduler.adapters.match_reader import newest_match
from services.scheduler.adapters.model_store import named_division
from services.scheduler.domain.answer import others_named
from services.scheduler.domain.explained import EarlierDecision, ExplainedMatch
from services.scheduler.domain.weights import REWARDS
from shared.database.engine import make_engine


@click.command()
@click.argument("request_id", metavar="REQUEST", type=click.UUID)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object and nothing else.")
@data_option
def command(request_id: UUID, as_json: bool, data: Path) -> None:
    """Say why REQUEST (its id) got its coach and its time, or why it waits.

    Names are printed here and logged nowhere. Exit codes: 0 said; 1 nothing was decided of such a
    request; 2 usage; 3 no stack answers.
    """
    with stack_on(data) as address:
        engine = make_engine(address.database_url, role="remit_scheduler", pool_size=1)
        try:
            with engine.connect() as connection:
                match = newest_match(connection, request_id)
                zone = ZoneInfo(named_division(connection).zone)
        finally:
            engine.dispose()
    if match is None:
        raise click.ClickException("Nothing was decided of such a request.")
    click.echo(json.dumps(asdict(match), default=str) if as_json else _told(match, zone))


def _told(match: ExplainedMatch, zone: ZoneInfo) -> str:
    lines = [_headline(match, zone), "", *(f"  - {reason.sentence}" for reason in match.reasons)]
    if others := list(others_named(match, zone)):
        lines += ["", "The others:", *(f"  - {sentence}" for sentence in others)]
    if match.earlier:
        lines += ["", "Before that:", *(f"  - {_before(one, zone)}" for one in match.earlier)]
    if any(candidate.points for candidate in match.candidates):
        lines += ["", "In points:", *_numbers(match)]
    return "\n".join(lines)


def _before(one: EarlierDecision, zone: ZoneInfo) -> str:
    said = " ".join(reason.sentence for reason in one.reasons)
    return f"{one.decided_at.astimezone(zone):%Y-%m-%d %H:%M}, {one.coach_name or 'nobody'}: {said}"


def _headline(match: ExplainedMatch, zone: ZoneInfo) -> str:
    if match.coach_name is None or match.starts_at is None:
        return "It waits:"
    return f"{match.coach_name}, {match.starts_at.astimezone(zone):%A %Y-%m-%d %H:%M}, because:"


def _numbers(match: ExplainedMatch) -> list[str]:
    names = list(match.weights)
    widest = max(len(c.coach_name) for c in match.candidates)
    heads = [f"{name} /{match.weights[name]:g}" for name in names]
    lines = [f"  {'':{widest}}  {'  '.join(heads)}  in all"]
    for one in match.candidates:
        if one.points:
            cells = (
                f"{one.points.get(name, 0.0):{len(head)}.1f}"
                for name, head in zip(names, heads, strict=True)
            )
            lines.append(f"  {one.coach_name:{widest}}  {'  '.join(cells)}  {one.total:6.1f}")
    return [*lines, "", *(f"  {name}: {REWARDS[name]}" for name in names if name in REWARDS)]
