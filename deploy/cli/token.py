"""`remit token`: API tokens of people. The text of a token is printed once and kept nowhere."""

from datetime import timedelta
from pathlib import Path
from uuid import UUID

import click
from sqlalchemy import Connection, text

from deploy.cli import data_option
from deploy.cli.database import as_intake
from shared.access import tokens
from shared.clock import utc_now

_ROLES = text("""
SELECT actor.id, actor.name, role.role
FROM access.actor JOIN access.role ON role.actor_id = actor.id
WHERE (actor.id = :id OR actor.email = lower(:email)) AND actor.disabled_at IS NULL
ORDER BY role.role
""")
_TOKENS = text("""
SELECT token.id, actor.name, token.role, token.label, token.created_at, token.expires_at
FROM access.token JOIN access.actor ON actor.id = token.actor_id
WHERE token.revoked_at IS NULL AND token.expires_at > now()
ORDER BY token.created_at DESC
LIMIT :most
""")


@click.group("token")
def command() -> None:
    """Issue, list and revoke API tokens."""


@command.command()
@click.option("--email", default="", help="Whose token: her address.")
@click.option("--person", type=click.UUID, default=None, help="Whose token: her id.")
@click.option("--role", default="", help="Which of her roles; needed only when she has several.")
@click.option("--days", type=click.IntRange(1, 366), default=90, show_default=True)
@click.option("--label", default="", help="What it is for.")
@data_option
def create(email: str, person: UUID | None, role: str, days: int, label: str, data: Path) -> None:
    """Issue a token and print it: now or never."""
    if bool(email) == bool(person):
        raise click.UsageError("Name one person: --email or --person.")
    with as_intake(data) as connection:
        actor_id, her_role = _chosen(connection, email, person, role)
        token = tokens.issue(
            connection,
            actor_id=actor_id,
            role=her_role,
            expires_at=utc_now() + timedelta(days=days),
            label=label,
        )
    click.echo(token)


@command.command("list")
@click.option("--most", type=click.IntRange(1, 1000), default=50, show_default=True)
@data_option
def list_(most: int, data: Path) -> None:
    """List the tokens that are good now, newest first."""
    with as_intake(data) as connection:
        rows = connection.execute(_TOKENS, {"most": most}).all()
    if not rows:
        click.echo("No token is good now.")
    for row in rows:
        what = f"{row.name}, {row.role}" + (f": {row.label}" if row.label else "")
        click.echo(f"{row.id}  {row.created_at:%Y-%m-%d} to {row.expires_at:%Y-%m-%d}\n    {what}")


@command.command()
@click.argument("token_id", type=click.UUID)
@data_option
def revoke(token_id: UUID, data: Path) -> None:
    """End a token at once."""
    with as_intake(data) as connection:
        if not tokens.revoke(connection, token_id, utc_now()):
            raise click.ClickException(f"There is no living token {token_id}.")
    click.echo(f"Token {token_id} is revoked.")


def _chosen(connection: Connection, email: str, person: UUID | None, role: str) -> tuple[UUID, str]:
    """The person and the one role that the token will have."""
    found = connection.execute(_ROLES, {"id": person, "email": email}).all()
    if not found:
        raise click.ClickException("There is no such person, or her account is disabled.")
    roles = [row.role for row in found]
    if role and role not in roles:
        raise click.ClickException(f"She has no role {role}; she has: {', '.join(roles)}.")
    if not role and len(roles) > 1:
        raise click.ClickException(f"Say which --role: {', '.join(roles)}.")
    return found[0].id, role or roles[0]
