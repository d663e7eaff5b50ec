"""Take in an ask with one durable statement: who asks, request, event and deliveries, or nothing.

The hot path of Remit, so the statement goes straight to the driver. It stores nothing when nobody
good asks, or when another model version has come into force than the one that the request was judged
by. It may be sent twice: a key of hers is stored once.
"""

import threading
from collections.abc import Sequence
from dataclasses import replace
from typing import LiteralString
from uuid import UUID

import orjson
from sqlalchemy import Engine, select, text

from services.request_intake.adapters.directory import (
    ASKER,
    ASKER_OF_TOKEN,
    to_asker,
)
from services.request_intake.adapters.lessons import Lessons
from services.request_intake.adapters.reading import trained
from services.request_intake.adapters.rows import requests, to_request
from services.request_intake.adapters.tables import request as request_table
from services.request_intake.adapters.tables import school as school_table
from services.request_intake.domain.model_document import read
from services.request_intake.domain.phrases import Learned
from services.request_intake.domain.request import Asker
from services.request_intake.ports import (
    Accepted,
    AlreadyAccepted,
    Answer,
    ByPerson,
    ByToken,
    Draft,
    ModelMovedOn,
    Nobody,
    NoSchool,
    PublishedModel,
)
from shared.clock import Clock
from shared.database.statements import Statements
from shared.database.transaction import transaction
from shared.events.vocabulary import Redirect, School
from shared.messaging.envelope import seal
from shared.messaging.routing import SUBSCRIBERS

IN_FORCE = "SELECT max(version) FROM request_intake.model_version WHERE in_force_at <= now()"

# What the desk is given of a draft, as one JSON document with these fields.
_GIVEN = {
    "id": "uuid",
    "school_id": "uuid",
    "words": "text",
    "topic": "text",
    "support_mode": "text",
    "coach_types": "text[]",
    "meeting": "text",
    "windows": "jsonb",
    "school_windows": "jsonb",
    "room": "text",
    "model_version": "integer",
    "decision": "text",
    "clause": "text",
    "redirect": "jsonb",
    "suggestions": "text[]",
    "state": "text",
    "version": "bigint",
    "idempotency_key": "text",
    "body_sha256": "bytea",
    "submitted_at": "timestamptz",
    "changed_at": "timestamptz",
    "asked_topic": "text",
    "asked_mode": "text",
    "meetings": "smallint",
    "needed_by": "date",
}
_EVENT = {
    "event_id": "uuid",
    "event_name": "text",
    "event_version": "smallint",
    "body": "jsonb",
    "not_of_asker": "text[]",
    "subscribers": "text[]",
}
# The columns of ASKER and ASKER_OF_TOKEN, told apart from those of the draft.
_ASKER_COLUMNS = "asker_id, name, email, language, own_room, own_school_id, own_school_name, role"
_OF_ASKER = ("school_id", "room", "redirect")
_PLAIN_COLUMNS = [name for name in _GIVEN if name not in _OF_ASKER]
_MAY_BE_HERS = ("school", "room")

# Every step reads from the one before, so that none can run alone. Acting comes before storing: row
# security judges the insert by it.
_ACCEPT = """
WITH acting AS MATERIALIZED (
    SELECT *, set_config('app.actor', asker.asker_id::text, true) AS actor,
        ({in_force}) AS in_force,
        CASE WHEN redirect IS NOT NULL THEN redirect || coalesce((
            SELECT added.contacts -> (redirect ->> 'key') FROM request_intake.school_addition added
            WHERE added.school_id = coalesce(given.school_id, asker.own_school_id)), '{{}}')
        END AS local_redirect
    FROM jsonb_to_record($2::jsonb) AS given ({fields}), ({asker}) AS asker ({asker_columns})
), stored AS (
    INSERT INTO request_intake.request (teacher_id, school_id, room, redirect, {columns})
    SELECT asker_id, coalesce(school_id, own_school_id), coalesce(room, own_room),
        local_redirect, {columns}
    FROM acting
    WHERE in_force = model_version AND actor <> '' AND coalesce(school_id, own_school_id) IS NOT NULL
    ON CONFLICT (teacher_id, idempotency_key) DO NOTHING
    RETURNING id
), told AS (
    INSERT INTO bus.event (id, name, schema_version, aggregate_id, body)
    SELECT event_id, event_name, event_version, stored.id,
        jsonb_set(body, '{{data}}', body -> 'data' || jsonb_build_object(
            'teacher', jsonb_build_object(
                'id', asker_id, 'name', name, 'email', email, 'language', language),
            'school', jsonb_build_object('id', own_school_id, 'name', own_school_name),
            'room', own_room, 'redirect', local_redirect) - not_of_asker)
    FROM stored, acting
    RETURNING id, name, aggregate_id
), delivered AS (
    INSERT INTO bus.delivery (event_id, subscriber, name, aggregate_id)
    SELECT told.id, subscriber, told.name, told.aggregate_id
    FROM told, acting, unnest(subscribers) AS subscriber
)
SELECT in_force, EXISTS (SELECT FROM stored), local_redirect, {asker_columns} FROM acting
"""


def _accepting(asker: LiteralString) -> LiteralString:
    return _ACCEPT.format(
        asker=asker,
        in_force=IN_FORCE,
        fields=", ".join(f"{name} {kind}" for name, kind in {**_GIVEN, **_EVENT}.items()),
        columns=", ".join(_PLAIN_COLUMNS),
        asker_columns=_ASKER_COLUMNS,
    )


_ACCEPT_BY_TOKEN = _accepting(ASKER_OF_TOKEN)
_ACCEPT_BY_PERSON = _accepting(ASKER)

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
        self.lessons = Lessons(engine, self._learn)

    def model_in_force(self) -> PublishedModel:
        self.lessons.look_now_and_then()
        return self._model or self._load()

    def refresh(self) -> None:
        self._model = None

    def school(self, key: str) -> School | None:
        query = select(school_table.c.id, school_table.c.name).where(school_table.c.key == key)
        with self._engine.connect() as connection:
            row = connection.execute(query).one_or_none()
        return None if row is None else School(id=row.id, name=row.name)

    def accept(self, draft: Draft, by: ByToken | ByPerson) -> Answer:
        document = self._document(draft)
        match by:
            case ByToken(secret_hash=secret_hash):
                row = self.statements.run(_ACCEPT_BY_TOKEN, [secret_hash, document])
            case ByPerson(id=person_id, role=role):
                who = [str(person_id), role]
                row = self.statements.run(_ACCEPT_BY_PERSON, [who, document])
        if row is None:
            return Nobody()
        in_force, is_stored, local, *of_asker = row
        asker = to_asker(of_asker)
        if not is_stored:
            return self._not_stored(draft, asker, in_force)
        return Accepted(asker=asker, redirect=None if local is None else Redirect(**local))

    def _not_stored(self, draft: Draft, asker: Asker, in_force: int | None) -> Answer:
        if before := self._before(asker.person.id, draft.key):
            return before
        if in_force != draft.request.model_version:
            return ModelMovedOn()
        if asker.school is None and "school" in draft.hers:
            return NoSchool()
        raise RuntimeError("an accepted request is neither new nor found")

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
        model, taught = read(row.document), self.lessons.all()
        return PublishedModel(version=row.version, model=model, reader=trained(model, taught))

    def _learn(self, taught: Sequence[Learned]) -> None:
        """Read by these lessons from now on; who reads meanwhile reads as before."""
        if (published := self._model) is None:
            return
        reader = trained(published.model, taught)
        reader.read("")
        with self._lock:
            if self._model is published:
                self._model = replace(published, reader=reader)

    def _document(self, draft: Draft) -> str:
        """All that is stored, in one JSON document: a parameter for each would cost as much again."""
        request, event = draft.request, draft.event
        envelope = seal(event, self._clock())
        told = vars(event)
        return orjson.dumps(
            {
                **vars(request),
                "school_id": None if "school" in draft.hers else request.school.id,
                "room": None if "room" in draft.hers else request.room,
                "idempotency_key": draft.key,
                "body_sha256": f"\\x{draft.digest.hex()}",
                "event_id": envelope.id,
                "event_name": envelope.name,
                "event_version": envelope.schema_version,
                "body": orjson.Fragment(envelope.body),
                "not_of_asker": [
                    name for name in _MAY_BE_HERS if name not in told or name not in draft.hers
                ]
                + ([] if "redirect" in told else ["redirect"]),
                "subscribers": SUBSCRIBERS[type(event)],
            }
        ).decode()
