"""What people type, made comparable."""

import re
import unicodedata

_DENIED = re.compile(
    r"\b(?:not|isn['\u2019]?t|no es|pas)\s+(?:an?|about|the|un|une|de)\s+[^,.;:!?]{1,40}(?=[,.;:!?]|$)",
    re.IGNORECASE,
)


def fold(text: str) -> str:
    """Small letters without accents, so that *Éleve* and *eleve* are one word."""
    small = text.lower()
    if small.isascii():
        return small
    bare = unicodedata.normalize("NFKD", small.replace("\u2019", "'"))
    return "".join(letter for letter in bare if not unicodedata.combining(letter))


def without_denials(text: str) -> str:
    """The text less what it says it is not about: "not a tech problem, …" is not about tech.

    A text that only denies stays as it is.
    """
    rest = _DENIED.sub(" ", text)
    return rest if any(letter.isalnum() for letter in rest) else text
