"""A whole plan as what it leaves behind: every coach's meetings, those of before and those that are new."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from services.scheduler.domain.candidate import Match
from services.scheduler.domain.planning import Decision, plan
from services.scheduler.domain.request import Request
from tests.unit.scheduler.properties.by_hand import ByHand, Taken
from tests.unit.scheduler.properties.worlds import TERMS, CoachFacts, World


@dataclass(frozen=True)
class Placed:
    """A new meeting: whose, for which ask, as which type, and when."""

    facts: CoachFacts
    ask: Request
    coach_type: str
    taken: Taken

    @property
    def slots(self) -> range:
        return range(self.taken.first, self.taken.end)


def decided(world: World) -> Sequence[Decision]:
    """The matcher's plan."""
    return plan(world.asks, {1: TERMS}, world.picture)


def placed(world: World, by_hand: ByHand) -> list[Placed]:
    """Every new meeting of the plan."""
    coaches = {facts.coach.person.id: facts for facts in world.coaches}
    found = []
    for decision in decided(world):
        if not isinstance(decision.found, Match):
            continue
        ask, chosen = decision.request, decision.found.chosen
        facts, mode = coaches[chosen.coach_id], TERMS.modes[ask.support_mode]
        for first in chosen.slots:
            taken = Taken(
                first=first,
                end=first - -mode.minutes // 5,
                minutes=mode.minutes,
                school_id=by_hand.meets_at(facts, ask),
                uses_protected=mode.uses_protected,
            )
            found.append(Placed(facts, ask, chosen.coach_type, taken))
    return found


def new_of(new: Sequence[Placed], facts: CoachFacts) -> list[Placed]:
    """Hers among the new meetings."""
    return [one for one in new if one.facts is facts]


def busy_as_anything(new: Sequence[Placed], by_hand: ByHand) -> dict[UUID, list[range]]:
    """Every stretch that somebody spends in a meeting, in whichever part, by person."""
    people = {facts.coach.person.id for facts in by_hand.world.coaches}
    people |= {ask.teacher.id for ask in by_hand.world.asks}
    found = {
        person_id: [
            range(one.first, one.end) for one in by_hand.taken(by_hand.world.meetings_of(person_id))
        ]
        for person_id in people
    }
    for one in new:
        for person_id in (one.facts.coach.person.id, one.ask.teacher.id):
            found[person_id].append(one.slots)
    return found
