"""Every session beside what it was made under: what a check of boundaries reads, a page at a time."""

from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import Connection, text

from shared.events.vocabulary import Combination

_PAGE = 5_000
_SESSIONS = text("""
SELECT s.id, s.model_version, s.coach_type, s.topic, s.support_mode,
    (s.live_coach_type IS NULL OR EXISTS (SELECT FROM scheduler.coach_offer o
        WHERE o.coach_id = s.coach_id AND o.coach_type = s.coach_type
            AND o.support_mode = s.support_mode)) AS offered,
    (r.topic IS NOT DISTINCT FROM s.topic AND r.support_mode IS NOT DISTINCT FROM s.support_mode
        AND r.model_version IS NOT DISTINCT FROM s.model_version
        AND s.coach_type = ANY (coalesce(r.coach_types, '{}'))) AS as_asked
FROM scheduler.session s JOIN scheduler.request r ON r.id = s.request_id
WHERE s.id > CAST(:after AS uuid) ORDER BY s.id LIMIT :page
""")
_COMBINATIONS = text(
    "SELECT version, coach_type, topic, support_mode FROM scheduler.combination ORDER BY version"
)
_UNSEALED = text("SELECT version FROM scheduler.model_version WHERE sealed_at IS NULL ORDER BY 1")


@dataclass(frozen=True, kw_only=True)
class MadeSession:
    """A session's boundaries. `offered`: over, or its coach offers it; `as_asked`: as its request says."""

    id: UUID
    model_version: int
    combination: Combination
    offered: bool
    as_asked: bool


def sessions(connection: Connection) -> Iterator[MadeSession]:
    """Every session there is, in any state."""
    after = UUID(int=0)
    while rows := connection.execute(_SESSIONS, {"after": after, "page": _PAGE}).all():
        for row in rows:
            yield MadeSession(
                id=row.id,
                model_version=row.model_version,
                combination=_combination(row),
                offered=row.offered,
                as_asked=row.as_asked,
            )
        after = rows[-1].id


def combinations(connection: Connection) -> dict[int, set[Combination]]:
    """What the scheduler lets be booked, by model version."""
    found: dict[int, set[Combination]] = {}
    for row in connection.execute(_COMBINATIONS):
        found.setdefault(row.version, set()).add(_combination(row))
    return found


def unsealed(connection: Connection) -> list[int]:
    """Versions that could still be added to."""
    return list(connection.scalars(_UNSEALED))


def _combination(row: object) -> Combination:
    names = ("coach_type", "topic", "support_mode")
    return Combination(**{name: getattr(row, name) for name in names})
