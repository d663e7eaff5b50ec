"""What may be chosen: topics, support modes and schools, by key; and what was meant by another word."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from deploy.asking.nearness import named, near


class Unknown(Exception):  # noqa: N818  -- reads as what it says
    """There is no such key. The text names the nearest ones."""


@dataclass(frozen=True, kw_only=True)
class Choices:
    """The division's published words: key to title."""

    topics: Mapping[str, str]
    modes: Mapping[str, str]
    schools: Mapping[str, str]

    @classmethod
    def read(cls, model: Mapping[str, Any], schools: Sequence[Mapping[str, Any]]) -> "Choices":
        """From the answers of intake's API. Topics are those of both sides of the remit."""
        topics = (*model["topics"], *model["out_of_remit"])
        return cls(
            topics={topic["key"]: topic["title"] for topic in topics},
            modes={mode["key"]: mode["name"] for mode in model["support_modes"]},
            schools={school["key"]: school["name"] for school in schools},
        )

    def topic(self, given: str) -> str:
        """The topic of this very key; Unknown with near ones otherwise."""
        return _exactly("topic", given, self.topics)

    def mode(self, given: str) -> str:
        """The support mode of this very key."""
        return _exactly("support mode", given, self.modes)

    def school(self, given: str) -> str:
        """The school of this key, or the only one whose name holds what was given."""
        found = named(given, self.schools)
        if len(found) == 1:
            return found[0]
        if found:
            raise Unknown(f"Several schools are called {given!r}: {_listed(found, self.schools)}")
        raise Unknown(_sentence("school", given, self.schools))


def _exactly(what: str, given: str, known: Mapping[str, str]) -> str:
    if given not in known:
        raise Unknown(_sentence(what, given, known))
    return given


def _sentence(what: str, given: str, known: Mapping[str, str]) -> str:
    close = near(given, known)
    if not close:
        return f"There is no {what} {given!r}. There are: {', '.join(sorted(known))}"
    return f"There is no {what} {given!r}. Near it: {_listed(close, known)}"


def _listed(keys: Sequence[str], known: Mapping[str, str]) -> str:
    return ", ".join(f"{key} ({known[key]})" for key in keys)
