"""Replay past asks against the draft: cut into chunks that any worker may judge, each counted once."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from services.request_intake.domain.model_document import read
from services.request_intake.domain.replay import Chunk, Replay, replayed
from services.request_intake.handlers.drafting import DraftChanged
from services.request_intake.ports import Readers, Work
from shared.events import ReplayChunkReady
from shared.identity import new_id

# A term and the weeks around it.
SINCE = timedelta(days=183)
MOST_ASKS = 10_000
_CHUNK = 100
# So many chunks are ready at once: as many workers judge side by side.
_LANES = 2


def last_terms_asks(work: Work, now: datetime) -> Sequence[UUID]:
    """The asks that a replay judges, newest first. For Remit itself: an admin sees only counts."""
    return work.replays.asked_since(now - SINCE, MOST_ASKS)


def start_replay(
    work: Work, asks: Sequence[UUID], *, seen: int, by: UUID, now: datetime
) -> Replay | DraftChanged:
    """Begin to judge these asks by the draft; raises ModelFaults naming every hole.

    The replay before it is forgotten.
    """
    draft = work.drafts.current()
    if draft is None or draft.revision != seen:
        return DraftChanged(now=draft)
    read(draft.document)
    replay = Replay(
        id=new_id(),
        revision=draft.revision,
        document=draft.document,
        asked_by=str(by),
        started_at=now,
    )
    chunks = list(_cut(replay.id, asks))
    work.replays.begin(replay, chunks)
    for chunk in chunks[:_LANES]:
        work.announce(ReplayChunkReady(version=1, chunk_id=chunk.id))
    return replay


def stop_replay(work: Work, now: datetime) -> None:
    """Judge no further chunk of the replay; what was judged stays to be read."""
    work.replays.stop(now)


def judge_chunks(
    work: Work, readers: Readers, events: Sequence[ReplayChunkReady], now: datetime
) -> None:
    """Judge these chunks, and make the next one of each lane ready. A second copy changes nothing."""
    for event in events:
        chunk = work.replays.open_chunk(event.chunk_id)
        if chunk is not None:
            _judge(work, readers, chunk, now)


def _judge(work: Work, readers: Readers, chunk: Chunk, now: datetime) -> None:
    model, reader = readers.of(chunk.replay_id, work.replays)
    flips = replayed(model, reader, work.replays.asks(chunk.request_ids))
    if not work.replays.judged(chunk, flips, now):
        return
    following = work.replays.chunk_of(chunk.replay_id, chunk.number + _LANES)
    if following is not None:
        work.announce(ReplayChunkReady(version=1, chunk_id=following))


def _cut(replay_id: UUID, ids: Sequence[UUID]) -> Iterator[Chunk]:
    for number, start in enumerate(range(0, len(ids), _CHUNK)):
        yield Chunk(
            id=new_id(),
            replay_id=replay_id,
            number=number,
            request_ids=tuple(ids[start : start + _CHUNK]),
        )
