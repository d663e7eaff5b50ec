"""The use cases of the kind no: a teacher appeals, an admin reads what is under review and answers."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import Connection

from services.request_intake.adapters.reviews import SqlReviews
from services.request_intake.adapters.unit_of_work import SqlWork
from services.request_intake.bootstrap.units import Units
from services.request_intake.domain.coaching_model import OutOfRemitTopic, Topic
from services.request_intake.domain.remit import NotOffered
from services.request_intake.domain.request import Asker, Request
from services.request_intake.domain.review import Closed, Review, Verdict, likely
from services.request_intake.handlers import reviewing
from services.request_intake.handlers.reading import ReadNeed, read_need
from services.request_intake.handlers.reviewing import (
    Answering,
    Appeal,
    BudgetSpent,
    CanNotBeAppealed,
)
from services.request_intake.ports import FrontDesk
from shared.clock import Clock
from shared.database.transaction import transaction

_MOST_LISTED = 200


@dataclass(frozen=True, kw_only=True)
class Suggestion:
    """What the model in force makes of her words: its reading, and the likeliest of either side."""

    read: ReadNeed
    topics: Sequence[Topic]
    redirect: OutOfRemitTopic


@dataclass(frozen=True, kw_only=True)
class Budget:
    """How many exceptions were granted this month, of how many."""

    used: int
    most: int

    @property
    def is_spent(self) -> bool:
        """Whether none is left."""
        return self.used >= self.most


@dataclass(frozen=True, kw_only=True)
class Reviewing:
    """Every method is one unit of work. After `patience` a review is overdue."""

    units: Units
    desk: FrontDesk
    clock: Clock
    patience: timedelta
    exceptions_a_month: int

    def appeal(
        self, asker: Asker, request_id: UUID, appeal: Appeal
    ) -> Request | CanNotBeAppealed | None:
        """She says of her declined request that it is coaching; None when it is not hers."""
        with self._open(asker.person.id) as (work, reviews):
            return reviewing.appeal_request(work, reviews, asker, request_id, appeal, self.clock())

    def queue(self, reader: UUID, *, as_coach: bool = False) -> Sequence[Review]:
        """What waits for its reader, oldest first; for a coach, what its teacher let coaches read."""
        with self._open(reader, as_coach) as (_, reviews):
            return reviews.open(_MOST_LISTED)

    def waiting(self, reader: UUID, *, as_coach: bool = False) -> int:
        """How many wait for their reader."""
        with self._open(reader, as_coach) as (_, reviews):
            return reviews.waiting()

    def one(
        self, reader: UUID, request_id: UUID, *, as_coach: bool = False
    ) -> Review | Closed | None:
        """What waits, or how it ended; None when it never was under review, or is not hers to read."""
        with self._open(reader, as_coach) as (_, reviews):
            return reviews.one(request_id)

    def suggestion(self, review: Review) -> Suggestion:
        """What the model in force makes of her words, and of what she said with her appeal."""
        words = "\n".join(filter(None, (review.request.words, review.sentence)))
        read = read_need(self.desk, words)
        topics, redirect = likely(read.published.model, read.published.reader.shares(words))
        return Suggestion(read=read, topics=topics, redirect=redirect)

    def answer(
        self,
        reader: UUID,
        request_id: UUID,
        verdict: Verdict,
        *,
        seen_version: int,
        as_coach: bool = False,
    ) -> Request | NotOffered | BudgetSpent | Closed | Review | None:
        """Answer it; `Closed` or `Review` is how it stands when it is not as it was seen."""
        answering = Answering(
            by=reader,
            as_coach=as_coach,
            seen_version=seen_version,
            verdict=verdict,
            budget=self.exceptions_a_month,
        )
        with self._open(reader, as_coach) as (work, reviews):
            return reviewing.answer_review(
                work, reviews, self.desk, request_id, answering, self.clock()
            )

    def is_for_coaches(self, teacher: UUID, request_id: UUID) -> bool:
        """Whether she let coaches read the appeal that is open."""
        with self._open(teacher) as (_, reviews):
            return reviews.is_for_coaches(request_id)

    def budget(self, reader: UUID) -> Budget:
        """How many exceptions this month has, of how many."""
        month = reviewing.month_of(self.clock(), self.desk.model_in_force().model.zone)
        with self._open(reader) as (_, reviews):
            return Budget(used=reviews.granted_so_far(month), most=self.exceptions_a_month)

    def is_overdue(self, review: Review) -> bool:
        """Whether it has waited longer than it should."""
        return review.overdue(self.patience, self.clock())

    def escalate(self, connection: Connection, now: datetime) -> None:
        """Tell the admins of what is overdue, in the transaction of the timer."""
        work = SqlWork(connection, self.clock)
        reviewing.escalate_reviews(work, SqlReviews(connection), patience=self.patience, now=now)
        work.flush()

    @contextmanager
    def _open(self, actor: UUID, as_coach: bool = False) -> Iterator[tuple[SqlWork, SqlReviews]]:
        with transaction(self.units.engine, str(actor)) as connection:
            work = SqlWork(connection, self.clock)
            yield work, SqlReviews(connection, as_coach=as_coach)
            work.flush()
