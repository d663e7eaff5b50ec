"""Two models side by side, and parts of one taken into the other, with credit. Pure."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from services.request_intake.domain.model_changes import COUNTED, flat
from services.request_intake.domain.model_draft import (
    SECTIONS,
    Document,
    Entry,
    with_entry,
    without_credit,
)
from services.request_intake.domain.pack import Pack

_NAMED = re.compile(rf"({'|'.join(SECTIONS)})\[([a-z0-9_]+)\]")
_OTHER_SIDE = {"topics": "out_of_remit", "out_of_remit": "topics"}


@dataclass(frozen=True, kw_only=True)
class Part:
    """One entry of a model: of this section, with this key."""

    section: str
    key: str

    def __str__(self) -> str:
        return f"{self.section}[{self.key}]"

    def of(self, document: Document) -> Entry | None:
        """The entry itself; None when the document has none of it."""
        found: list[Entry] = [e for e in document[self.section] if e["key"] == self.key]
        return found[0] if found else None


@dataclass(frozen=True, kw_only=True)
class Difference:
    """One field of two entries, each as lines to read."""

    field: str
    ours: tuple[str, ...]
    theirs: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Compared:
    """An entry that is not the same in two models. `kind` is ours, theirs (only there), or both."""

    part: Part
    title: str
    kind: str
    fields: tuple[Difference, ...]


def named(text: str) -> Part | None:
    """The part that is written `topics[unit_planning]`; None when it is not written so."""
    found = _NAMED.fullmatch(text)
    return Part(section=found[1], key=found[2]) if found else None


def compare(ours: Document, theirs: Document) -> list[Compared]:
    """Every entry that differs, ours in their order and then what only they have."""
    return [found for section in SECTIONS for found in _of_section(section, ours, theirs)]


def adopt(ours: Document, pack: Pack, parts: Sequence[Part]) -> Document:
    """Our document with these parts of the pack in the place of ours, and the pack credited for them.

    Whoever the pack itself credits for a part stays credited. A topic that stood on the other side of
    the remit goes over; it is near only to what is there.
    """
    document = ours
    for part in parts:
        entry = part.of(pack.document)
        if entry is not None:
            document = with_entry(_without_twin(document, part), part.section, part.key, entry)
    document = _near_to_what_is_there(document, parts)
    for part in parts:
        document = {**document, "credits": without_credit(document, str(part))}
    return {**document, "credits": _credited(document["credits"], pack, parts)}


def _of_section(section: str, ours: Document, theirs: Document) -> Iterator[Compared]:
    old = {entry["key"]: entry for entry in ours[section]}
    new = {entry["key"]: entry for entry in theirs[section]}
    for key in {**old, **new}:
        fields = tuple(_differences(old.get(key, {}), new.get(key, {})))
        kind = "both" if key in old and key in new else "ours" if key in old else "theirs"
        if fields:
            entry = new.get(key) or old[key]
            title = str(entry.get("name") or entry.get("title") or key)
            part = Part(section=section, key=key)
            yield Compared(part=part, title=title, kind=kind, fields=fields)


def _differences(old: Entry, new: Entry) -> Iterator[Difference]:
    was, now = dict(flat(old)), dict(flat(new))
    for name in {**was, **now}:
        ours, theirs = was.get(name), now.get(name)
        if _lines(ours) != _lines(theirs):
            if name in COUNTED:
                ours, theirs = len(ours or ()), len(theirs or ())
            yield Difference(field=name, ours=_lines(ours), theirs=_lines(theirs))


def _lines(value: Any) -> tuple[str, ...]:
    match value:
        case None | "":
            return ()
        case list() | tuple():
            return tuple(map(str, value))
        case bool():
            return (str(value).lower(),)
        case float():
            return (f"{value:g}",)
        case _:
            return (str(value),)


def _without_twin(document: Document, part: Part) -> Document:
    """The document without a topic of the same key on the other side of the remit."""
    other = _OTHER_SIDE.get(part.section)
    if other is None:
        return document
    left = [entry for entry in document[other] if entry["key"] != part.key]
    credits_ = without_credit(document, f"{other}[{part.key}]")
    return {**document, other: left, "credits": credits_}


def _near_to_what_is_there(document: Document, parts: Sequence[Part]) -> Document:
    there = {entry["key"] for section in _OTHER_SIDE for entry in document[section]}
    for part in parts:
        entry = part.of(document)
        if entry is not None and part.section in _OTHER_SIDE:
            near = [key for key in entry["near"] if key in there]
            document = with_entry(document, part.section, part.key, {**entry, "near": near})
    return document


def _credited(before: Sequence[Entry], pack: Pack, parts: Sequence[Part]) -> list[Entry]:
    taken = [str(part) for part in parts]
    own = {"title": pack.title, "licence": pack.licence, "parts": taken}
    merged: dict[tuple[str, str], Entry] = {}
    for one in (*before, own, *pack.document.get("credits", ())):
        theirs = one["parts"] if one in before else [name for name in one["parts"] if name in taken]
        if theirs:
            whose = one["title"], one["licence"]
            known = merged.get(whose, {"parts": []})["parts"]
            more = [name for name in theirs if name not in known]
            merged[whose] = {"title": whose[0], "licence": whose[1], "parts": [*known, *more]}
    return list(merged.values())
