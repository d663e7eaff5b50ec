"""A coach appraises a teacher from now on, or does so no more: kept once, and told."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from services.request_intake.domain.appraisal import Appraisal, Fault, unfit, unknown
from services.request_intake.ports import Appraisals, Work
from shared.events import AppraisalKept


@dataclass(frozen=True, kw_only=True)
class Pair:
    """The two whom it is about."""

    coach_id: UUID
    teacher_id: UUID


@dataclass(frozen=True, kw_only=True)
class Said:
    """How it stands between the two now; None when nothing was ever said of them.

    `changed` is false when it was so already: somebody else said it before.
    """

    appraisal: Appraisal | None
    changed: bool


@dataclass(frozen=True, kw_only=True)
class AppraisalRefused:
    """It can not be; nothing was written."""

    faults: Sequence[Fault]


def keep_appraisal(
    work: Work, appraisals: Appraisals, pair: Pair, *, stands: bool, by: str, now: datetime
) -> Said | AppraisalRefused:
    """Let it stand, or no more. Said again it changes nothing and is told to nobody."""
    known = appraisals.people([pair.coach_id, pair.teacher_id])
    coach, teacher = known.get(pair.coach_id), known.get(pair.teacher_id)
    if coach is None or teacher is None:
        return AppraisalRefused(faults=tuple(unknown(coach, teacher)))
    if stands and (faults := tuple(unfit(coach, teacher))):
        return AppraisalRefused(faults=faults)
    version = appraisals.keep(coach.id, teacher.id, stands=stands, by=by, now=now)
    if version is not None:
        work.announce(
            AppraisalKept(version=version, teacher_id=teacher.id, coach_id=coach.id, stands=stands)
        )
    found = appraisals.one(coach.id, teacher.id)
    return Said(appraisal=found, changed=version is not None)
