"""An explained match in words: why this one, what each of the others lacked, and what weighs how much."""

from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from zoneinfo import ZoneInfo

from services.scheduler.domain.explained import ExplainedCandidate, ExplainedMatch

_LACKED = {
    "no_time": "has no free time at the times asked for",
    "fully_booked": "already has as much in those days or weeks as a coach should",
    "too_far": "could not get there between her other meetings",
    "protected": "keeps the time that she has left for meetings that build on each other",
    "herself": "is the one who asks",
    "appraises": "appraises the one who asks",
}
_COUNTED = {
    "no_time": ("had no time then", "had no time then"),
    "fully_booked": ("is fully booked", "are fully booked"),
    "too_far": ("could not get there", "could not get there"),
    "protected": ("keeps that time for cycles", "keep that time for cycles"),
    "herself": ("is you", "are you"),
    "appraises": ("appraises you", "appraise you"),
    "possible": ("came out behind", "came out behind"),
}


def others_counted(match: ExplainedMatch) -> str:
    """How many others cover it and what became of them, without their names; empty without others."""
    others = list(_others(match))
    if not others:
        return ""
    counted = Counter(other.verdict for other in others)
    parts = [f"{n} {_COUNTED[verdict][n > 1]}" for verdict, n in counted.most_common()]
    who = "One other coach covers" if len(others) == 1 else f"{len(others)} other coaches cover"
    return f"{who} this: {', '.join(parts)}."


def others_named(match: ExplainedMatch, zone: ZoneInfo) -> Iterator[str]:
    """A sentence for each of the others, best first."""
    chosen = _chosen(match)
    for other in _others(match):
        if other.verdict in _LACKED:
            yield f"{other.coach_name} {_LACKED[other.verdict]}."
        elif other.starts_at is not None:
            yield _second(other, chosen, other.starts_at.astimezone(zone))


def _second(other: ExplainedCandidate, chosen: ExplainedCandidate | None, at: datetime) -> str:
    when = f"{at:%A} {at.day} {at:%B at %H:%M}"
    sentence = f"{other.coach_name} could have come on {when}"
    if chosen is None:
        return f"{sentence}."
    better, worse = _compared(other, chosen)
    weighed = "; ".join(
        part
        for part in (
            better and f"better in {' and '.join(better)}",
            worse and f"behind in {' and '.join(worse)}",
        )
        if part
    )
    return f"{sentence}: {weighed or _between_equals(other, chosen)}."


def _between_equals(other: ExplainedCandidate, chosen: ExplainedCandidate) -> str:
    if (other.total, other.starts_at) == (chosen.total, chosen.starts_at):
        return "equal in everything, and the draw fell to the other"
    return "nearly equal in everything, and a little behind in all"


IN_WORDS = {
    "coach_type": "coach type",
    "soon": "how soon it is",
    "load": "how much she has",
    "continuity": "having met before",
    "spread": "room on that day",
    "travel": "saving the way",
    "rarity": "sparing who is rare",
    "preference": "what was named first",
}


def _compared(other: ExplainedCandidate, chosen: ExplainedCandidate) -> tuple[list[str], list[str]]:
    gains = {
        name: other.points.get(name, 0.0) - chosen.points.get(name, 0.0) for name in chosen.points
    }
    words = {name: IN_WORDS.get(name, name) for name in gains}
    better = [words[name] for name, gain in gains.items() if gain >= 1]
    worse = [words[name] for name, gain in gains.items() if gain <= -1]
    return better, worse


def _chosen(match: ExplainedMatch) -> ExplainedCandidate | None:
    return next((c for c in match.candidates if c.coach_id == match.coach_id), None)


def _others(match: ExplainedMatch) -> Iterator[ExplainedCandidate]:
    return (c for c in match.candidates if c.coach_id != match.coach_id)
