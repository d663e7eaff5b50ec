"""Reviews and exceptions in PostgreSQL. Every appeal, answer and grant leaves an entry in the audit."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

import orjson
from sqlalchemy import Connection, RowMapping, Select, func, insert, select, text, true, update

from services.request_intake.adapters.rows import requests, to_request
from services.request_intake.adapters.school_additions import of_school
from services.request_intake.adapters.tables import exception_grant, person, request, review
from services.request_intake.domain.request import Request
from services.request_intake.domain.review import Closed, Grant, Review, Why
from services.request_intake.domain.school_additions import SchoolAdditions
from services.request_intake.domain.standing import State
from services.request_intake.ports import Overdue
from shared.access import audit
from shared.events.vocabulary import Person

_IN_FORCE = text(
    "SELECT coalesce(max(version), 0) FROM request_intake.model_version WHERE in_force_at <= now()"
)
_ONE_AT_A_TIME = text(
    "SELECT pg_advisory_xact_lock(hashtextextended('request_intake.exception', 0))"
)
_ESCALATE = text("""
UPDATE request_intake.review SET escalated_at = :now
FROM request_intake.request
WHERE request.id = review.request_id AND request.state = 'under_review'
    AND review.answered_at IS NULL AND review.escalated_at IS NULL AND review.since <= :before
RETURNING review.request_id, request.version, review.since
""")
_ADMINS = text("""
SELECT person.id, person.name, person.email, person.language
FROM request_intake.person
JOIN access.actor ON actor.id = person.id AND actor.disabled_at IS NULL
JOIN access.role ON role.actor_id = person.id AND role.role = 'admin'
WHERE person.role = 'admin' ORDER BY person.id
""")


class SqlReviews:
    """The reviews that the transaction's actor may see; as a coach, only what is for coaches too."""

    def __init__(self, connection: Connection, *, as_coach: bool = False) -> None:
        self._connection = connection
        self._hers = review.c.for_coaches if as_coach else true()

    def open(self, most: int) -> Sequence[Review]:
        query = _waiting().where(self._hers).order_by(review.c.since, request.c.id).limit(most)
        return [_to_review(row) for row in self._connection.execute(query).mappings()]

    def waiting(self) -> int:
        """How many wait for their reader."""
        query = select(func.count()).where(review.c.answered_at.is_(None), self._hers)
        return self._connection.scalar(query) or 0

    def one(self, request_id: UUID) -> Review | Closed | None:
        row = self._connection.execute(
            _waiting().where(request.c.id == request_id, self._hers)
        ).mappings()
        found = row.one_or_none()
        return self._closed(request_id) if found is None else _to_review(found)

    def _closed(self, request_id: UUID) -> Closed | None:
        query = (
            select(review.c.answer, review.c.answered_at, review.c.answered_by)
            .where(review.c.request_id == request_id, review.c.answered_at.is_not(None), self._hers)
            .order_by(review.c.answered_at.desc())
            .limit(1)
        )
        row = self._connection.execute(query).one_or_none()
        return None if row is None else Closed(answer=row[0], at=row[1], by=row[2])

    def change(self, request_: Request, expected_version: int) -> bool:
        statement = (
            update(request)
            .where(request.c.id == request_.id, request.c.version == expected_version)
            .values(**_decision_row(request_))
        )
        return self._connection.execute(statement).rowcount == 1

    def begin_appeal(self, request_: Request, sentence: str, *, for_coaches: bool) -> None:
        self._connection.execute(
            insert(review).values(
                request_id=request_.id,
                why=Why.APPEAL.value,
                teacher_id=request_.teacher_id,
                sentence=sentence,
                since=request_.changed_at,
                for_coaches=for_coaches,
            )
        )
        audit.record(self._connection, "request.appealed", request_.id, version=request_.version)

    def close(self, request_: Request, answer: str, by: UUID, now: datetime) -> None:
        self._connection.execute(
            update(review)
            .where(review.c.request_id == request_.id, review.c.answered_at.is_(None))
            .values(answer=answer, answered_at=now, answered_by=by)
        )
        audit.record(
            self._connection,
            "request.reviewed",
            request_.id,
            answer=answer,
            topic=request_.topic,
            model_version=request_.model_version,
            version=request_.version,
        )

    def additions(self, school_id: UUID) -> SchoolAdditions:
        return of_school(self._connection, school_id)

    def version_in_force(self) -> int:
        found: int = self._connection.execute(_IN_FORCE).scalar_one()
        return found

    def granted(self, month: date) -> int:
        self._connection.execute(_ONE_AT_A_TIME)
        return self.granted_so_far(month)

    def granted_so_far(self, month: date) -> int:
        """How many exceptions this month has; to be shown."""
        return self._connection.scalar(select(func.request_intake.exceptions_in(month))) or 0

    def is_for_coaches(self, request_id: UUID) -> bool:
        """Whether coaches may read the appeal that is open now."""
        query = select(review.c.for_coaches).where(
            review.c.request_id == request_id, review.c.answered_at.is_(None)
        )
        return bool(self._connection.scalar(query))

    def grant(self, grant: Grant) -> None:
        # Which of the month's it is, the database counts itself.
        self._connection.execute(insert(exception_grant).values(**vars(grant), number=0))
        audit.record(
            self._connection,
            "exception.granted",
            grant.request_id,
            topic=grant.topic,
            coach_type=grant.coach_type,
            support_mode=grant.support_mode,
            model_version=grant.model_version,
        )

    def escalate(self, before: datetime, now: datetime) -> Sequence[Overdue]:
        rows = self._connection.execute(_ESCALATE, {"before": before, "now": now})
        return [Overdue(**row) for row in rows.mappings()]

    def admins(self) -> tuple[Person, ...]:
        return tuple(Person(**row) for row in self._connection.execute(_ADMINS).mappings())


def _waiting() -> Select[Any]:
    return (
        requests()
        .add_columns(
            review.c.why,
            review.c.sentence,
            review.c.since,
            review.c.escalated_at,
            person.c.name.label("teacher_name"),
            person.c.email.label("teacher_email"),
            person.c.language.label("teacher_language"),
        )
        .join(review, review.c.request_id == request.c.id)
        .join(person, person.c.id == request.c.teacher_id)
        .where(review.c.answered_at.is_(None), request.c.state == State.UNDER_REVIEW.value)
    )


def _to_review(row: RowMapping) -> Review:
    found = to_request(row)
    return Review(
        request=found,
        teacher=Person(
            id=found.teacher_id,
            name=row["teacher_name"],
            email=row["teacher_email"],
            language=row["teacher_language"],
        ),
        why=Why(row["why"]),
        sentence=row["sentence"],
        since=row["since"],
        escalated_at=row["escalated_at"],
    )


def _decision_row(request_: Request) -> dict[str, Any]:
    redirect = request_.redirect
    return {
        "state": request_.state.value,
        "version": request_.version,
        "changed_at": request_.changed_at,
        "model_version": request_.model_version,
        "decision": request_.decision,
        "topic": request_.topic,
        "support_mode": request_.support_mode,
        "coach_types": list(request_.coach_types),
        "clause": request_.clause,
        "redirect": None if redirect is None else orjson.loads(orjson.dumps(redirect)),
        "suggestions": list(request_.suggestions),
    }
