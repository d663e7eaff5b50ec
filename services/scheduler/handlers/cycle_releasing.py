"""A meeting of a cycle can not take place: the others stand, and a time is held for this one."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from services.scheduler.domain.cycle import Cycle, CycleState
from services.scheduler.domain.holding import Holding
from services.scheduler.domain.model import ModelTerms
from services.scheduler.domain.owed import Found, Owing
from services.scheduler.domain.planning import Picture, write_in
from services.scheduler.domain.reasons import STILL_OWED, why_fell_away, why_held
from services.scheduler.domain.release import Moved, Released
from services.scheduler.handlers.cycle_telling import tell_cycle
from services.scheduler.handlers.owing import hold, owed_by
from services.scheduler.handlers.telling import tell_freed, tell_waiting
from services.scheduler.ports import Work
from shared.events.vocabulary import Reason


def let_go_of_cycles(
    work: Work, released: Sequence[Released], moved: Mapping[UUID, Moved], holding: Holding
) -> Mapping[UUID, int]:
    """Take these meetings off, hold another time for each where there is one, and tell each cycle once.

    How many meetings are held now, by the school's id. Whoever calls has the planners' turn.
    """
    by_request: dict[UUID, list[Released]] = defaultdict(list)
    for one in released:
        by_request[one.session.request.id].append(one)
    if not by_request:
        return {}
    cycles = _without(work, by_request)
    terms = work.terms({cycle.request.model_version for cycle in cycles.values()})
    picture = work.picture([cycle.request for cycle in cycles.values()])
    held: dict[UUID, int] = defaultdict(int)
    for id_, cycle in sorted(cycles.items(), key=lambda item: item[1].request.turn):
        of_model, lost = terms[cycle.request.model_version], by_request[id_]
        if cycle.state is CycleState.HELD:
            _take_back(work, cycle, of_model, lost)
            continue
        search = _Search(work, cycle, of_model, picture, holding, moved)
        reasons = list(search.replace(lost))
        held[cycle.request.school.id] += search.held
        now = work.cycles.next_version(id_, in_calendars=True)
        tell_cycle(work, now, of_model, "released", reasons)
        for one in lost:
            tell_freed(work, one.session.coach, one.session.starts_at, one.session.ends_at)
    return held


def _without(work: Work, lost: Mapping[UUID, Sequence[Released]]) -> Mapping[UUID, Cycle]:
    """These cycles after the lost meetings were taken off; of one that is only offered, all of them."""
    for id_, cycle in work.cycles.standing(lost.keys()).items():
        gone = {one.session.id for one in lost[id_]}
        offered = cycle.state is CycleState.HELD
        work.cycles.take_off([one for one in cycle.sessions if offered or one.id in gone])
    return work.cycles.standing(lost.keys())


def _take_back(work: Work, cycle: Cycle, terms: ModelTerms, lost: Sequence[Released]) -> None:
    """What was only offered, and can not be any more, is looked for anew as a whole."""
    version = work.cycles.next_version(cycle.request.id, in_calendars=False).request.version
    work.cycles.forget(cycle.request.id)
    tell_waiting(work, cycle.request, terms, version, [why_fell_away(lost[0])])
    for one in lost:
        tell_freed(work, one.session.coach, one.session.starts_at, one.session.ends_at)


@dataclass
class _Search:
    """One cycle's search for other times, and how many it found."""

    work: Work
    cycle: Cycle
    terms: ModelTerms
    picture: Picture
    holding: Holding
    moved: Mapping[UUID, Moved]
    held: int = 0

    def replace(self, released: Sequence[Released]) -> Iterator[Reason]:
        """Hold what can be held; why these fell away, and why others are held."""
        first = released[0]
        gone = self.cycle.coach.id not in self.picture.diaries
        if gone or first.because.asks_for_a_colleague:
            yield why_fell_away(first)
            found = self._owing.with_another(self.cycle.owed, self.picture.diaries)
            yield from self._keep(found, first)
            return
        for one in sorted(released, key=lambda one: one.session.starts_at):
            yield why_fell_away(one)
            change = self.moved.get(self.cycle.request.school.id)
            horizon = self.picture.rules.horizon
            target = change.target(one.session.starts_at, horizon) if change else None
            found = self._owing.instead(one.session, self.picture.diaries, target)
            yield from self._keep(found, one)

    def _keep(self, found: Found | None, lost: Released) -> Iterator[Reason]:
        why = () if found is None else why_held(found.match, lost.session, lost.because, None)
        if found is None or not hold(self.work, self.cycle, found, self.holding, why):
            yield STILL_OWED
            return
        self.held += len(found.meetings)
        request = self.cycle.request
        write_in(found.match, request.for_meetings(len(found.meetings)), self.picture)
        self.cycle = self.work.cycles.standing([request.id])[request.id]
        yield from why[1:]

    @property
    def _owing(self) -> Owing:
        return owed_by(self.work, self.cycle, self.terms, self.picture, self.holding)
