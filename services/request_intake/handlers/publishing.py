"""Publish the next version of the coaching model: checked whole, stored for good, told to the others."""

from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from services.request_intake.domain.coaching_model import CoachingModel
from services.request_intake.domain.model_document import read, write
from services.request_intake.ports import ModelRecord, Work
from shared.events import ModelPublished
from shared.events.vocabulary import CoachTypeTerms, Duties, ModeTerms, TopicTerms
from shared.identity import new_id


@dataclass(frozen=True, kw_only=True)
class Publication:
    """A document to publish. Without `effective_from` it is in force from now on."""

    document: Any
    published_by: str
    reason: str
    effective_from: date | None = None


def publish_model(work: Work, publication: Publication, now: datetime) -> int:
    """Store the document as the next version and announce it; raises ModelFaults naming every hole."""
    model = read(publication.document)
    version = work.models.newest() + 1
    record = _record(model, publication, version, now)
    work.models.add(record, model.division)
    work.announce(_published(model, record))
    return version


def _record(
    model: CoachingModel, publication: Publication, version: int, now: datetime
) -> ModelRecord:
    local_today = now.astimezone(model.zone).date()
    effective_from = publication.effective_from or local_today
    midnight = datetime.combine(effective_from, time.min, model.zone)
    return ModelRecord(
        id=new_id(),
        version=version,
        document=write(model),
        published_at=now,
        effective_from=effective_from,
        in_force_at=max(now, midnight),
        published_by=publication.published_by,
        reason=publication.reason,
    )


def _published(model: CoachingModel, record: ModelRecord) -> ModelPublished:
    return ModelPublished(
        version=record.version,
        model_id=record.id,
        model_version=record.version,
        effective_from=record.effective_from,
        division_name=model.division.name,
        zone=model.division.zone,
        support_modes=tuple(
            ModeTerms(
                key=mode.key,
                name=mode.name,
                minutes=mode.minutes,
                sessions_min=mode.sessions.min,
                sessions_max=mode.sessions.max,
                online_ok=mode.online_ok,
                where_in_day=mode.where_in_day,
                weeks_between=mode.weeks_between,
                uses_protected=mode.uses_protected,
            )
            for mode in model.support_modes
        ),
        coach_types=tuple(
            CoachTypeTerms(
                key=kind.key,
                name=kind.name,
                sessions_per_day=kind.caps.sessions_per_day,
                weekly_minutes=kind.caps.weekly_minutes,
                cycles_at_once=kind.caps.cycles_at_once,
                protected_percent=round(kind.caps.protected_share * 100),
            )
            for kind in model.coach_types
        ),
        topics=tuple(
            TopicTerms(key=topic.key, title=topic.title, where_in_day=topic.where_in_day)
            for topic in model.topics
        ),
        combinations=tuple(model.combinations()),
        duties=Duties(**vars(model.roles)),
    )
