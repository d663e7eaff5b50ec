"""What the notifier tells."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from shared.events.declaration import Event


@dataclass(frozen=True, kw_only=True)
class NoticeFailed(Event):
    """A notice can not reach its reader by mail: say it on the page instead."""

    name: ClassVar[str] = "notice.failed"
    source: ClassVar[str] = "notifier"
    aggregate_field: ClassVar[str] = "notice_id"

    notice_id: UUID
    request_id: UUID
    recipient_id: UUID
    kind: str
    reason: str
