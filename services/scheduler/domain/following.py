"""A teacher moves to another school: which of her meetings can take place there as they stand. Pure."""

from dataclasses import replace

from services.scheduler.domain.booking import place_of
from services.scheduler.domain.local_week import SLOT
from services.scheduler.domain.matching import match_at
from services.scheduler.domain.model import ModelTerms
from services.scheduler.domain.moving import at_any_time, without
from services.scheduler.domain.planning import Picture
from services.scheduler.domain.release import LiveSession
from services.scheduler.domain.request import Request


def follows(
    session: LiveSession, now: Request, terms: ModelTerms, picture: Picture
) -> LiveSession | None:
    """The session at the school where its teacher is now, same coach and time; None when it can not be.

    `picture` is of her as she is `now`; notice does not matter, for nobody's time changes. The session is
    taken out of it.
    """
    without(session, picture)
    diary = picture.diaries.get(session.coach.id)
    if diary is None or session.starts_at < diary.horizon.starts_at:
        return None
    horizon = diary.horizon
    rules = replace(picture.rules, not_before=horizon.mask(0, horizon.slots), near=-1)
    slot = (session.starts_at - horizon.starts_at) // SLOT
    request, teacher = at_any_time(now), picture.teachers[now.teacher.id]
    found = (
        match_at(request, terms, diary, teacher, rules, slot=slot) if slot < horizon.slots else None
    )
    if found is None:
        return None
    diary.book(slot, found.length, found.minutes, found.at_school)
    teacher.busy |= horizon.mask(slot, slot + found.length)
    place = place_of(now, diary.coach, terms)
    return replace(session, request=now, place=place, coach_type=found.chosen.coach_type)
