"""One transaction of intake: its repositories, and the events that commit with it."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

import orjson
from sqlalchemy import Connection, func, insert, select, text, update
from sqlalchemy.dialects.postgresql import insert as upsert

from services.request_intake.adapters.drafts import SqlDrafts
from services.request_intake.adapters.replays import SqlReplays
from services.request_intake.adapters.rows import requests, to_request
from services.request_intake.adapters.tables import division, model_version, request
from services.request_intake.domain.coaching_model import Division
from services.request_intake.domain.request import Request
from services.request_intake.ports import ModelRecord
from shared.access import audit
from shared.clock import Clock
from shared.events import Event
from shared.messaging.append import append

# One statement for a whole batch: one for each request took most of the time of hearing how it stands.
_SAVE_STANDINGS = text("""
UPDATE request_intake.request r SET state = s.state, standing = s.standing,
    standing_version = s.standing_version, changed_at = s.changed_at, notice_failed = s.notice_failed
FROM jsonb_to_recordset(CAST(:standings AS jsonb)) AS s (id uuid, state text, standing jsonb,
    standing_version bigint, changed_at timestamptz, notice_failed boolean)
WHERE r.id = s.id
""")


class SqlRequests:
    """Requests in PostgreSQL."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def of_teacher(self, teacher_id: UUID, request_id: UUID) -> Request | None:
        query = requests().where(request.c.id == request_id, request.c.teacher_id == teacher_id)
        row = self._connection.execute(query).mappings().one_or_none()
        return None if row is None else to_request(row)

    def latest(self, teacher_id: UUID, most: int) -> Sequence[Request]:
        query = (
            requests()
            .where(request.c.teacher_id == teacher_id)
            .order_by(request.c.submitted_at.desc(), request.c.id.desc())
            .limit(most)
        )
        return [to_request(row) for row in self._connection.execute(query).mappings()]

    def locked(self, ids: Sequence[UUID]) -> dict[UUID, Request]:
        # In id order, so that two batches over the same requests wait instead of deadlocking.
        query = (
            requests()
            .where(request.c.id == func.any(list(ids)))
            .order_by(request.c.id)
            .with_for_update(of=request, key_share=True)
        )
        rows = self._connection.execute(query).mappings()
        return {row["id"]: to_request(row) for row in rows}

    def cancel(self, request_: Request, expected_version: int) -> bool:
        statement = (
            update(request)
            .where(request.c.id == request_.id, request.c.version == expected_version)
            .values(
                state=request_.state.value,
                version=request_.version,
                changed_at=request_.changed_at,
            )
        )
        return self._connection.execute(statement).rowcount == 1

    def save_standing(self, requests_: Sequence[Request]) -> None:
        if requests_:
            standings = orjson.dumps([_standing_row(one) for one in requests_]).decode()
            self._connection.execute(_SAVE_STANDINGS, {"standings": standings})


class SqlModels:
    """Published model versions in PostgreSQL."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def newest(self) -> int:
        self._connection.execute(
            text("SELECT pg_advisory_xact_lock(hashtextextended('request_intake.publish', 0))")
        )
        return self._connection.scalar(select(func.max(model_version.c.version))) or 0

    def add(self, record: ModelRecord, division_: Division) -> None:
        named = {"name": division_.name, "zone": division_.zone}
        self._connection.execute(
            upsert(division)
            .values(only=True, **named)
            .on_conflict_do_update(index_elements=["only"], set_=named)
        )
        self._connection.execute(insert(model_version).values(**vars(record)))
        audit.record(self._connection, "model.published", record.id, version=record.version)

    def document(self, version: int) -> dict[str, Any] | None:
        found: dict[str, Any] | None = self._connection.scalar(
            select(model_version.c.document).where(model_version.c.version == version)
        )
        return found


class SqlWork:
    """A unit of work on an open transaction; whoever opened it calls `flush` and commits."""

    def __init__(self, connection: Connection, clock: Clock) -> None:
        self._connection = connection
        self._clock = clock
        self._announced: list[Event] = []
        self.requests = SqlRequests(connection)
        self.models = SqlModels(connection)
        self.drafts = SqlDrafts(connection)
        self.replays = SqlReplays(connection)

    def announce(self, event: Event) -> None:
        self._announced.append(event)

    def flush(self) -> None:
        """Append what was announced to the bus, in this transaction."""
        append(self._connection, self._announced, self._clock())
        self._announced.clear()


def _standing_row(request_: Request) -> dict[str, Any]:
    return {
        "id": request_.id,
        "state": request_.state.value,
        "standing": request_.standing,
        "standing_version": request_.standing_version,
        "changed_at": request_.changed_at,
        "notice_failed": request_.notice_failed,
    }
