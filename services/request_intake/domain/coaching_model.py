"""The coaching model: what each coach type covers, in which modes, what it does not, and where that goes.

Written once by a division, published in numbered versions; everything that Remit decides, it
decides by one of these.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from zoneinfo import ZoneInfo

from shared.events.vocabulary import Combination, Redirect


@dataclass(frozen=True, kw_only=True)
class Division:
    """The one division that a deployment serves. `zone` is its IANA time zone."""

    name: str
    zone: str


@dataclass(frozen=True, kw_only=True)
class Sessions:
    """How many meetings a support mode takes."""

    min: int
    max: int


# Open licences that a pack may carry, by their SPDX identifiers; what is under the last stays under it.
LICENCES = ("CC-BY-4.0", "CC0-1.0", "CC-BY-SA-4.0")
SHARE_ALIKE = LICENCES[-1]

# Where in a teacher's day a meeting may stand.
WHERE_IN_DAY = ("either", "in_class", "outside_class")


@dataclass(frozen=True, kw_only=True)
class SupportMode:
    """A way of helping, with the sentence in which a teacher asks for it.

    `where_in_day` says whether it belongs in her class, outside it, or in either. The meetings of a
    cycle are `weeks_between` weeks apart. `uses_protected`: it may use the time that is kept for such
    help alone.
    """

    key: str
    name: str
    teacher_sentence: str
    when_to_ask: str
    what_it_is_not: str
    minutes: int
    sessions: Sessions
    cadence: str
    online_ok: bool
    same_coach: bool
    where_in_day: str = WHERE_IN_DAY[0]
    weeks_between: int = 1
    uses_protected: bool = False


@dataclass(frozen=True, kw_only=True)
class Caps:
    """What one coach of a type carries at most.

    `protected_share` of her week is kept for the support modes that use protected time.
    """

    sessions_per_day: int
    cycles_at_once: int
    weekly_minutes: int
    protected_share: float


@dataclass(frozen=True, kw_only=True)
class CoachType:
    """A kind of coach with its own remit."""

    key: str
    name: str
    aliases: tuple[str, ...]
    summary: str
    covers: tuple[str, ...]
    does_not_cover: tuple[str, ...]
    modes: tuple[str, ...]
    caps: Caps


@dataclass(frozen=True, kw_only=True)
class Topic:
    """A need that is coaching work: of these coach types, in these modes, the usual one first.

    `examples` are shown to teachers; `phrases` are further words of theirs, to tell it apart by.
    `where_in_day` narrows what its modes say of it; empty, it is as they say.
    """

    key: str
    title: str
    description: str
    boundary_note: str
    near: tuple[str, ...]
    coach_types: tuple[str, ...]
    modes: tuple[str, ...]
    examples: tuple[str, ...]
    phrases: tuple[str, ...] = ()
    where_in_day: str = ""


@dataclass(frozen=True, kw_only=True)
class Destination:
    """Where an out-of-remit ask goes. `kind` is link, email or person."""

    label: str
    kind: str
    target: str
    sentence: str


@dataclass(frozen=True, kw_only=True)
class OutOfRemitTopic:
    """A need that is not coaching work, and its destination.

    An urgent one is shown before all else; `signals` are the phrases that call for it at once.
    """

    key: str
    title: str
    description: str
    boundary_note: str
    near: tuple[str, ...]
    urgent: bool
    signals: tuple[str, ...]
    destination: Destination
    examples: tuple[str, ...]
    phrases: tuple[str, ...] = ()

    @property
    def redirect(self) -> Redirect:
        """The destination as the other services are told of it."""
        to = self.destination
        return Redirect(
            key=self.key,
            label=to.label,
            kind=to.kind,
            target=to.target,
            sentence=to.sentence,
            urgent=self.urgent,
        )


@dataclass(frozen=True, kw_only=True)
class Roles:
    """What each of the three sides undertakes."""

    leadership: tuple[str, ...]
    coaches: tuple[str, ...]
    coachees: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class IntakeRule:
    """A rule that decides when the words alone do not."""

    key: str
    text: str


@dataclass(frozen=True, kw_only=True)
class Credit:
    """Whose pack these parts come from, each named as `topics[unit_planning]`."""

    title: str
    licence: str
    parts: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class CoachingModel:
    """The whole document, immutable. Build it with `model_document.read`, which names every hole.

    `vague` are asks that name no need, or several equally: they get a question.
    """

    division: Division
    promise: str
    support_modes: tuple[SupportMode, ...]
    coach_types: tuple[CoachType, ...]
    roles: Roles
    intake_rules: tuple[IntakeRule, ...]
    topics: tuple[Topic, ...]
    out_of_remit: tuple[OutOfRemitTopic, ...]
    vague: tuple[str, ...] = ()
    credits: tuple[Credit, ...] = ()

    @cached_property
    def mode_of(self) -> Mapping[str, SupportMode]:
        """Support modes by key."""
        return {mode.key: mode for mode in self.support_modes}

    @cached_property
    def coach_type_of(self) -> Mapping[str, CoachType]:
        """Coach types by key."""
        return {kind.key: kind for kind in self.coach_types}

    @cached_property
    def topic_of(self) -> Mapping[str, Topic | OutOfRemitTopic]:
        """Every topic by key, on either side of the remit."""
        return {topic.key: topic for topic in self.all_topics}

    @cached_property
    def all_topics(self) -> tuple[Topic | OutOfRemitTopic, ...]:
        """Every topic, those in remit first."""
        return (*self.topics, *self.out_of_remit)

    @cached_property
    def zone(self) -> ZoneInfo:
        """The division's time zone."""
        return ZoneInfo(self.division.zone)

    def accepted(self, topic: Topic, mode: str) -> tuple[str, ...]:
        """The coach types that may take this topic in this mode, first choice first."""
        if mode not in topic.modes:
            return ()
        return tuple(k for k in topic.coach_types if mode in self.coach_type_of[k].modes)

    def combinations(self) -> Iterator[Combination]:
        """All that may ever be booked under this model: nothing else is in remit."""
        for topic in self.topics:
            for mode in topic.modes:
                for kind in self.accepted(topic, mode):
                    yield Combination(coach_type=kind, topic=topic.key, support_mode=mode)
