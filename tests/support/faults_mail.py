"""What a mail server took, copy by copy: the other half of the promise that everybody is told once."""

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from tests.support.smtp import Received

_MESSAGE_ID = re.compile(rb"^Message-ID:\s*(\S+)", re.IGNORECASE | re.MULTILINE)
MOST_COPIES = 2


def message_id(letter: Received) -> str:
    """The letter's Message-ID; empty when it has none."""
    found = _MESSAGE_ID.search(letter.content)
    return found[1].decode() if found else ""


@dataclass(frozen=True)
class Copies:
    """Every letter that was taken, by its Message-ID."""

    by_id: dict[str, list[bytes]]

    @classmethod
    def of(cls, letters: Sequence[Received]) -> "Copies":
        """Of all letters that a server took."""
        by_id: dict[str, list[bytes]] = defaultdict(list)
        for letter in list(letters):
            by_id[message_id(letter)].append(letter.content)
        return cls(dict(by_id))

    @property
    def extra(self) -> int:
        """How many copies there are beyond the first ones."""
        return sum(len(copies) - 1 for copies in self.by_id.values())

    def violations(self) -> dict[str, list[str]]:
        """A third copy, or a second one that is not the same, byte for byte (Date and all)."""
        found = {
            "copied_too_often": [i for i, c in self.by_id.items() if len(c) > MOST_COPIES],
            "copies_differ": [i for i, c in self.by_id.items() if len(set(c)) > 1],
        }
        return {name: ids for name, ids in found.items() if ids}
