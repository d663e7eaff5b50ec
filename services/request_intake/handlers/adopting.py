"""Take a pack in: parts of it into the draft, or all of it as the draft. It never publishes by itself."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from services.request_intake.domain.adopting import Part, adopt
from services.request_intake.domain.model_draft import ModelDraft
from services.request_intake.domain.pack import Pack
from services.request_intake.handlers.drafting import DraftChanged, begin_draft, change_draft
from services.request_intake.ports import Work

# The revision that is seen where there is no draft.
NO_DRAFT = 0


@dataclass(frozen=True, kw_only=True)
class DraftInTheWay:
    """There is a draft with changes of somebody's; nothing was written."""


@dataclass(frozen=True, kw_only=True)
class NothingPublished:
    """There is no version yet that a draft could be of."""


def adopt_parts(
    work: Work, pack: Pack, parts: Sequence[Part], *, seen: int, by: UUID, now: datetime
) -> ModelDraft | DraftChanged:
    """Take these parts into the draft as it was seen; where none was, into one of the newest version."""
    current = work.drafts.current()
    if seen == NO_DRAFT and current is None:
        current = begin_draft(work, work.models.newest(), by, now)
        seen = current.revision if current else seen
    if current is None or current.revision != seen:
        return DraftChanged(now=current)
    document = adopt(current.document, pack, parts)
    return change_draft(work, document, seen=seen, by=by, now=now)


def import_pack(
    work: Work, pack: Pack, *, by: str, now: datetime
) -> ModelDraft | DraftInTheWay | NothingPublished:
    """The pack as the draft, under this division's own name and time zone.

    A draft that nobody changed makes room; any other is in the way.
    """
    newest = work.models.newest()
    published = work.models.document(newest)
    if published is None:
        return NothingPublished()
    document = {**pack.document, "division": published["division"]}
    current = work.drafts.current()
    if current is None:
        draft = ModelDraft(
            document=document, revision=1, based_on=newest, changed_by=by, changed_at=now
        )
        return draft if work.drafts.begin(draft) else DraftInTheWay()
    if current.document != work.models.document(current.based_on):
        return DraftInTheWay()
    changed = current.changed(document, by, now)
    return changed if work.drafts.save(changed, current.revision) else DraftInTheWay()
