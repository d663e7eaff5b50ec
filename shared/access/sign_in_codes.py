"""Sign-in codes: eight characters that are worked out from an attempt and never kept anywhere.

Intake, which is asked, and the notifier, which writes the letter, work out the same code from the
attempt's id and the secret key; so none stands in a table or travels in an event (NIST SP 800-63B
5.1.3.2: at least 20 bits; these have 40).
"""

import hmac
from hashlib import sha256
from uuid import UUID

# No 0, 1, I or O: a code is read on one screen and typed on another. 32 of them, so five bits each.
_LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
_LENGTH = 8
_PURPOSE = b"remit sign-in code "


def code_of(key: str, attempt_id: UUID) -> str:
    """The code of this attempt to sign in."""
    digest = hmac.digest(key.encode(), _PURPOSE + attempt_id.bytes, sha256)
    return "".join(_LETTERS[byte % len(_LETTERS)] for byte in digest[:_LENGTH])


def is_code_of(key: str, attempt_id: UUID, typed: str) -> bool:
    """Whether this is what the letter said, in small or capital letters, spaced as she likes."""
    plain = "".join(letter for letter in typed if letter.isalnum()).upper()
    return hmac.compare_digest(plain.encode(), code_of(key, attempt_id).encode())
