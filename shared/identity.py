"""New identifiers: UUIDv7 (RFC 9562, 5.7), so that index pages fill in the order of time."""

import secrets
import time
from uuid import UUID

_VERSION_7 = 0x7 << 76
_VARIANT = 0b10 << 62


def new_id() -> UUID:
    """A fresh id: 48 bits of milliseconds, 74 random bits; not to be guessed, never to be ordered by."""
    milliseconds = time.time_ns() // 1_000_000
    random = secrets.randbits(74)
    return UUID(
        int=milliseconds << 80
        | _VERSION_7
        | (random >> 62) << 64
        | _VARIANT
        | random & (1 << 62) - 1
    )
