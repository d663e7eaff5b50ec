"""A coach appraises a teacher from now on: what is booked between the two is held with others, and asked."""

from collections.abc import Sequence

from services.scheduler.domain.holding import Holding
from services.scheduler.domain.release import Because, Released
from services.scheduler.handlers.releasing import let_go
from services.scheduler.handlers.telling import tell_all_freed
from services.scheduler.ports import Appraisals, Work
from shared.events import AppraisalKept


def follow_appraisals(
    work: Work, appraisals: Appraisals, events: Sequence[AppraisalKept], *, holding: Holding
) -> None:
    """Remember who appraises whom. Nobody is coached by who appraises her: that can not take place."""
    work.take_turn()
    kept = appraisals.keep(events)
    released = [
        Released(session=session, because=Because.APPRAISED)
        for one in kept
        if one.stands
        for session in appraisals.live_between(one.coach_id, one.teacher_id)
    ]
    let_go(work, appraisals, released, {}, holding)
    for coach_id in sorted({one.coach_id for one in kept if not one.stands}):
        tell_all_freed(work, coach_id)  # she may coach that teacher again, who may wait
