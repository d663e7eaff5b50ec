"""What intake hears: each event with the handler that takes it up."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Engine

from services.request_intake.adapters import school_words
from services.request_intake.adapters.replays import KeptReaders
from services.request_intake.adapters.unit_of_work import SqlWork
from services.request_intake.handlers import following
from services.request_intake.handlers.replaying import judge_chunks
from services.request_intake.ports import Work
from shared.clock import Clock
from shared.events import (
    CycleScheduled,
    NoticeFailed,
    ReplayChunkReady,
    RequestWaiting,
    SchoolTimeKept,
    SessionCancelled,
    SessionCompleted,
    SessionOffered,
    SessionReleased,
    SessionScheduled,
    TimetableKept,
)
from shared.messaging.batch import Handling
from shared.messaging.drain import Drain
from shared.messaging.timers import TimerWork

_SYSTEM = "system:request_intake"


def hearing_drain(engine: Engine, clock: Clock, timers: Mapping[str, TimerWork]) -> Drain:
    """Intake's drain: what it does with each event, and by which timers."""
    readers = KeptReaders()

    def handling(record: Callable[[Work, Any], None]) -> Handling:
        def handle(connection: Connection, events: Sequence[Any]) -> None:
            work = SqlWork(connection, clock)
            record(work, events)
            work.flush()

        return handle

    return Drain(
        engine=engine,
        subscriber="request_intake",
        actor=_SYSTEM,
        handlings={
            SessionScheduled: handling(following.record_scheduled),
            RequestWaiting: handling(following.record_waiting),
            SessionCancelled: handling(following.record_session_cancelled),
            SessionReleased: handling(following.record_released),
            SessionOffered: handling(following.record_offered),
            SessionCompleted: handling(following.record_completed),
            CycleScheduled: handling(following.record_cycle),
            NoticeFailed: handling(following.record_notice_failed),
            SchoolTimeKept: school_words.keep,
            TimetableKept: school_words.keep_timetables,
            ReplayChunkReady: handling(
                lambda work, events: judge_chunks(work, readers, events, clock())
            ),
        },
        singly=(ReplayChunkReady,),
        timers=timers,
        clock=clock,
    )
