"""What may be chosen: topics, support modes and schools, by key; and what was meant by another word."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from deploy.asking.nearness import named, near

TOPICS, MODES, SCHOOLS = "topics", "modes", "schools"
_NAMES = {TOPICS: "topic", MODES: "support mode", SCHOOLS: "school"}
_NOT_COACHING = "Not coaching: answered at once with who helps"


class Unknown(Exception):  # noqa: N818  -- reads as what it says
    """There is no such key. The text names the nearest ones."""


@dataclass(frozen=True, kw_only=True)
class Choices:
    """The division's published words: key to title. `sides` groups the keys of topics.

    `zone` is where its clocks stand.
    """

    topics: Mapping[str, str]
    modes: Mapping[str, str]
    schools: Mapping[str, str]
    sides: Mapping[str, Sequence[str]]
    zone: str

    @classmethod
    def read(cls, model: Mapping[str, Any], schools: Sequence[Mapping[str, Any]]) -> "Choices":
        """From the answers of intake's API. Topics are those of both sides of the remit."""
        topics = (*model["topics"], *model["out_of_remit"])
        coaches = {coach["key"]: coach["name"] for coach in model["coach_types"]}
        sides: dict[str, list[str]] = {name: [] for name in coaches.values()}
        for topic in model["topics"]:
            sides[coaches[topic["coach_types"][0]]].append(topic["key"])
        sides[_NOT_COACHING] = [topic["key"] for topic in model["out_of_remit"]]
        return cls(
            topics={topic["key"]: topic["title"] for topic in topics},
            modes={mode["key"]: mode["name"] for mode in model["support_modes"]},
            schools={school["key"]: school["name"] for school in schools},
            sides=sides,
            zone=model["zone"],
        )

    def listed(self, what: str) -> Iterator[str]:
        """Lines that name every key of `topics`, `modes` or `schools` with its title."""
        if what == TOPICS:
            for side, keys in self.sides.items():
                yield side
                yield from _lines(keys, self.topics)
        else:
            known = self.modes if what == MODES else self.schools
            yield from _lines(list(known), known)

    def topic(self, given: str) -> str:
        """The topic of this very key; Unknown with near ones otherwise."""
        return _exactly(TOPICS, given, self.topics)

    def mode(self, given: str) -> str:
        """The support mode of this very key."""
        return _exactly(MODES, given, self.modes)

    def school(self, given: str) -> str:
        """The school of this key, or the only one whose name holds what was given."""
        found = named(given, self.schools)
        if len(found) == 1:
            return found[0]
        if found:
            raise Unknown(_text(f"Several schools are called {given!r}:", found, self.schools))
        raise Unknown(_sentence(SCHOOLS, given, self.schools))


def _exactly(what: str, given: str, known: Mapping[str, str]) -> str:
    if given not in known:
        raise Unknown(_sentence(what, given, known))
    return given


def _sentence(what: str, given: str, known: Mapping[str, str]) -> str:
    close = near(given, known)
    first = f"There is no {_NAMES[what]} {given!r}." + (" Near it:" if close else "")
    return f"{_text(first, close, known)}\nAll of them: remit ask --{what}"


def _text(first: str, keys: Sequence[str], known: Mapping[str, str]) -> str:
    return "\n".join((first, *_lines(keys, known)))


def _lines(keys: Sequence[str], known: Mapping[str, str]) -> Iterator[str]:
    broad = max(map(len, keys), default=0)
    yield from (f"  {key:<{broad}}  {known[key]}" for key in keys)
