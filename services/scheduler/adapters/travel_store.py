"""Where coaches stand at schools, and the ways between those, for one plan."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from sqlalchemy import Connection, text

from services.scheduler.domain.diary import Diary
from services.scheduler.domain.driving import Stand
from services.scheduler.domain.local_week import SLOT, Horizon
from services.scheduler.domain.request import ONLINE
from services.scheduler.domain.travel import NO_TRAVEL, Spot, Travel

# A look-up by coach and start, as that of people in picture.py and for the same reasons.
_STANDS = text("""
SELECT p.id, s.school_id, s.starts_at, s.ends_at, s.place_kind FROM unnest(CAST(:coaches AS uuid[])) AS p (id)
CROSS JOIN LATERAL (
    SELECT school_id, starts_at, upper(during) AS ends_at, place_kind FROM scheduler.session
    WHERE coach_id = p.id AND live_coach_type IS NOT NULL
        AND starts_at > CAST(:from AS timestamptz) - interval '8 hours' AND starts_at < :to
    OFFSET 0) s
""")
_SPOTS = text("""
SELECT school_id, latitude, longitude FROM scheduler.school_time
WHERE school_id = ANY (CAST(:schools AS uuid[])) AND latitude IS NOT NULL
""")
_TABLE = text("""
SELECT from_school, to_school, minutes FROM scheduler.travel_time
WHERE from_school = ANY (CAST(:schools AS uuid[])) AND to_school = ANY (CAST(:schools AS uuid[]))
""")
_KNOWN = text("""
SELECT travel_kmh FROM scheduler.division
WHERE EXISTS (SELECT FROM scheduler.school_time WHERE latitude IS NOT NULL)
    OR EXISTS (SELECT FROM scheduler.travel_time)
""")


def read(
    connection: Connection,
    horizon: Horizon,
    diaries: Mapping[UUID, Diary],
    school_ids: Sequence[UUID],
) -> Travel:
    """Write into the diaries where each coach stands, or is online; the ways between all these schools."""
    kmh = connection.scalar(_KNOWN)
    if kmh is None or not diaries:
        return NO_TRAVEL
    given = {"coaches": list(diaries), "from": horizon.starts_at, "to": horizon.ends_at}
    schools = set(school_ids)
    for coach_id, school_id, starts_at, ends_at, place in connection.execute(_STANDS, given):
        first = (starts_at - horizon.starts_at) // SLOT
        end = -((horizon.starts_at - ends_at) // SLOT)
        if place == ONLINE:
            diaries[coach_id].online |= horizon.mask(first, end)
        elif 0 <= first < horizon.slots:
            diaries[coach_id].stands.append(Stand(first, end, school_id))
            schools.add(school_id)
    schools |= {d.coach.home_base for d in diaries.values() if d.coach.home_base is not None}
    some = {"schools": list(schools)}
    return Travel(
        spots={
            row.school_id: Spot(latitude=row.latitude, longitude=row.longitude)
            for row in connection.execute(_SPOTS, some)
        },
        table={
            (row.from_school, row.to_school): row.minutes
            for row in connection.execute(_TABLE, some)
        },
        kmh=int(kmh),
    )
