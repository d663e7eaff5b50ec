"""What the scheduler hears: each event with the handler that takes it up, and what its timers do."""

from dataclasses import dataclass

from sqlalchemy import Engine

from services.scheduler.bootstrap.closing import Closing
from services.scheduler.bootstrap.completing import Completing
from services.scheduler.bootstrap.following import Following
from services.scheduler.bootstrap.schooling import Schooling
from services.scheduler.bootstrap.timetabling import Timetabling
from services.scheduler.bootstrap.waitlisting import Waitlisting
from services.scheduler.bootstrap.weighing import Weighing
from services.scheduler.bootstrap.works import Works
from services.scheduler.handlers.cancelling import cancel_request
from services.scheduler.handlers.matching import match_requests, record_model
from shared.clock import Clock
from shared.events import (
    AppraisalKept,
    ModelPublished,
    PersonMoved,
    RequestCancelled,
    RequestSubmitted,
    SchoolDaysChanged,
    SchoolKept,
    TimeFreed,
    TimetableKept,
)
from shared.messaging.drain import Drain

SERVICE = "scheduler"
ACTOR = f"system:{SERVICE}"


@dataclass(frozen=True, kw_only=True)
class Hearing:
    """The use cases that events and timers lead to."""

    works: Works
    closing: Closing
    completing: Completing
    following: Following
    schooling: Schooling
    timetabling: Timetabling
    waitlisting: Waitlisting
    weighing: Weighing

    def drain(self, engine: Engine, clock: Clock) -> Drain:
        """The scheduler's drain."""
        works = self.works
        return Drain(
            engine=engine,
            subscriber=SERVICE,
            actor=ACTOR,
            handlings={
                ModelPublished: works.handling(record_model),
                RequestSubmitted: works.handling(match_requests),
                RequestCancelled: works.handling(cancel_request),
                TimeFreed: works.handling(self.waitlisting.hear),
                SchoolDaysChanged: works.handling(self.closing.follow),
                PersonMoved: works.handling(self.following.follow),
                SchoolKept: works.handling(self.schooling.hear),
                TimetableKept: works.handling(self.timetabling.hear),
                AppraisalKept: works.handling(self.weighing.hear),
            },
            timers={
                "extend_horizon": self.waitlisting.extend,
                "end_holds": self.closing.end_holds,
                "close_over": self.completing.close_over,
                "take_stock": self.weighing.take_stock,
            },
            clock=clock,
        )
