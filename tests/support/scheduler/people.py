"""People who call the scheduler: made known as intake would, with a token."""

from datetime import timedelta
from uuid import UUID

from sqlalchemy import text

from shared.access import tokens
from shared.clock import utc_now
from shared.database.transaction import transaction
from tests.support.scheduler.builders import Division


def token_for(division: Division, person_id: UUID, role: str) -> str:
    """A token of a person in a role, whom it makes known first."""
    engine = division.database.engine("request_intake")
    with transaction(engine, "system:test") as connection:
        connection.execute(
            text(
                "INSERT INTO access.actor (id, name, email) VALUES (:id, 'x', :email)"
                " ON CONFLICT DO NOTHING"
            ),
            {"id": person_id, "email": f"{person_id}@example.org"},
        )
        connection.execute(
            text("INSERT INTO access.role (actor_id, role) VALUES (:id, :role)"),
            {"id": person_id, "role": role},
        )
        return tokens.issue(
            connection,
            actor_id=person_id,
            role=role,
            expires_at=utc_now() + timedelta(hours=1),
        )
