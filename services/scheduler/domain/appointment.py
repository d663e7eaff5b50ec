"""What a coach is appointed to: coach types in support modes, a subset of what is published. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID


@dataclass(frozen=True, order=True, kw_only=True)
class Offer:
    """A coach type in a support mode."""

    coach_type: str
    support_mode: str


Offers = frozenset[Offer]


@dataclass(frozen=True, kw_only=True)
class AppointedCoach:
    """A coach with what she is appointed to, how many schools she serves, and her caps."""

    id: UUID
    name: str
    offers: Offers
    schools: int
    sessions_per_day: int
    weekly_minutes: int
    last_day: date | None = None


@dataclass(frozen=True, kw_only=True)
class Offerable:
    """What the newest published version lets coaches offer, with names by key. Empty before the first."""

    offers: Offers
    types: Mapping[str, str]
    modes: Mapping[str, str]

    def unknown(self, wanted: Offers, kept: Offers) -> tuple[Offer, ...]:
        """Those wanted that no published version allows anew; what she has already may stay."""
        return tuple(sorted(wanted - self.offers - kept))


@dataclass(frozen=True, kw_only=True)
class InUse:
    """An offer that meetings to come need."""

    offer: Offer
    meetings: int
