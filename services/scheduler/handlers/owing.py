"""A cycle owes a meeting: a time is held for it as soon as there is one, and its teacher is asked."""

from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID

from services.scheduler.domain.cycle import Cycle
from services.scheduler.domain.holding import Holding
from services.scheduler.domain.model import ModelTerms
from services.scheduler.domain.owed import Found, Owing
from services.scheduler.domain.planning import Picture, write_in
from services.scheduler.domain.reasons import OWED
from services.scheduler.handlers.cycle_telling import tell_cycle
from services.scheduler.ports import Addition, Work
from shared.events.vocabulary import Reason
from shared.identity import new_id


def offer_owed(
    work: Work, holding: Holding, coach_ids: Collection[UUID] | None, *, most: int
) -> None:
    """Hold times for what open cycles owe: they were told once, so they come before who waits."""
    owing = work.cycles.owing(coach_ids, most)
    if not owing:
        return
    cycles = work.cycles.standing(owing)
    terms = work.terms({cycle.request.model_version for cycle in cycles.values()})
    picture = work.picture([cycle.request for cycle in cycles.values()])
    for id_, cycle in cycles.items():
        of_model = terms[cycle.request.model_version]
        search = owed_by(work, cycle, of_model, picture, holding)
        found = search.next(cycle.owed, picture.diaries)
        if found is not None and hold(work, cycle, found, holding, [OWED]):
            write_in(found.match, cycle.request.for_meetings(len(found.meetings)), picture)
            now = work.cycles.next_version(id_, in_calendars=False)
            tell_cycle(work, now, of_model, "offered", [OWED])


def owed_by(
    work: Work, cycle: Cycle, terms: ModelTerms, picture: Picture, holding: Holding
) -> Owing:
    """The search for times that may be held for this cycle."""
    return Owing(
        cycle=cycle,
        terms=terms,
        rules=holding.rules(picture.rules, work.now),
        teacher=picture.teachers[cycle.request.teacher.id],
        ids=new_id,
    )


def hold(
    work: Work, cycle: Cycle, found: Found, holding: Holding, reasons: Sequence[Reason]
) -> bool:
    """Keep these meetings for her until she answers; False when somebody was faster."""
    until = holding.until(work.now, found.meetings[0].starts_at)
    return _add(work, cycle, found, reasons, until)


def book_now(work: Work, cycle: Cycle, found: Found, reasons: Sequence[Reason]) -> bool:
    """Book these meetings, for she is there and asks for them; False when somebody was faster."""
    return _add(work, cycle, found, reasons, None)


def _add(
    work: Work, cycle: Cycle, found: Found, reasons: Sequence[Reason], until: datetime | None
) -> bool:
    addition = Addition(
        coach=found.chosen.diary.coach.person,
        coach_type=found.chosen.coach_type,
        place=found.place,
        meetings=found.meetings,
        reasons=reasons,
        candidates=found.match.candidates,
        weights=found.weights,
        held_until=until,
    )
    if not work.cycles.add(cycle, addition):
        return False
    if until is None and not cycle.is_in_calendars:
        work.cycles.begin_series(cycle.request.id, new_id(), found.meetings[0].starts_at)
    return True
