"""`remit person`: who may sign in, in which roles, who appraises whom; and when a roster is wrong."""

from pathlib import Path
from typing import Any
from uuid import UUID

import click
from sqlalchemy import Connection, CursorResult, text

from deploy.cli import data_option
from deploy.cli.database import as_intake
from services.request_intake.adapters.appraisals import SqlAppraisals
from services.request_intake.adapters.bulk_load import PersonRow, load_people
from services.request_intake.adapters.moving_people import move_person
from services.request_intake.adapters.unit_of_work import SqlWork
from services.request_intake.domain.appraisal import SAID
from services.request_intake.handlers.appraising import AppraisalRefused, Pair, keep_appraisal
from shared.access import audit
from shared.clock import utc_now
from shared.identity import new_id

ROLES = ("teacher", "coach", "leader", "admin")

_BY_ADDRESS = text("SELECT id FROM access.actor WHERE email = lower(:email)")
_SCHOOL = text("SELECT id FROM request_intake.school WHERE key = :key")
_ADD_ROLE = text("""
INSERT INTO access.role (actor_id, role, school_id) VALUES (:id, :role, :school_id)
ON CONFLICT DO NOTHING RETURNING role
""")
_CLOSE = text("UPDATE access.actor SET disabled_at = now() WHERE id = :id AND disabled_at IS NULL")
_OPEN = text(
    "UPDATE access.actor SET disabled_at = NULL WHERE id = :id AND disabled_at IS NOT NULL"
)
_UNLINK = text("DELETE FROM access.identity WHERE actor_id = :id")


@click.group("person")
def command() -> None:
    """Add people, move them, end and renew their access, say who appraises whom."""


@command.command()
@click.argument("email")
@click.option("--name", required=True, help="As others call her.")
@click.option("--role", type=click.Choice(ROLES), default="teacher", show_default=True)
@click.option("--school", default="", help="Her school's key; people of the office have none.")
@click.option("--language", default="en", show_default=True, help="What her mail is written in.")
@data_option
def add(email: str, name: str, role: str, school: str, language: str, data: Path) -> None:
    """Add somebody, or a further role to her who is here already."""
    if "@" not in email[1:-1]:
        raise click.BadParameter("an email address has an @", param_hint="EMAIL")
    with as_intake(data) as connection:
        school_id = _school(connection, school)
        known = connection.scalar(_BY_ADDRESS, {"email": email})
        if known is None:
            person = PersonRow(
                id=new_id(),
                name=name,
                email=email,
                role=role,
                school_id=school_id,
                language=language,
            )
            load_people(connection, [person])
            audit.record(connection, "person.added", person.id, role=role)
            click.echo(f"{person.id} may sign in as {role}.")
        elif _added(connection, known, role, school_id):
            audit.record(connection, "role.given", known, role=role)
            click.echo(f"{known} may sign in as {role} too.")
        else:
            click.echo(f"{known} was {role} already: nothing changed.")


@command.command()
@click.argument("email")
@click.option("--school", required=True, help="The key of the school that she moves to.")
@click.option("--room", default="", help="Her room there, if it is known.")
@data_option
def move(email: str, school: str, room: str, data: Path) -> None:
    """Let somebody be at another school: what she waits for and what is booked goes with her.

    What her coach can not do there is called off, and another time is looked for before anybody else's.
    """
    with as_intake(data) as connection:
        person_id = _actor(connection, email)
        _school(connection, school)
        if move_person(connection, person_id, school, room, utc_now()):
            click.echo(f"{person_id} is at {school} now. Whom it concerns is told.")
        else:
            click.echo(f"{person_id} was at {school} already: nothing changed.")


@command.command()
@click.argument("coach")
@click.argument("teacher")
@click.option(
    "--no-longer", is_flag=True, help="She appraises her no more, and may coach her again."
)
@data_option
def appraises(coach: str, teacher: str, no_longer: bool, data: Path) -> None:
    """Say, by their addresses, that a coach appraises a teacher: then she never coaches her.

    What is booked between the two is called off, and a colleague's time is held and offered.
    """
    with as_intake(data) as connection:
        appraisals, work = SqlAppraisals(connection), SqlWork(connection, utc_now)
        pair = Pair(
            coach_id=_one_of_two(appraisals, coach, "COACH"),
            teacher_id=_one_of_two(appraisals, teacher, "TEACHER"),
        )
        stands, by = not no_longer, "system:request_intake"
        said = keep_appraisal(work, appraisals, pair, stands=stands, by=by, now=utc_now())
        if isinstance(said, AppraisalRefused):
            first = said.faults[0]
            message, right = SAID[first.wrong]
            raise click.BadParameter(f"{message}; give {right}", param_hint=first.field.upper())
        work.flush()
        verb = "appraises" if stands else "does not appraise"
        after = "Whom it concerns is told." if said.changed else "It was so already."
        click.echo(f"{pair.coach_id} {verb} {pair.teacher_id}. {after}")


@command.command()
@click.argument("email")
@data_option
def close(email: str, data: Path) -> None:
    """Close an account: whoever sits there is out at her next request, and her tokens end."""
    with as_intake(data) as connection:
        actor_id = _actor(connection, email)
        _once(connection, "account.closed", actor_id, connection.execute(_CLOSE, {"id": actor_id}))


@command.command("open")
@click.argument("email")
@data_option
def open_(email: str, data: Path) -> None:
    """Open a closed account again."""
    with as_intake(data) as connection:
        actor_id = _actor(connection, email)
        _once(connection, "account.opened", actor_id, connection.execute(_OPEN, {"id": actor_id}))


@command.command()
@click.argument("email")
@data_option
def unlink(email: str, data: Path) -> None:
    """Forget which account of the provider is hers: the next to prove her address is linked."""
    with as_intake(data) as connection:
        actor_id = _actor(connection, email)
        _once(
            connection, "identity.unlinked", actor_id, connection.execute(_UNLINK, {"id": actor_id})
        )


def _school(connection: Connection, key: str) -> UUID | None:
    if not key:
        return None
    school_id: UUID | None = connection.scalar(_SCHOOL, {"key": key})
    if school_id is None:
        raise click.BadParameter(f"there is no school {key}", param_hint="--school")
    return school_id


def _added(connection: Connection, actor_id: UUID, role: str, school_id: UUID | None) -> bool:
    values = {"id": actor_id, "role": role, "school_id": school_id}
    return connection.scalar(_ADD_ROLE, values) is not None


def _actor(connection: Connection, email: str) -> UUID:
    actor_id: UUID | None = connection.scalar(_BY_ADDRESS, {"email": email})
    if actor_id is None:
        raise click.ClickException("There is no such person.")
    return actor_id


def _one_of_two(appraisals: SqlAppraisals, email: str, hint: str) -> UUID:
    found = appraisals.of_address(email)
    if found is None:
        raise click.BadParameter("nobody here has this address", param_hint=hint)
    return found


def _once(connection: Connection, action: str, actor_id: UUID, done: CursorResult[Any]) -> None:
    if done.rowcount == 0:
        click.echo(f"{actor_id} was so already: nothing changed.")
        return
    audit.record(connection, action, actor_id)
    click.echo(f"{actor_id}: {action}.")
