"""What differs between two documents of a coaching model, entry by entry and field by field. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from services.request_intake.domain.model_draft import ABOUT, SECTIONS, Document, Entry, about

# Words to tell topics apart by are many and shown to nobody: their number says enough.
COUNTED = ("phrases", "vague")


@dataclass(frozen=True, kw_only=True)
class Change:
    """One difference. `kind` is added, removed or changed; a changed one names its `field`.

    A list says what it has `more` and `less`; anything else what it `was` and `now` is.
    """

    section: str
    key: str
    kind: str
    field: str = ""
    was: str = ""
    now: str = ""
    more: tuple[str, ...] = ()
    less: tuple[str, ...] = ()


def changes(before: Document, after: Document) -> list[Change]:
    """Every difference, in the order of the sections and of their entries."""
    found = [change for section in SECTIONS for change in _of_section(section, before, after)]
    return [
        *_of_fields(ABOUT, "", about(before), about(after)),
        *found,
        *_of_credits(before, after),
    ]


def _of_credits(before: Document, after: Document) -> Iterator[Change]:
    """Whose parts came and went: a published version is read by them too."""
    old, new = (
        {
            f"{one['title']} ({one['licence']})": list(one["parts"])
            for one in document.get("credits", ())
        }
        for document in (before, after)
    )
    for whose in {**old, **new}:
        was, now = {"parts": old.get(whose, [])}, {"parts": new.get(whose, [])}
        yield from _of_fields("credits", whose, was, now)


def _only_near(entry: Entry, still: set[str]) -> Entry:
    """The entry, near only to what is still there: that a topic went is said once, of itself."""
    if "near" not in entry:
        return entry
    return {**entry, "near": [key for key in entry["near"] if key in still]}


def _of_section(section: str, before: Document, after: Document) -> Iterator[Change]:
    still = {entry["key"] for name in ("topics", "out_of_remit") for entry in after[name]}
    old = {entry["key"]: entry for entry in before[section]}
    new = {entry["key"]: entry for entry in after[section]}
    for key, entry in new.items():
        if key not in old:
            yield Change(section=section, key=key, kind="added")
        else:
            yield from _of_fields(section, key, _only_near(old[key], still), entry)
    yield from (Change(section=section, key=k, kind="removed") for k in old if k not in new)


def _of_fields(section: str, key: str, old: Entry, new: Entry) -> Iterator[Change]:
    was, now = dict(flat(old)), dict(flat(new))
    for name in {**was, **now}:
        before, after = was.get(name), now.get(name)
        if before == after:
            continue
        if name in COUNTED:
            before, after = len(before or ()), len(after or ())
        if isinstance(before, list | tuple) and isinstance(after, list | tuple):
            more = tuple(str(item) for item in after if item not in before)
            less = tuple(str(item) for item in before if item not in after)
            if more or less:
                yield Change(
                    section=section, key=key, kind="changed", field=name, more=more, less=less
                )
                continue
            before, after = ", ".join(before), ", ".join(after)
        yield Change(
            section=section,
            key=key,
            kind="changed",
            field=name,
            was=_said(before),
            now=_said(after),
        )


def flat(entry: Entry, before: str = "") -> Iterator[tuple[str, Any]]:
    """The fields of an entry and of its parts, each by its place in it."""
    for name, value in entry.items():
        if isinstance(value, dict):
            yield from flat(value, f"{before}{name}.")
        else:
            yield f"{before}{name}", value


def _said(value: Any) -> str:
    return "" if value is None else str(value)
