"""The replay of past asks against the draft in PostgreSQL, and the readers of drafts in this process."""

import threading
from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any
from uuid import UUID

import orjson
from sqlalchemy import Connection, delete, func, insert, select, text, update

from services.request_intake.adapters.learned import learned
from services.request_intake.adapters.reading import trained
from services.request_intake.adapters.tables import ask_vector, replay, replay_chunk, request
from services.request_intake.domain.coaching_model import CoachingModel
from services.request_intake.domain.model_document import read
from services.request_intake.domain.model_draft import Document
from services.request_intake.domain.need import Reader
from services.request_intake.domain.phrases import Learned
from services.request_intake.domain.replay import (
    Chunk,
    Flip,
    PastAsk,
    Replay,
    Standing,
    Way,
    merged,
)
from services.request_intake.ports import Replays
from shared.access import audit

# Two who start at once must not leave two replays.
_ONE_AT_A_TIME = text("LOCK TABLE request_intake.replay IN SHARE ROW EXCLUSIVE MODE")
# Words are read between two statements: of a draft with thousands of new phrases that takes longer
# than a transaction may idle otherwise, every time anew.
_TAKE_TIME = text("SET LOCAL idle_in_transaction_session_timeout = '5min'")
# Without a lock: it would be held for all the reading, and who starts anew would wait for it in vain.
_OPEN = text("""
SELECT c.id, c.replay_id, c.number, c.request_ids
FROM request_intake.replay_chunk c
JOIN request_intake.replay r ON r.id = c.replay_id AND r.stopped_at IS NULL
WHERE c.id = :id AND c.judged_at IS NULL
""")
_STANDING = text("""
SELECT r.revision, r.started_at, r.stopped_at,
    greatest(r.started_at, max(c.judged_at)) AS moved_at,
    coalesce(sum(cardinality(c.request_ids)), 0) AS asks,
    coalesce(sum(cardinality(c.request_ids)) FILTER (WHERE c.judged_at IS NOT NULL), 0) AS judged,
    coalesce(jsonb_agg(c.flips) FILTER (WHERE c.flips IS NOT NULL), '[]') AS flips
FROM request_intake.replay r LEFT JOIN request_intake.replay_chunk c ON c.replay_id = r.id
GROUP BY r.id
""")
_WORDS = text("""
SELECT id, words FROM request_intake.request
WHERE id = ANY (CAST(:ids AS uuid[])) AND state = 'under_review' ORDER BY submitted_at
""")


class SqlReplays:
    """Implements ports.Replays on one open transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def asked_since(self, since: datetime, most: int) -> Sequence[UUID]:
        query = (
            select(request.c.id)
            .where(request.c.submitted_at >= since)
            .order_by(request.c.submitted_at.desc(), request.c.id.desc())
            .limit(most)
        )
        return list(self._connection.scalars(query))

    def begin(self, replay_: Replay, chunks: Sequence[Chunk]) -> None:
        self._connection.execute(_ONE_AT_A_TIME)
        self._connection.execute(delete(replay))
        self._connection.execute(insert(replay).values(**vars(replay_)))
        if chunks:
            rows = [{**vars(chunk), "request_ids": list(chunk.request_ids)} for chunk in chunks]
            self._connection.execute(insert(replay_chunk), rows)
        audit.record(
            self._connection, "model.draft_replayed", replay_.id, revision=replay_.revision
        )

    def stop(self, now: datetime) -> None:
        self._connection.execute(
            update(replay).where(replay.c.stopped_at.is_(None)).values(stopped_at=now)
        )

    def open_chunk(self, chunk_id: UUID) -> Chunk | None:
        self._connection.execute(_TAKE_TIME)
        row = self._connection.execute(_OPEN, {"id": chunk_id}).mappings().one_or_none()
        return None if row is None else Chunk(**{**row, "request_ids": tuple(row["request_ids"])})

    def chunk_of(self, replay_id: UUID, number: int) -> UUID | None:
        found: UUID | None = self._connection.scalar(
            select(replay_chunk.c.id).where(
                replay_chunk.c.replay_id == replay_id, replay_chunk.c.number == number
            )
        )
        return found

    def document(self, replay_id: UUID) -> Document:
        query = select(replay.c.document).where(replay.c.id == replay_id)
        found: Document = self._connection.execute(query).scalar_one()
        return found

    def learned(self) -> Sequence[Learned]:
        return learned(self._connection)

    def asks(self, ids: Sequence[UUID]) -> Sequence[PastAsk]:
        columns = (
            request.c.id,
            request.c.words,
            request.c.asked_topic,
            request.c.asked_mode,
            request.c.decision,
            request.c.topic,
            request.c.coach_types,
            (request.c.state == "under_review").label("in_review"),
            ask_vector.c.vector.label("kept"),
        )
        rows = self._connection.execute(
            select(*columns)
            .select_from(request.outerjoin(ask_vector))
            .where(request.c.id == func.any(list(ids)))
            .order_by(request.c.id)
        )
        return [
            PastAsk(**{**row, "coach_types": tuple(row["coach_types"])}) for row in rows.mappings()
        ]

    def judged(self, chunk: Chunk, flips: Sequence[Flip], now: datetime) -> bool:
        stored = self._connection.execute(
            update(replay_chunk)
            .where(replay_chunk.c.id == chunk.id, replay_chunk.c.judged_at.is_(None))
            .values(flips=orjson.loads(orjson.dumps(list(map(asdict, flips)))), judged_at=now)
        )
        return stored.rowcount == 1


def standing(connection: Connection) -> Standing | None:
    """How the replay stands; None when there is none."""
    row = connection.execute(_STANDING).mappings().one_or_none()
    if row is None:
        return None
    flips = merged(_flip(flip) for chunk in row["flips"] for flip in chunk)
    return Standing(**{**row, "flips": tuple(flips)})


def reviewed_words(connection: Connection, ids: Sequence[UUID]) -> Sequence[str]:
    """The words of those among these asks that their teachers sent to a person."""
    return [row.words for row in connection.execute(_WORDS, {"ids": list(ids)})]


class KeptReaders:
    """The reader of one replay at a time. Safe to share between threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._kept: tuple[UUID, CoachingModel, Reader] | None = None

    def of(self, replay_id: UUID, replays: Replays) -> tuple[CoachingModel, Reader]:
        with self._lock:
            if self._kept is None or self._kept[0] != replay_id:
                model = read(replays.document(replay_id))
                self._kept = replay_id, model, trained(model, replays.learned())
            return self._kept[1:]


def _flip(stored: dict[str, Any]) -> Flip:
    return Flip(
        before=_way(stored["before"]),
        after=_way(stored["after"]),
        clause=stored["clause"],
        count=stored["count"],
        reviewed=tuple(map(UUID, stored["reviewed"])),
    )


def _way(stored: dict[str, Any]) -> Way:
    return Way(**{**stored, "goes_to": tuple(stored["goes_to"])})
