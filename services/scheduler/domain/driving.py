"""When a coach drives from place to place: all at once, and in no meeting, not even an online one. Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from uuid import UUID

from services.scheduler.domain.local_week import Horizon, Stretch
from services.scheduler.domain.travel import Travel


@dataclass(frozen=True)
class Stand:
    """A stretch of slots in which she is at a school."""

    first: int
    end: int
    school_id: UUID


@dataclass(frozen=True)
class Driving:
    """Her ways among her meetings. `online` are the slots of those at no school."""

    horizon: Horizon
    online: int

    def arrives(self, start: int, way: int) -> int:
        """The slot at which she is there who may leave at `start`."""
        while self.online and (met := self.online & self.horizon.mask(start, start + way)):
            start = self._end_of(met)
        return start + way

    def leaves(self, end: int, way: int) -> int:
        """The slot at which she leaves at the latest to be there at `end`."""
        while self.online and (met := self.online & self.horizon.mask(end - way, end)):
            end = self._first_of(met)
        return end - way

    def at_once_or_at_last(
        self, stands: Sequence[Stand], here: int, base: UUID | None, travel: Travel
    ) -> tuple[int, int]:
        """The slots that her ways take if she leaves at once, and if she leaves at the last moment.

        One more online meeting may stand in the one or the other: for it she need be nowhere. `here` are
        the slots of her days, which begin and end at her base.
        """
        at_once = at_last = 0
        for start, end, way in self._ways(stands, here, base, travel):
            runs = list(self._runs(start, end, way))
            if len(runs) == 1:  # of more than one, one is left in any case
                at_once |= self.horizon.mask(runs[0].first, runs[0].first + way)
                at_last |= self.horizon.mask(runs[0].end - way, runs[0].end)
        return at_once, at_last

    def _ways(
        self, stands: Sequence[Stand], here: int, base: UUID | None, travel: Travel
    ) -> Iterator[tuple[int, int, int]]:
        """From which slot to which she has which way to go."""
        days: dict[int, list[Stand]] = {}
        for stand in sorted(stands, key=lambda stand: stand.first):
            days.setdefault(self.horizon.day_of_slot[stand.first], []).append(stand)
        for day, those in days.items():
            if at := here & self.horizon.day_masks[day]:
                first, end = self._first_of(at), self._end_of(at)
                yield first, those[0].first, travel.slots(base, those[0].school_id)
                yield those[-1].end, end, travel.slots(those[-1].school_id, base)
            for one, other in pairwise(those):
                yield one.end, other.first, travel.slots(one.school_id, other.school_id)

    def _runs(self, start: int, end: int, way: int) -> Iterator[Stretch]:
        """The stretches in between that are long enough for a way."""
        if way <= 0:
            return
        shift = self.horizon.slots - 1
        met = [slot for slot in range(start, end) if self.online >> (shift - slot) & 1]
        for before, after in pairwise([start - 1, *met, end]):
            if after - before - 1 >= way:
                yield Stretch(before + 1, after)

    def _first_of(self, slots: int) -> int:
        return self.horizon.slots - slots.bit_length()

    def _end_of(self, slots: int) -> int:
        return self.horizon.slots - (slots & -slots).bit_length() + 1
