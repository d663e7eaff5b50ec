"""Turn what people type into comparable pieces: folded word stems, pairs of them, letter groups."""

import re
import unicodedata
from collections.abc import Iterator
from itertools import pairwise

_WORD = re.compile(r"[a-z0-9]+")
_NEGATED = re.compile(
    r"\b(?:not|isn'?t|no es|pas)\s+(?:an?|about|the|un|une|de)\s+[^,.;:!?]{1,40}(?=[,.;:!?]|$)"
)
_ENDINGS = (
    "ations",
    "ation",
    "ments",
    "ment",
    "ings",
    "ing",
    "ies",
    "ied",
    "ers",
    "ed",
    "es",
    "er",
)
_EMPTY_WORDS = """
    a about all am an and any are as at be been but by can could did do does for from get got had has
    have he her him his how i if in into is it its just let like make me might mine more most my need
    of on one or our out own please really she should so some t than that the their them then there
    these they this those to too up us very want was we were what when where which who why will with
    would you your re s ve m d ll
    advice coach coaching hello help helped helping hi idea ideas question questions something
    somebody someone support thank thanks thing things
    aide aider ayuda besoin bonjour ayudar necesito hola gracias merci
    au aux avec ce ces comme dans de des du elle en est et il je la le les leur ma mes mon nous ou par
    pas plus pour que qui sa se ses son sur un une vous
    al como con del el ella es esta la las lo los mi mis no para por que se sin su sus un una y
"""
_EMPTY = frozenset(_EMPTY_WORDS.split())


def fold(text: str) -> str:
    """Small letters without accents, so that *Éleve* and *eleve* are one word."""
    small = text.lower()
    if small.isascii():
        return small
    bare = unicodedata.normalize("NFKD", small.replace("\u2019", "'"))
    return "".join(letter for letter in bare if not unicodedata.combining(letter))


def without_denials(folded: str) -> str:
    """The text less what it says it is not about: "not a tech problem, …" is not about tech."""
    return _NEGATED.sub(" ", folded)


def stems(folded: str) -> list[str]:
    """The words that carry meaning, cut to their stems, in order."""
    return [_stem(word) for word in _WORD.findall(folded) if word not in _EMPTY]


def pieces(folded: str) -> Iterator[str]:
    """Stems, neighbouring pairs of stems, and groups of four letters inside words."""
    words = stems(folded)
    yield from words
    yield from (f"{left} {right}" for left, right in pairwise(words))
    for word in words:
        padded = f"^{word}$"
        yield from (f"#{padded[i : i + 4]}" for i in range(len(padded) - 3))


def _stem(word: str) -> str:
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            word = word.removesuffix(ending)
            break
    else:
        if word.endswith("s") and not word.endswith("ss") and len(word) > 3:
            word = word[:-1]
    if len(word) > 3 and word[-1] == word[-2]:
        word = word[:-1]
    return word[:-1] if len(word) > 4 and word[-1] in "ey" else word
