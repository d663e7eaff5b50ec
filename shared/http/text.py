"""What may stand in a text that somebody typed: nothing that a database, a mail or an eye trips over."""

import unicodedata
from dataclasses import dataclass

_LONGEST_PILE = 4  # Vietnamese and Hebrew pile two or three marks on a letter; zalgo piles hundreds
_INVISIBLE = frozenset("\u200b\u200c\u200d\u2060\ufeff\u00ad\u034f\u115f\u1160\u3164")
# Marks that turn the reading direction can make a text show as another one.
_TURNING = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


@dataclass(frozen=True)
class TextFault:
    """Why a text can not be taken, and what would be right; never a part of the text."""

    message: str
    right: str


def clean(text: str, *, shortest: int, longest: int, lines: bool) -> str | TextFault:
    """The text, trimmed and with plain line ends, or what is the matter with it.

    `lines` allows line breaks and tabs. Composed characters (NFC), so that twins are one.
    """
    if text.isascii() and text.isprintable():
        return _measured(text.strip(), shortest, longest)
    if len(text) > longest * 4:
        return _too_long(longest)
    tidy = text.replace("\r\n", "\n").strip() if lines else text.strip()
    if fault := _character_fault(tidy, lines=lines):
        return fault
    if all(letter.isspace() or letter in _INVISIBLE for letter in tidy):
        tidy = ""
    return _measured(unicodedata.normalize("NFC", tidy), shortest, longest)


def _measured(text: str, shortest: int, longest: int) -> str | TextFault:
    if len(text) > longest:
        return _too_long(longest)
    if len(text) < shortest:
        if shortest == 1:
            return TextFault("is empty", "at least one visible character")
        return TextFault("is too short", f"at least {shortest} characters")
    return text


def _too_long(longest: int) -> TextFault:
    return TextFault("is too long", f"at most {longest} characters")


def _character_fault(text: str, *, lines: bool) -> TextFault | None:
    allowed = "\n\t" if lines else ""
    pile = 0
    for letter in text:
        category = unicodedata.category(letter)
        if category in ("Cc", "Zl", "Zp") and letter not in allowed:
            return TextFault("has a control character", "visible characters only")
        if category in ("Cs", "Cn", "Co") or letter in _TURNING:
            return TextFault("has a character that is no text", "visible characters only")
        pile = pile + 1 if category in ("Mn", "Me") else 0
        if pile > _LONGEST_PILE:
            return TextFault("piles up marks", f"at most {_LONGEST_PILE} marks on a letter")
    return None
