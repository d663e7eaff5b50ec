"""Coaches' diaries as they are read: hours, what is booked, what is protected, where each one is."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy import Row

from services.scheduler.domain.availability import from_stored
from services.scheduler.domain.diary import Coach, Diary
from services.scheduler.domain.local_week import SLOT, Horizon, local_week
from shared.events.vocabulary import Person

# A week's free slots travel as the bytes of bit(2028): 4 of length, then 254 of bits.
_WEEK_BYTES, _LENGTH_BYTES, _PADDING = 258, 4, 4
_MINUTES_A_SLOT = int(SLOT.total_seconds()) // 60

# What a diary is made of, for the coaches that `looked_at` names.
DIARIES = """
SELECT c.id, c.name, c.email, c.language, c.online_address, c.sessions_per_day, c.weekly_minutes,
    c.home_base, c.buffer_minutes, c.notice_minutes,
    coalesce(y.ceiling - y.cycles, c.cycles_at_once) AS cycles_free,
    l.schools, o.offers, w.weeks, w.minutes, w.ceilings, w.unprotected, w.unprotected_ceilings,
    w.free, w.protected, w.busy, d.days, d.sessions, d.day_ceilings,
    a.weeks AS weeks_at, a.schools AS schools_at, a.slots AS slots_at,
    coalesce(b.minutes + b.travel, 0) AS done, k.types, k.fewest
FROM looked_at l JOIN scheduler.coach c ON c.id = l.coach_id
LEFT JOIN scheduler.coach_cycles y ON y.coach_id = c.id
LEFT JOIN scheduler.coach_load b ON b.coach_id = c.id
CROSS JOIN LATERAL (
    SELECT array_agg(k.coach_type) AS types, array_agg(k.fewest) AS fewest
    FROM scheduler.coach_stock k WHERE k.coach_id = c.id) k
CROSS JOIN LATERAL (
    SELECT array_agg(o.coach_type || '/' || o.support_mode) AS offers
    FROM scheduler.coach_offer o WHERE o.coach_id = c.id) o
CROSS JOIN LATERAL (
    SELECT array_agg(k.week) AS weeks, array_agg(k.minutes) AS minutes,
        array_agg(k.ceiling) AS ceilings, array_agg(k.unprotected) AS unprotected,
        array_agg(k.unprotected_ceiling) AS unprotected_ceilings,
        string_agg(bit_send(coalesce(k.open, B'0'::bit(2028)) & ~k.busy), '') AS free,
        CASE WHEN bool_or(k.protected IS NOT NULL)
            THEN string_agg(bit_send(coalesce(k.protected, B'0'::bit(2028))), '') END AS protected,
        CASE WHEN c.buffer_minutes > 0 THEN string_agg(bit_send(k.busy), '') END AS busy
    FROM scheduler.coach_week k
    WHERE k.coach_id = c.id AND k.week BETWEEN :first AND :last) w
CROSS JOIN LATERAL (
    SELECT array_agg(k.day - CAST(:first AS date)) AS days, array_agg(k.sessions) AS sessions,
        array_agg(k.ceiling) AS day_ceilings
    FROM scheduler.coach_day k
    WHERE k.coach_id = c.id AND k.day BETWEEN :first AND CAST(:last AS date) + 6) d
CROSS JOIN LATERAL (
    SELECT array_agg(k.week) AS weeks, array_agg(k.school_id) AS schools,
        string_agg(bit_send(k.slots), '') AS slots
    FROM scheduler.coach_week_at k
    WHERE k.coach_id = c.id AND k.week BETWEEN :first AND :last) a
"""


def diary_of(row: Row[tuple[object, ...]], horizon: Horizon, now: datetime) -> Diary:
    """The diary in a row of `DIARIES`."""
    days, weeks = row.days or [], row.weeks or []
    return Diary(
        coach=_coach(row),
        horizon=horizon,
        free=_slots(weeks, row.free, horizon),
        sessions=dict(zip(days, row.sessions or [], strict=True)),
        day_ceilings=dict(zip(days, row.day_ceilings or [], strict=True)),
        minutes=_by_week(row.weeks, row.minutes, horizon, 0),
        week_ceilings=_by_week(row.weeks, row.ceilings, horizon, row.weekly_minutes),
        cycles_free=row.cycles_free,
        protected=_slots(weeks, row.protected, horizon),
        unprotected=_by_week(row.weeks, row.unprotected, horizon, 0),
        unprotected_ceilings=_by_week(
            row.weeks, row.unprotected_ceilings, horizon, row.weekly_minutes
        ),
        bookable=_bookable(row.notice_minutes, horizon, now),
        places=_places(row, horizon),
        busy=_slots(weeks, row.busy, horizon),
        done=row.done,
        fewest=dict(zip(row.types or (), row.fewest or (), strict=True)),
    )


def _bookable(notice: int | None, horizon: Horizon, now: datetime) -> int:
    """What lies behind the notice that she needs herself; all, when it is the division's."""
    if notice is None:
        return -1
    return horizon.within(now + timedelta(minutes=notice), horizon.ends_at)


def _places(row: Row[tuple[object, ...]], horizon: Horizon) -> dict[UUID, int]:
    """Where she is by her own plan: the slots at each school."""
    found: dict[UUID, int] = defaultdict(int)
    if row.weeks_at:
        weeks = _weeks(row.weeks_at, row.slots_at, horizon)
        for school_id, week in zip(row.schools_at, weeks, strict=True):
            found[school_id] |= horizon.joined([week])
    return dict(found)


def _coach(row: Row[tuple[object, ...]]) -> Coach:
    return Coach(
        person=Person(id=row.id, name=row.name, email=row.email, language=row.language),
        online_address=row.online_address,
        sessions_per_day=row.sessions_per_day,
        weekly_minutes=row.weekly_minutes,
        offers=frozenset(tuple(offer.split("/")) for offer in row.offers or []),
        school_ids=frozenset(row.schools),
        home_base=row.home_base,
        buffer=-(-row.buffer_minutes // _MINUTES_A_SLOT),
    )


def _slots(weeks: Sequence[date], bits: bytes | None, horizon: Horizon) -> int:
    return horizon.joined(_weeks(weeks, bits, horizon)) if bits else 0


def _weeks(weeks: Sequence[date], free: bytes, horizon: Horizon) -> list[tuple[date, int]]:
    found = []
    for index, monday in enumerate(weeks):
        at = index * _WEEK_BYTES
        bits = int.from_bytes(free[at + _LENGTH_BYTES : at + _WEEK_BYTES]) >> _PADDING
        found.append((monday, from_stored(bits, local_week(monday, horizon.zone))))
    return found


def _by_week(
    weeks: Sequence[date] | None, values: Sequence[int] | None, horizon: Horizon, usual: int
) -> list[int]:
    known = dict(zip(weeks or [], values or [], strict=True))
    return [known.get(week.monday, usual) for week in horizon.weeks]
