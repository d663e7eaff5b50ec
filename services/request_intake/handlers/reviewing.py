"""Appeal a decline, answer what is under review, and tell when nobody answers in time."""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from services.request_intake.domain.remit import InRemit, NotOffered, OutOfRemit
from services.request_intake.domain.request import Asker, Request
from services.request_intake.domain.review import (
    NAMES,
    OF_COACHES,
    ByException,
    Closed,
    Grant,
    Review,
    Verdict,
    answered,
    appealed,
    judge,
    may_be_appealed,
)
from services.request_intake.handlers.submitting import announcement
from services.request_intake.ports import FrontDesk, PublishedModel, Reviews, Work
from shared.events import RequestUnderReview, ReviewOverdue


@dataclass(frozen=True, kw_only=True)
class CanNotBeAppealed:
    """It is not declined, was appealed before, or changed while she looked; how it stands now."""

    request: Request


@dataclass(frozen=True, kw_only=True)
class BudgetSpent:
    """As many exceptions as a month has were granted in this one; nothing was written."""

    budget: int


@dataclass(frozen=True, kw_only=True)
class Answering:
    """One answer: by whom, to which version of the request, with how many exceptions a month."""

    by: UUID
    as_coach: bool = False
    seen_version: int
    verdict: Verdict
    budget: int


@dataclass(frozen=True, kw_only=True)
class Appeal:
    """What she adds to her words, and whether coaches may read both, beside the office."""

    sentence: str = ""
    for_coaches: bool = False


def appeal_request(
    work: Work, reviews: Reviews, asker: Asker, request_id: UUID, appeal: Appeal, now: datetime
) -> Request | CanNotBeAppealed | None:
    """She thinks it is coaching: a person reads it. Once for each request; None: it is not hers."""
    request = work.requests.of_teacher(asker.person.id, request_id)
    if request is None:
        return None
    if not may_be_appealed(request):
        return CanNotBeAppealed(request=request)
    changed = appealed(request, now)
    if not reviews.change(changed, expected_version=request.version):
        now_so = work.requests.of_teacher(asker.person.id, request_id)
        return CanNotBeAppealed(request=now_so or request)
    reviews.begin_appeal(changed, appeal.sentence, for_coaches=appeal.for_coaches)
    work.announce(
        RequestUnderReview(
            version=changed.version,
            request_id=request_id,
            submitted_at=request.submitted_at,
            teacher=asker.person,
        )
    )
    return changed


_THE_OFFICES = NotOffered(
    field="answer",
    message="is the division's office's to give",
    right="one of: coaching, exception",
)


_ANOTHERS = NotOffered(
    field="answer", message="is another's to give: the ask is your own", right="another reader"
)


def answer_review(
    work: Work,
    reviews: Reviews,
    desk: FrontDesk,
    request_id: UUID,
    answering: Answering,
    now: datetime,
) -> Request | NotOffered | BudgetSpent | Closed | Review | None:
    """Decide it as a person, by the model in force, and tell its teacher or the scheduler.

    Of two answers the first stands: the second gets Closed, or the Review as it is now when the
    request changed since it was seen. None: it never was under review.
    """
    review = reviews.one(request_id)
    if not isinstance(review, Review):
        return review
    if review.request.version != answering.seen_version:
        return review
    published = _in_force(reviews, desk)
    decision = _judged(published, review, answering)
    if isinstance(decision, NotOffered):
        return decision
    grant = _grant(review, answering, published, now)
    if grant and reviews.granted(grant.month) >= answering.budget:
        return BudgetSpent(budget=answering.budget)
    changed = answered(review.request, decision, published.version, now)
    local = reviews.additions(changed.school.id).localized(changed.redirect)
    changed = replace(changed, redirect=local)
    if not reviews.change(changed, expected_version=review.request.version):
        return reviews.one(request_id)
    if grant:
        reviews.grant(grant)
    reviews.close(changed, NAMES[type(answering.verdict)], answering.by, now)
    work.announce(announcement(changed, _asker(review), published.model))
    return changed


def _judged(
    published: PublishedModel, review: Review, answering: Answering
) -> InRemit | OutOfRemit | NotOffered:
    if answering.as_coach and not isinstance(answering.verdict, OF_COACHES):
        return _THE_OFFICES
    if answering.by == review.teacher.id:
        return _ANOTHERS
    urgent = published.reader.urgent(review.request.words)
    return judge(published.model, review, answering.verdict, urgent)


def escalate_reviews(work: Work, reviews: Reviews, *, patience: timedelta, now: datetime) -> None:
    """Tell every admin of what has waited longer than it should; of each request once."""
    overdue = reviews.escalate(now - patience, now)
    admins = reviews.admins() if overdue else ()
    for review in overdue if admins else ():
        work.announce(
            ReviewOverdue(
                version=review.version,
                request_id=review.request_id,
                under_review_since=review.since,
                admins=admins,
            )
        )


def _in_force(reviews: Reviews, desk: FrontDesk) -> PublishedModel:
    """The model in force; the remembered one may have been overtaken by another process."""
    published = desk.model_in_force()
    if published.version == reviews.version_in_force():
        return published
    desk.refresh()
    return desk.model_in_force()


def _grant(
    review: Review, answering: Answering, published: PublishedModel, now: datetime
) -> Grant | None:
    verdict = answering.verdict
    if not isinstance(verdict, ByException):
        return None
    return Grant(
        request_id=review.request.id,
        teacher_id=review.request.teacher_id,
        granted_by=answering.by,
        granted_at=now,
        reason=verdict.reason,
        model_version=published.version,
        topic=verdict.topic,
        coach_type=verdict.coach_type,
        support_mode=verdict.support_mode,
        month=month_of(now, published.model.zone),
        budget=answering.budget,
    )


def month_of(now: datetime, zone: ZoneInfo) -> date:
    """The first day of the division's month."""
    return now.astimezone(zone).date().replace(day=1)


def _asker(review: Review) -> Asker:
    return Asker(
        person=review.teacher, role="", school=review.request.school, room=review.request.room
    )
