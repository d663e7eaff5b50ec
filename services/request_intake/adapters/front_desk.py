"""Take in an ask with one durable statement: actor, request, event and deliveries, or nothing.

The hot path of Remit, so the statement goes straight to the driver. It stores nothing when another
model version has come into force than the one that the request was judged by.
"""

import threading
from typing import Any
from uuid import UUID

import orjson
from sqlalchemy import Engine, select, text

from services.request_intake.adapters.rows import PLAIN, requests, to_request
from services.request_intake.adapters.statements import Statements
from services.request_intake.adapters.tables import request as request_table
from services.request_intake.adapters.tables import school as school_table
from services.request_intake.domain.model_document import read
from services.request_intake.domain.need import Reader
from services.request_intake.domain.request import Request
from services.request_intake.ports import Accepted, AlreadyAccepted, ModelMovedOn, PublishedModel
from shared.clock import Clock
from shared.database.transaction import transaction
from shared.events import Event
from shared.events.vocabulary import School
from shared.messaging.envelope import seal
from shared.messaging.routing import SUBSCRIBERS

IN_FORCE = "SELECT max(version) FROM request_intake.model_version WHERE in_force_at <= now()"

_COLUMNS = (
    *PLAIN,
    "school_id",
    "coach_types",
    "windows",
    "redirect",
    "suggestions",
    "state",
    "idempotency_key",
    "body_sha256",
)
_CASTS = {
    "id": "uuid",
    "teacher_id": "uuid",
    "school_id": "uuid",
    "model_version": "int",
    "version": "bigint",
    "standing_version": "bigint",
    "notice_failed": "boolean",
    "submitted_at": "timestamptz",
    "changed_at": "timestamptz",
    "coach_types": "text[]",
    "suggestions": "text[]",
    "windows": "jsonb",
    "redirect": "jsonb",
    "body_sha256": "bytea",
}
_VALUES = ", ".join(f"%({name})s::{_CASTS.get(name, 'text')}" for name in _COLUMNS)

# The actor comes first: row security judges the insert by it. Every later step reads from the one
# before, so that none can run alone.
_ACCEPT = f"""
WITH acting AS MATERIALIZED (
    SELECT set_config('app.actor', %(actor)s, true) AS actor, ({IN_FORCE}) AS in_force
), stored AS (
    INSERT INTO request_intake.request ({", ".join(_COLUMNS)})
    SELECT {_VALUES} FROM acting WHERE in_force = %(model_version)s::int AND actor <> ''
    ON CONFLICT (teacher_id, idempotency_key) DO NOTHING
    RETURNING id
), told AS (
    INSERT INTO bus.event (id, name, schema_version, aggregate_id, body)
    SELECT %(event_id)s::uuid, %(event_name)s, %(event_version)s::smallint, id, %(body)s::jsonb
    FROM stored
    RETURNING id, name, aggregate_id
), delivered AS (
    INSERT INTO bus.delivery (event_id, subscriber, name, aggregate_id)
    SELECT told.id, subscriber, told.name, told.aggregate_id
    FROM told, unnest(%(subscribers)s::text[]) AS subscriber
    RETURNING 1
)
SELECT in_force, (SELECT count(*) FROM delivered) FROM acting
"""

_BEFORE = requests().add_columns(request_table.c.body_sha256)


class NoModelPublishedError(Exception):
    """There is no coaching model in force: publish one first."""


class SqlFrontDesk:
    """The front desk on PostgreSQL. Safe to share between threads."""

    def __init__(self, statements: Statements, engine: Engine, clock: Clock) -> None:
        self.statements = statements
        self._engine = engine
        self._clock = clock
        self._lock = threading.Lock()
        self._model: PublishedModel | None = None

    def model_in_force(self) -> PublishedModel:
        return self._model or self._load()

    def refresh(self) -> None:
        self._model = None

    def school(self, key: str) -> School | None:
        query = select(school_table.c.id, school_table.c.name).where(school_table.c.key == key)
        with self._engine.connect() as connection:
            row = connection.execute(query).one_or_none()
        return None if row is None else School(id=row.id, name=row.name)

    def accept(
        self, request: Request, event: Event, *, key: str, digest: bytes
    ) -> Accepted | AlreadyAccepted | ModelMovedOn:
        values = self._values(request, event, key, digest)
        row = self.statements.run(_ACCEPT, values)
        in_force, told = row or (None, 0)
        if told:
            return Accepted()
        before = self._before(request.teacher_id, key)
        if before is None and in_force == request.model_version:
            raise RuntimeError("an accepted request is neither new nor found")
        return before or ModelMovedOn()

    def _before(self, teacher_id: UUID, key: str) -> AlreadyAccepted | None:
        query = _BEFORE.where(
            request_table.c.teacher_id == teacher_id, request_table.c.idempotency_key == key
        )
        with transaction(self._engine, str(teacher_id)) as connection:
            row = connection.execute(query).mappings().one_or_none()
        if row is None:
            return None
        return AlreadyAccepted(request=to_request(row), digest=bytes(row["body_sha256"]))

    def _load(self) -> PublishedModel:
        with self._lock:
            if self._model is None:
                self._model = self._newest()
            return self._model

    def _newest(self) -> PublishedModel:
        with self._engine.connect() as connection:
            row = connection.execute(
                text(
                    "SELECT version, document FROM request_intake.model_version"
                    " WHERE in_force_at <= now() ORDER BY version DESC LIMIT 1"
                )
            ).one_or_none()
        if row is None:
            raise NoModelPublishedError
        model = read(row.document)
        return PublishedModel(version=row.version, model=model, reader=Reader(model))

    def _values(self, request: Request, event: Event, key: str, digest: bytes) -> dict[str, Any]:
        envelope = seal(event, self._clock())
        return {
            **{name: getattr(request, name) for name in PLAIN},
            "actor": str(request.teacher_id),
            "school_id": request.school.id,
            "coach_types": list(request.coach_types),
            "suggestions": list(request.suggestions),
            "windows": orjson.dumps(request.windows).decode(),
            "redirect": request.redirect and orjson.dumps(request.redirect).decode(),
            "state": request.state.value,
            "idempotency_key": key,
            "body_sha256": digest,
            "event_id": envelope.id,
            "event_name": envelope.name,
            "event_version": envelope.schema_version,
            "body": envelope.body,
            "subscribers": list(SUBSCRIBERS[type(event)]),
        }
