"""What somebody may have meant: the keys that are nearest to one that is not there."""

from collections.abc import Mapping
from difflib import SequenceMatcher

_MOST = 4
_ALIKE = 0.6
_BEHIND_THE_BEST = 0.2


def near(given: str, known: Mapping[str, str]) -> list[str]:
    """Keys of `known` (key to title) that look or read like `given`, the nearest first."""
    wanted = given.casefold()
    scores = {key: _likeness(wanted, key, title) for key, title in known.items()}
    enough = max(_ALIKE, max(scores.values(), default=0) - _BEHIND_THE_BEST)
    alike = [key for key, score in scores.items() if score >= enough]
    return sorted(alike, key=lambda key: (-scores[key], key))[:_MOST]


def named(given: str, known: Mapping[str, str]) -> list[str]:
    """The key itself, or else every key whose title begins with or holds `given`."""
    if given in known:
        return [given]
    wanted = given.casefold()
    begins = [key for key, title in known.items() if title.casefold().startswith(wanted)]
    return begins or [key for key, title in known.items() if wanted in title.casefold()]


def _likeness(wanted: str, key: str, title: str) -> float:
    """1 when the one holds the other, else how alike the letters are: of the key or of a word."""
    if wanted in key or wanted in title.casefold():
        return 1.0
    parts = [key, title.casefold(), *key.split("_"), *title.casefold().split()]
    return max(SequenceMatcher(None, wanted, part).ratio() for part in parts)
