"""Edit the draft of the next coaching model and publish it. Of two writers, the second is told."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from services.request_intake.domain.model_draft import Document, ModelDraft
from services.request_intake.handlers.publishing import Publication, publish_model
from services.request_intake.ports import Work


@dataclass(frozen=True, kw_only=True)
class DraftChanged:
    """Somebody changed, published or discarded the draft since it was seen; nothing was written."""

    now: ModelDraft | None


@dataclass(frozen=True, kw_only=True)
class Plan:
    """How a draft is to be published. Without `effective_from` it is in force from now on."""

    reason: str
    effective_from: date | None = None


def begin_draft(work: Work, version: int, by: UUID, now: datetime) -> ModelDraft | None:
    """A draft with the document of this version, or the one that there is; None without that version."""
    if current := work.drafts.current():
        return current
    document = work.models.document(version)
    if document is None:
        return None
    draft = ModelDraft(
        document=document, revision=1, based_on=version, changed_by=str(by), changed_at=now
    )
    # Of two who begin at once, both go on with the first one's.
    return draft if work.drafts.begin(draft) else work.drafts.current()


def change_draft(
    work: Work, document: Document, *, seen: int, by: UUID, now: datetime
) -> ModelDraft | DraftChanged:
    """Store another document, if the draft is still at the revision that was seen."""
    current = work.drafts.current()
    if current is None or current.revision != seen:
        return DraftChanged(now=current)
    changed = current.changed(document, str(by), now)
    if not work.drafts.save(changed, seen):
        return DraftChanged(now=work.drafts.current())
    return changed


def discard_draft(work: Work, *, seen: int) -> DraftChanged | None:
    """Throw the draft away, if it is still as it was seen."""
    return None if work.drafts.discard(seen) else DraftChanged(now=work.drafts.current())


def publish_draft(
    work: Work, plan: Plan, *, seen: int, by: UUID, now: datetime
) -> int | DraftChanged:
    """Publish the draft as the next version; raises ModelFaults naming every hole."""
    current = work.drafts.current()
    if current is None or current.revision != seen or not work.drafts.discard(seen):
        return DraftChanged(now=work.drafts.current())
    return publish_model(
        work,
        Publication(
            document=current.document,
            published_by=str(by),
            reason=plan.reason,
            effective_from=plan.effective_from,
        ),
        now,
    )
