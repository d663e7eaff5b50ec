"""What people typed, made safe to stand in a header, a calendar line or a letter.

Mail and calendar lines end at characters that a name may hold (NEL, U+2028, a lone CR): whatever
could break a line, hide a word or turn the writing direction is taken out here, once.
"""

import re
import unicodedata

_TURNS_DIRECTION = frozenset(
    "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff"
)
_BREAKS_LINES = frozenset({"Cc", "Zl", "Zp"})
_CAN_NOT_BE_SENT = frozenset({"Cs", "Cn", "Co"})
_MOST_MARKS = 4
_ORDINARY = re.compile(r"[ -~\u00a1-\u00ac\u00ae-\u02ff]*", re.ASCII)

_LOCAL = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*")
_LABEL = re.compile(r"[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?")
_LONGEST_ADDRESS, _LONGEST_LOCAL = 254, 64


def one_line(text: str, longest: int = 200) -> str:
    """The text as one printable line of at most `longest` characters; never raises."""
    if not _ORDINARY.fullmatch(text):
        text = _printable(unicodedata.normalize("NFC", text[: 4 * longest]))
    text = " ".join(text.split())
    return text if len(text) <= longest else text[: longest - 1].rstrip() + "…"


def _printable(text: str) -> str:
    kept, marks = [], 0
    for character in text:
        category = unicodedata.category(character)
        marks = marks + 1 if category == "Mn" else 0
        if category in _BREAKS_LINES:
            kept.append(" ")
        elif (
            category not in _CAN_NOT_BE_SENT
            and character not in _TURNS_DIRECTION
            and marks <= _MOST_MARKS
        ):
            kept.append(character)
    return "".join(kept)


def mailbox(address: str) -> str | None:
    """The address as an SMTP server takes it, or None when it is not exactly one plain mailbox.

    A comma here would quietly mean two readers, a group syntax anybody: only local@domain passes.
    """
    local, at, domain = address.strip(" ").rpartition("@")
    if not at or len(local) > _LONGEST_LOCAL or not _LOCAL.fullmatch(local):
        return None
    try:
        ascii_domain = domain.encode("idna").decode() if not domain.isascii() else domain
    except UnicodeError:
        return None
    if not all(_LABEL.fullmatch(label) for label in ascii_domain.split(".")):
        return None
    found = f"{local}@{ascii_domain}"
    return found if len(found) <= _LONGEST_ADDRESS else None
