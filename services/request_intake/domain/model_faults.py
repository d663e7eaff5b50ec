"""Find the holes of a coaching model: what an ask could fall through, named one line each."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from services.request_intake.domain.coaching_model import (
    LICENCES,
    WHERE_IN_DAY,
    CoachingModel,
    CoachType,
    OutOfRemitTopic,
    Topic,
)

# A teacher chooses from them, and every reading weighs them all.
_MOST_TOPICS = 500
_KINDS = ("link", "email", "person")


def holes(model: CoachingModel) -> Iterator[str]:
    """Every hole of the model; none when it may be published."""
    for rule in (*_OF_ONE, *_OF_ALL):
        yield from rule(model)


def holes_of_one(model: CoachingModel) -> Iterator[str]:
    """The holes that an entry has by itself, whatever the others are."""
    for rule in _OF_ONE:
        yield from rule(model)


def _keys_are_unique(model: CoachingModel) -> Iterator[str]:
    keys = {
        "support_modes": [mode.key for mode in model.support_modes],
        "coach_types": [kind.key for kind in model.coach_types],
        "topics": [topic.key for topic in model.all_topics],
    }
    for name, used in keys.items():
        if not used:
            yield f"{name}: there must be at least one"
        for key, times in Counter(used).items():
            if times > 1:
                yield f"{name}[{key}]: the key is used {times} times"
            if not key.isidentifier() or not key.islower():
                yield f"{name}[{key}]: a key has small letters, digits and underscores"


def _topics_can_be_overseen(model: CoachingModel) -> Iterator[str]:
    if len(model.all_topics) > _MOST_TOPICS:
        yield f"topics: at most {_MOST_TOPICS}, on both sides of the remit together"


def _zone_is_known(model: CoachingModel) -> Iterator[str]:
    try:
        ZoneInfo(model.division.zone)
    except (ZoneInfoNotFoundError, ValueError):
        yield f"division.zone: {model.division.zone!r} is not an IANA time zone"


def _modes_have_a_length(model: CoachingModel) -> Iterator[str]:
    for mode in model.support_modes:
        if not 10 <= mode.minutes <= 480:
            yield f"support_modes[{mode.key}].minutes: must lie between 10 and 480"
        if not 1 <= mode.sessions.min <= mode.sessions.max <= 20:
            yield f"support_modes[{mode.key}].sessions: 1 <= min <= max <= 20"
        if not 1 <= mode.weeks_between <= 8:
            yield f"support_modes[{mode.key}].weeks_between: must lie between 1 and 8"


def _meetings_have_their_place(model: CoachingModel) -> Iterator[str]:
    """A topic may narrow what its modes leave open, and never contradict them."""
    for mode in model.support_modes:
        if mode.where_in_day not in WHERE_IN_DAY:
            right = ", ".join(WHERE_IN_DAY)
            yield f"support_modes[{mode.key}].where_in_day: must be one of {right}"
    for topic in model.topics:
        place = f"topics[{topic.key}].where_in_day"
        if topic.where_in_day not in ("", *WHERE_IN_DAY):
            yield f"{place}: must be empty or one of {', '.join(WHERE_IN_DAY)}"
        for key in topic.modes if topic.where_in_day else ():
            said = model.mode_of[key].where_in_day if key in model.mode_of else WHERE_IN_DAY[0]
            if said not in (WHERE_IN_DAY[0], topic.where_in_day):
                yield f"{place}: {key} says {said}; a topic may narrow it, not contradict it"


def _coach_types_offer_something(model: CoachingModel) -> Iterator[str]:
    for kind in model.coach_types:
        place = f"coach_types[{kind.key}]"
        yield from _known(f"{place}.modes", kind.modes, model.mode_of)
        for name in ("covers", "does_not_cover"):
            if not getattr(kind, name):
                yield f"{place}.{name}: there must be at least one"
        yield from _caps_can_be_kept(place, kind)


def _caps_can_be_kept(place: str, kind: CoachType) -> Iterator[str]:
    caps = kind.caps
    if min(caps.sessions_per_day, caps.cycles_at_once, caps.weekly_minutes) < 1:
        yield f"{place}.caps: every cap must be at least 1"
    if not 0 <= caps.protected_share < 1:
        yield f"{place}.caps.protected_share: must lie between 0 and 1"


def _topics_have_a_way(model: CoachingModel) -> Iterator[str]:
    types = {kind.key: kind for kind in model.coach_types}
    for topic in model.topics:
        place = f"topics[{topic.key}]"
        yield from _known(f"{place}.coach_types", topic.coach_types, types)
        yield from _known(f"{place}.modes", topic.modes, model.mode_of)
        yield from _every_mode_is_offered(place, topic, types)


def _every_mode_is_offered(place: str, topic: Topic, types: dict[str, CoachType]) -> Iterator[str]:
    for mode in topic.modes:
        if not any(mode in types[key].modes for key in topic.coach_types if key in types):
            yield f"{place}.modes: none of its coach types offers {mode}"


def _redirects_lead_somewhere(model: CoachingModel) -> Iterator[str]:
    for topic in model.out_of_remit:
        to, place = topic.destination, f"out_of_remit[{topic.key}].destination"
        yield from address_faults(place, to.kind, to.target)
        for name in ("label", "sentence"):
            if not getattr(to, name).strip():
                yield f"{place}.{name}: must not be empty"


def address_faults(place: str, kind: str, target: str) -> Iterator[str]:
    """What keeps a target from being an address of its kind: a teacher would stand before nothing."""
    if kind not in _KINDS:
        yield f"{place}.kind: must be one of {', '.join(_KINDS)}"
    if not target.strip():
        yield f"{place}.target: must not be empty"
    elif kind == "link" and not target.startswith("https://"):
        yield f"{place}.target: a link begins with https://"
    elif kind == "email" and "@" not in target:
        yield f"{place}.target: an email address has an @"


def _texts_are_there(model: CoachingModel) -> Iterator[str]:
    for topic in model.all_topics:
        for name in ("title", "description"):
            if not getattr(topic, name).strip():
                yield f"{_place(topic)}.{name}: must not be empty"


def _neighbours_exist(model: CoachingModel) -> Iterator[str]:
    for topic in model.all_topics:
        for key in topic.near:
            if key == topic.key:
                yield f"{_place(topic)}.near: a topic is not near itself"
            if key not in model.topic_of:
                yield f"{_place(topic)}.near: there is no topic {key!r}"


def _credits_say_whose_and_how(model: CoachingModel) -> Iterator[str]:
    for index, credit in enumerate(model.credits):
        if not credit.title.strip():
            yield f"credits[{index}].title: must not be empty"
        if credit.licence not in LICENCES:
            yield f"credits[{index}].licence: must be one of {', '.join(LICENCES)}"


def _place(topic: Topic | OutOfRemitTopic) -> str:
    return f"{'topics' if isinstance(topic, Topic) else 'out_of_remit'}[{topic.key}]"


def _known(place: str, keys: Iterable[str], known: Iterable[str]) -> Iterator[str]:
    keys = tuple(keys)
    if not keys:
        yield f"{place}: there must be at least one"
    for key in keys:
        if key not in known:
            yield f"{place}: there is no {key!r}"


_OF_ONE: tuple[Callable[[CoachingModel], Iterator[str]], ...] = (
    _zone_is_known,
    _modes_have_a_length,
    _redirects_lead_somewhere,
    _texts_are_there,
    _credits_say_whose_and_how,
)
_OF_ALL = (
    _keys_are_unique,
    _topics_can_be_overseen,
    _meetings_have_their_place,
    _coach_types_offer_something,
    _topics_have_a_way,
    _neighbours_exist,
)
