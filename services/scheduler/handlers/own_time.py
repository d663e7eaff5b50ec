"""A coach keeps her own time. What a change takes away is shown first, and goes only when she says so."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from uuid import UUID
from zoneinfo import ZoneInfo

from services.scheduler.domain.availability import ExceptionKind
from services.scheduler.domain.away import Away, AwayWrong, fault
from services.scheduler.domain.holding import Holding
from services.scheduler.domain.kept_time import KeptTime
from services.scheduler.domain.own_time import OwnFault, OwnTime, faults, widest
from services.scheduler.domain.release import Because, LiveSession, Released
from services.scheduler.domain.standing import Decision, lost
from services.scheduler.handlers.releasing import let_go
from services.scheduler.handlers.telling import tell_all_freed
from services.scheduler.ports import OwnTimes, Work


@dataclass(frozen=True, kw_only=True)
class TimeKept:
    """It is written. So many sessions were released, and for so many another time is held."""

    now: KeptTime
    released: int = 0
    held: int = 0


@dataclass(frozen=True, kw_only=True)
class TimeChanged:
    """Somebody changed it since it was seen; nothing is written. This is how it stands."""

    now: KeptTime


@dataclass(frozen=True, kw_only=True)
class TimeRefused:
    """It can not be; nothing is written."""

    faults: Sequence[OwnFault]


@dataclass(frozen=True, kw_only=True)
class AwayRefused:
    """These days can not be noted; nothing is written."""

    wrong: AwayWrong


@dataclass(frozen=True, kw_only=True)
class MeetingsStand:
    """These would be outside of her time, and nobody has said what becomes of them.

    Whoever calls takes back what was written to find that out.
    """

    sessions: Sequence[LiveSession]


@dataclass(frozen=True, kw_only=True)
class Change:
    """Whose time it is, the revision that was seen, and what is said of sessions that were shown."""

    coach_id: UUID
    seen: int
    decision: Decision | None = None


def change_own_time(
    work: Work, own_times: OwnTimes, change: Change, own: OwnTime, holding: Holding
) -> TimeKept | TimeChanged | TimeRefused | MeetingsStand | None:
    """Let her time be exactly this; None when there is no such coach.

    Whoever waits is tried again at once; a told time stays unless the decision releases it.
    """
    work.take_turn()
    now = own_times.locked(change.coach_id)
    if now is None:
        return None
    if now.revision != change.seen:
        return TimeChanged(now=now)
    most = widest(own_times.allowed(change.coach_id), now.own.caps)
    if found := tuple(faults(own, own_times.known(), most)):
        return TimeRefused(faults=found)
    return _changed(work, own_times, change, lambda: own_times.write(change.coach_id, own), holding)


def add_away(
    work: Work, own_times: OwnTimes, change: Change, away: Away, holding: Holding
) -> TimeKept | TimeChanged | AwayRefused | MeetingsStand | None:
    """She is away on these days, or has extra hours; None when there is no such coach."""
    work.take_turn()
    now = own_times.locked(change.coach_id)
    if now is None:
        return None
    zone = ZoneInfo(work.zone)
    wrong = fault(away, work.now.astimezone(zone).date(), zone)
    if wrong is None and any(away.says_the_same(known) for known in now.away):
        wrong = AwayWrong.TWICE  # a second tap, or a second sending
    if wrong is not None:
        return AwayRefused(wrong=wrong)
    if now.revision != change.seen:
        return TimeChanged(now=now)
    taken = [s for s in own_times.sessions(change.coach_id) if away.takes(s, zone)]
    if _undecided(taken, change.decision):
        return MeetingsStand(sessions=taken)
    own_times.add(change.coach_id, away)
    return _kept(work, own_times, change, taken, holding)


def take_back_away(
    work: Work, own_times: OwnTimes, change: Change, away_id: UUID, holding: Holding
) -> TimeKept | MeetingsStand | None:
    """Her weekly hours hold again on these days; None when there is nothing to take back."""
    work.take_turn()
    now = own_times.locked(change.coach_id)
    if now is None:
        return None
    known = next((one for one in now.away if one.id == away_id), None)
    if known is None:
        return None
    if known.kind is ExceptionKind.OFF:  # only more time
        own_times.remove(change.coach_id, away_id)
        return _kept(work, own_times, change, [], holding)
    return _changed(
        work, own_times, change, lambda: own_times.remove(change.coach_id, away_id), holding
    )


def _changed(
    work: Work,
    own_times: OwnTimes,
    change: Change,
    write: Callable[[], object],
    holding: Holding,
) -> TimeKept | MeetingsStand:
    sessions = own_times.sessions(change.coach_id)
    before = own_times.plan(change.coach_id)
    write()
    gone = lost(sessions, before, own_times.plan(change.coach_id), own_times.horizon)
    if _undecided(gone, change.decision):
        return MeetingsStand(sessions=gone)
    return _kept(work, own_times, change, gone, holding)


def _undecided(sessions: Sequence[LiveSession], decision: Decision | None) -> bool:
    """Also when one more was booked while she looked."""
    return bool(sessions) and (decision is None or not decision.is_about(sessions))


def _kept(
    work: Work,
    own_times: OwnTimes,
    change: Change,
    gone: Sequence[LiveSession],
    holding: Holding,
) -> TimeKept:
    release = change.decision is not None and change.decision.release
    released = [Released(session=s, because=Because.COACH_AWAY) for s in gone if release]
    held = let_go(work, own_times, released, {}, holding) if released else None
    tell_all_freed(work, change.coach_id)
    now = own_times.locked(change.coach_id)
    if now is None:
        raise LookupError(change.coach_id)
    return TimeKept(now=now, released=len(released), held=held.total if held else 0)
