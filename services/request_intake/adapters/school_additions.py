"""What schools add, in PostgreSQL: compared and swapped by its revision, each change audited."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, select, update
from sqlalchemy.dialects.postgresql import insert as upsert

from services.request_intake.adapters.tables import school_addition
from services.request_intake.domain.school_additions import Contact, LocalTopic, SchoolAdditions
from shared.access import audit


def of_school(connection: Connection, school_id: UUID) -> SchoolAdditions:
    """What this school adds."""
    query = select(school_addition).where(school_addition.c.school_id == school_id)
    row = connection.execute(query).mappings().one_or_none()
    return SchoolAdditions() if row is None else _additions(row)


def every(connection: Connection) -> Mapping[UUID, SchoolAdditions]:
    """What each school adds, by its id; those that add nothing are missing."""
    rows = connection.execute(select(school_addition)).mappings()
    return {row["school_id"]: _additions(row) for row in rows}


def save(connection: Connection, school_id: UUID, additions: SchoolAdditions) -> bool:
    """Store them if nobody changed them since their revision; False when somebody did."""
    values: dict[str, Any] = {
        "contacts": {key: asdict(contact) for key, contact in additions.contacts.items()},
        "topics": [asdict(topic) for topic in additions.topics],
        "revision": additions.revision + 1,
    }
    if additions.revision == 0:
        statement: Any = (
            upsert(school_addition).values(school_id=school_id, **values).on_conflict_do_nothing()
        )
    else:
        statement = (
            update(school_addition)
            .where(
                school_addition.c.school_id == school_id,
                school_addition.c.revision == additions.revision,
            )
            .values(**values)
        )
    if connection.scalar(statement.returning(school_addition.c.revision)) is None:
        return False
    audit.record(
        connection,
        "school.additions_changed",
        school_id,
        contacts=len(additions.contacts),
        topics=len(additions.topics),
    )
    return True


def _additions(row: Mapping[Any, Any]) -> SchoolAdditions:
    return SchoolAdditions(
        contacts={key: Contact(**contact) for key, contact in row["contacts"].items()},
        topics=tuple(LocalTopic(**topic) for topic in row["topics"]),
        revision=row["revision"],
    )
