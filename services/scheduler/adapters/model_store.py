"""The published model as rows: stored once, sealed, and kept in the process, as it never changes."""

from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, func, insert, select, text, update

from services.scheduler.adapters import tables
from services.scheduler.domain.model import ModelTerms
from shared.events import ModelPublished
from shared.events.vocabulary import CoachTypeTerms, Combination, Duties, ModeTerms, TopicTerms

_STORE_DIVISION = text("""
INSERT INTO scheduler.division (name, zone) VALUES (:name, :zone)
ON CONFLICT (one) DO UPDATE SET name = excluded.name, zone = excluded.zone
""")


@dataclass(frozen=True, kw_only=True)
class NamedDivision:
    """What the division is called, and its IANA time zone."""

    name: str
    zone: str


def named_division(connection: Connection) -> NamedDivision:
    """The division; without a name and in UTC before the first model."""
    row = connection.execute(select(tables.division.c.name, tables.division.c.zone)).one_or_none()
    return (
        NamedDivision(name=row.name, zone=row.zone) if row else NamedDivision(name="", zone="UTC")
    )


class ModelStore:
    """Reads and writes model versions. One for a process: sealed versions are read once."""

    def __init__(self) -> None:
        self._kept: dict[int, ModelTerms] = {}

    def terms(self, connection: Connection, versions: Collection[int]) -> Mapping[int, ModelTerms]:
        """The sealed ones among `versions`."""
        missing = set(versions) - self._kept.keys()
        if missing:
            sealed = select(tables.model_version.c.version).where(
                tables.model_version.c.version.in_(missing),
                tables.model_version.c.sealed_at.is_not(None),
            )
            for version in connection.scalars(sealed):
                self._kept[version] = _read(connection, version)
        return {version: self._kept[version] for version in versions if version in self._kept}

    def newest_duties(self, connection: Connection) -> Duties:
        """What the newest sealed version says that each side undertakes."""
        newest = select(func.max(tables.model_version.c.version)).where(
            tables.model_version.c.sealed_at.is_not(None)
        )
        version = connection.scalar(newest)
        return Duties() if version is None else _duties(connection, version)

    def record(self, connection: Connection, event: ModelPublished, now: datetime) -> bool:
        """Store and seal a version unless it is known; True if the division's zone is new."""
        newest = connection.scalar(select(func.max(tables.model_version.c.version)))
        known = select(tables.model_version.c.version).where(
            tables.model_version.c.version == event.model_version
        )
        if connection.scalar(known) is not None:
            return False
        zone = connection.scalar(select(tables.division.c.zone))
        moved = newest is None or event.model_version > newest
        if moved:
            ZoneInfo(event.zone)  # an unknown zone must not reach the triggers
            connection.execute(_STORE_DIVISION, {"name": event.division_name, "zone": event.zone})
        _write(connection, event)
        connection.execute(
            update(tables.model_version)
            .where(tables.model_version.c.version == event.model_version)
            .values(sealed_at=now)
        )
        return moved and zone != event.zone


def _write(connection: Connection, event: ModelPublished) -> None:
    version = event.model_version
    connection.execute(
        insert(tables.model_version),
        {
            "version": version,
            "model_id": event.model_id,
            "effective_from": event.effective_from,
            "duties": asdict(event.duties),
        },
    )
    for table, terms in (
        (tables.mode_terms, event.support_modes),
        (tables.coach_type_terms, event.coach_types),
        (tables.topic_terms, event.topics),
        (tables.combination, event.combinations),
    ):
        rows: list[dict[str, Any]] = [{"version": version, **asdict(item)} for item in terms]
        if rows:
            connection.execute(insert(table), rows)


def _read(connection: Connection, version: int) -> ModelTerms:
    def rows(table: Any) -> list[dict[str, Any]]:
        found = connection.execute(select(table).where(table.c.version == version)).mappings()
        return [{key: row[key] for key in row if key != "version"} for row in found]

    return ModelTerms(
        version=version,
        modes={row["key"]: ModeTerms(**row) for row in rows(tables.mode_terms)},
        coach_types={row["key"]: CoachTypeTerms(**row) for row in rows(tables.coach_type_terms)},
        topics={row["key"]: TopicTerms(**row) for row in rows(tables.topic_terms)},
        combinations=frozenset(Combination(**row) for row in rows(tables.combination)),
        duties=_duties(connection, version),
    )


def _duties(connection: Connection, version: int) -> Duties:
    stored = connection.scalar(
        select(tables.model_version.c.duties).where(tables.model_version.c.version == version)
    )
    return Duties(**{side: tuple(duties) for side, duties in (stored or {}).items()})
