"""A draft of the next coaching model: a document that may have holes, edited entry by entry. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from datetime import datetime
from typing import Any

from services.request_intake.domain.coaching_model import (
    CoachType,
    IntakeRule,
    OutOfRemitTopic,
    Roles,
    SupportMode,
    Topic,
)
from services.request_intake.domain.model_document import ModelFaults, read

# The parts of a document that are edited one entry at a time, each entry known by its key.
SECTIONS: Mapping[str, type[Any]] = {
    "coach_types": CoachType,
    "support_modes": SupportMode,
    "topics": Topic,
    "out_of_remit": OutOfRemitTopic,
    "intake_rules": IntakeRule,
}
# The part that is edited as a whole.
ABOUT = "about"
_TOPICS = ("topics", "out_of_remit")
Document = dict[str, Any]
Entry = dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class About:
    """What a document says of coaching as a whole: its promise, the three sides' duties, what is vague."""

    promise: str
    roles: Roles
    vague: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class ModelDraft:
    """The division's one draft. `revision` counts its changes; `based_on` is a published version."""

    document: Document
    revision: int
    based_on: int
    changed_by: str
    changed_at: datetime

    def entry(self, section: str, key: str) -> Entry | None:
        """The entry of this key; None when there is none."""
        found: list[Entry] = [e for e in self.document[section] if e["key"] == key]
        return found[0] if found else None

    def changed(self, document: Document, by: str, at: datetime) -> "ModelDraft":
        """The draft with another document, one revision on."""
        return replace(
            self, document=document, revision=self.revision + 1, changed_by=by, changed_at=at
        )

    @property
    def faults(self) -> tuple[str, ...]:
        """What keeps it from being published, a line for each hole; empty when nothing does."""
        try:
            read(self.document)
        except ModelFaults as faults:
            return faults.faults
        return ()


def about(document: Document) -> Entry:
    """The part of the document that is edited as a whole."""
    return {field.name: document[field.name] for field in fields(About) if field.name in document}


def with_about(document: Document, part: Entry) -> Document:
    """The document with another such part."""
    return {**document, **part}


def with_entry(document: Document, section: str, key: str | None, entry: Entry) -> Document:
    """The document with `entry` in the place of `key`'s; at the end when there is none."""
    entries = list(document[section])
    places = [i for i, one in enumerate(entries) if key is not None and one["key"] == key]
    if places:
        entries[places[0]] = entry
    else:
        entries.append(entry)
    return {**document, section: entries}


def without_entry(document: Document, section: str, key: str) -> Document:
    """The document without the entry of this key; no topic is near it any more, nobody credited for it.

    Unless it only moved: a topic of this key on the other side stays near to what it was near to.
    """
    without = {**document, section: [one for one in document[section] if one["key"] != key]}
    without["credits"] = without_credit(document, f"{section}[{key}]")
    moved = any(one["key"] == key for name in _TOPICS for one in without[name])
    if section in _TOPICS and not moved:
        for name in _TOPICS:
            without[name] = [
                {**one, "near": [near for near in one["near"] if near != key]}
                for one in without[name]
            ]
    return without


def without_credit(document: Document, part: str) -> list[Entry]:
    """The credits of the document, none of them for this part."""
    left = [
        {**one, "parts": [name for name in one["parts"] if name != part]}
        for one in document.get("credits", ())
    ]
    return [one for one in left if one["parts"]]
