"""Times for the meetings that a cycle still owes: with the same coach, a week to each. Pure."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from services.scheduler.domain.booking import Planned, place_of
from services.scheduler.domain.candidate import Candidate, Match
from services.scheduler.domain.cycle import Cycle
from services.scheduler.domain.diary import Diary, TeacherTime
from services.scheduler.domain.matching import find_match
from services.scheduler.domain.model import ModelTerms
from services.scheduler.domain.release import LiveSession, Replacing
from services.scheduler.domain.rules import Rules
from services.scheduler.domain.weights import Weights
from shared.events.vocabulary import Place


@dataclass(frozen=True, kw_only=True)
class Found:
    """Meetings that a coach could hold, and the match that they came of."""

    chosen: Candidate
    place: Place
    meetings: tuple[Planned, ...]
    match: Match
    weights: Weights


@dataclass(frozen=True, kw_only=True)
class Owing:
    """One cycle's search for times. Weeks in which it meets already are ruled out."""

    cycle: Cycle
    terms: ModelTerms
    rules: Rules
    teacher: TeacherTime
    ids: Callable[[], UUID]

    def next(self, count: int, diaries: Mapping[UUID, Diary]) -> Found | None:
        """Times with its coach; with a colleague if by now she appraises the teacher."""
        if self.cycle.coach.id in self.teacher.appraisers:
            return self.with_another(count, diaries)
        return self.with_same_coach(count, diaries)

    def with_same_coach(self, count: int, diaries: Mapping[UUID, Diary]) -> Found | None:
        """Times for so many meetings with its coach; None when they can not all be found."""
        own = diaries.get(self.cycle.coach.id)
        return self._found(count, [own]) if own else None

    def with_another(self, count: int, diaries: Mapping[UUID, Diary]) -> Found | None:
        """Times for all these meetings with one colleague."""
        others = [
            diary
            for id_, diary in diaries.items()
            if id_ != self.cycle.coach.id and diary.cycles_free > 0
        ]
        return self._found(count, others)

    def instead(
        self, lost: LiveSession, diaries: Mapping[UUID, Diary], target: datetime | None
    ) -> Found | None:
        """A time for a meeting that was lost: its label's next date if it can be, else the next good one."""
        own = diaries.get(self.cycle.coach.id)
        if own is None:
            return None
        search = Replacing(
            released=replace(lost, request=self.cycle.request.for_meetings(1)),
            terms=self.terms,
            rules=self._rules,
            teacher=self.teacher,
        )
        match = search.best([own], target)
        return self._made(match, lost.id) if match else None

    @property
    def _rules(self) -> Rules:
        met = self.cycle.weeks_met(self.rules.horizon)
        return replace(self.rules.without(self.cycle.request.id, met), near=-1)

    def _found(self, count: int, diaries: list[Diary]) -> Found | None:
        request = self.cycle.request.for_meetings(count)
        match = find_match(request, self.terms, diaries, self.teacher, self._rules)
        return self._made(match) if isinstance(match, Match) else None

    def _made(self, match: Match, instead_of: UUID | None = None) -> Found:
        chosen, horizon = match.chosen, match.chosen.diary.horizon
        first = self.cycle.next_number
        return Found(
            chosen=chosen,
            place=place_of(self.cycle.request, chosen.diary.coach, self.terms),
            match=match,
            weights=self.rules.weights,
            meetings=tuple(
                Planned(
                    session_id=self.ids(),
                    number=first + index,
                    starts_at=horizon.instant(slot),
                    ends_at=horizon.instant(slot + match.length),
                    instead_of=instead_of,
                )
                for index, slot in enumerate(chosen.slots)
            ),
        )
