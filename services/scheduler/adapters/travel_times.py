"""The division's speed and the table of minutes between schools, as an admin keeps them, as rows."""

from collections.abc import Mapping
from uuid import UUID

import orjson
from sqlalchemy import Connection, text

from services.scheduler.domain.ways import KnownTravel, Table
from shared.access import audit

_KNOWN = text("SELECT travel_kmh, travel_version FROM scheduler.division")
_TABLE = text("SELECT from_school, to_school, minutes FROM scheduler.travel_time")
# A way may name a school that intake has not told of: it goes by its id, so that it is not lost.
_KEYS = text("""
SELECT id, key FROM scheduler.school
UNION ALL
SELECT DISTINCT way.id, CAST(way.id AS text) FROM scheduler.travel_time t
CROSS JOIN LATERAL (VALUES (t.from_school), (t.to_school)) AS way (id)
WHERE NOT EXISTS (SELECT FROM scheduler.school s WHERE s.id = way.id)
""")
_SWAP = text("""
UPDATE scheduler.division SET travel_kmh = :kmh, travel_version = travel_version + 1
WHERE travel_version = :seen RETURNING travel_version
""")
_FORGET = text("DELETE FROM scheduler.travel_time")
_WRITE = text("""
INSERT INTO scheduler.travel_time (from_school, to_school, minutes)
SELECT from_school, to_school, minutes FROM jsonb_to_recordset(CAST(:rows AS jsonb))
    AS t (from_school uuid, to_school uuid, minutes smallint)
""")
_PLACED = text("SELECT school_id FROM scheduler.school_time WHERE latitude IS NOT NULL")


class SqlTravelTimes:
    """Implements ports.TravelTimes on one open connection."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def keys(self) -> Mapping[str, UUID]:
        return {row.key: row.id for row in self._connection.execute(_KEYS)}

    def known(self) -> KnownTravel | None:
        division = self._connection.execute(_KNOWN).one_or_none()
        if division is None:
            return None
        rows = self._connection.execute(_TABLE)
        return KnownTravel(
            kmh=division.travel_kmh,
            table={(row.from_school, row.to_school): row.minutes for row in rows},
            version=division.travel_version,
        )

    def swap(self, kmh: int, table: Table, seen: int) -> int | None:
        version = self._connection.scalar(_SWAP, {"kmh": kmh, "seen": seen})
        if version is None:
            return None
        rows = [
            {"from_school": start, "to_school": end, "minutes": minutes}
            for (start, end), minutes in table.items()
        ]
        self._connection.execute(_FORGET)
        self._connection.execute(_WRITE, {"rows": orjson.dumps(rows).decode()})
        audit.record(self._connection, "travel.kept", "division", version=version, ways=len(rows))
        return int(version)


def placed(connection: Connection) -> frozenset[UUID]:
    """The schools of which it is known where they are."""
    return frozenset(connection.scalars(_PLACED))
