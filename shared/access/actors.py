"""The one who acts: an id and the single role chosen for this session; roles never merge."""

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True, kw_only=True)
class Actor:
    """Who acts now. `role` is teacher, coach, leader or admin; `school_id` narrows a leader's."""

    id: UUID
    role: str
    school_id: UUID | None = None
