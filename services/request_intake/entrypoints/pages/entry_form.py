"""The form of one entry of a coaching model, drawn from what the entry is made of.

A field of the model is a field of the form: nothing here knows a topic from a support mode.
"""

from collections.abc import Iterator, Mapping
from dataclasses import MISSING, dataclass, fields, is_dataclass
from typing import Any, get_origin, get_type_hints

from services.request_intake.domain.coaching_model import WHERE_IN_DAY
from services.request_intake.domain.model_draft import ABOUT, Document, Entry
from shared.ui.languages import gettext as _

_LONG = (
    "description",
    "summary",
    "boundary_note",
    "when_to_ask",
    "what_it_is_not",
    "sentence",
    "promise",
    "text",
)
_KINDS = ("link", "email", "person")
# Fields that name entries of another section: they are ticked, not typed.
_NAMES = {"modes": "support_modes", "coach_types": "coach_types"}


@dataclass(frozen=True, kw_only=True)
class Field:
    """One field. `kind` is line, text, list, number, yes_no, ticks or choice; `choices` for the last two."""

    name: str
    kind: str
    value: Any
    choices: tuple[tuple[str, str], ...] = ()


def drawn(kind: type[Any], entry: Mapping[str, Any], document: Document) -> list[Field]:
    """The fields of an entry of this kind, with what it holds."""
    return list(_fields(kind, entry, document, ""))


def read_entry(kind: type[Any], sent: Any, prefix: str = "") -> Entry:
    """The entry that was sent. What is no number stays as typed: the model's own check names it."""
    entry: Entry = {}
    hints = get_type_hints(kind)
    for field in fields(kind):
        wanted, name = hints[field.name], f"{prefix}{field.name}"
        if is_dataclass(wanted):
            entry[field.name] = read_entry(wanted, sent, f"{name}.")  # type: ignore[arg-type]
        elif get_origin(wanted) is tuple and field.name in _NAMES:
            entry[field.name] = [_text(key) for key in sent.getlist(name)]
        elif get_origin(wanted) is tuple:
            lines = map(_text, sent.get(name, "").splitlines())
            entry[field.name] = [line for line in lines if line]
        elif wanted is bool:
            entry[field.name] = name in sent
        elif wanted in (int, float):
            entry[field.name] = _number(wanted, sent.get(name, "").strip())
        else:
            entry[field.name] = _text(sent.get(name, ""))
    return entry


def _text(typed: str) -> str:
    """One line, without what no keyboard types and no database stores."""
    return "".join(c for c in " ".join(typed.split()) if c.isprintable())


def _number(wanted: type[Any], typed: str) -> Any:
    try:
        return wanted(typed)
    except ValueError:
        return typed


def _fields(
    kind: type[Any], entry: Mapping[str, Any], document: Document, prefix: str
) -> Iterator[Field]:
    hints = get_type_hints(kind)
    for field in fields(kind):
        wanted, name = hints[field.name], f"{prefix}{field.name}"
        default = None if field.default is MISSING else field.default
        value = entry.get(field.name, default)
        if is_dataclass(wanted):
            yield from _fields(wanted, value or {}, document, f"{name}.")  # type: ignore[arg-type]
        elif field.name in _NAMES:
            yield Field(
                name=name,
                kind="ticks",
                value=value or [],
                choices=_ticks(document, field.name, value or []),
            )
        elif get_origin(wanted) is tuple:
            yield Field(name=name, kind="list", value="\n".join(value or []))
        elif wanted is bool:
            yield Field(name=name, kind="yes_no", value=bool(value))
        elif choices := _choices(name, field.default):
            yield Field(name=name, kind="choice", value=value, choices=choices)
        else:
            shape = (
                "number" if wanted in (int, float) else "text" if field.name in _LONG else "line"
            )
            yield Field(name=name, kind=shape, value="" if value is None else value)


def _ticks(document: Document, name: str, chosen: list[str]) -> tuple[tuple[str, str], ...]:
    """What was chosen first and in its order, for the first is the usual one; then the others."""
    names = {one["key"]: str(one["name"]) for one in document[_NAMES[name]]}
    first = [key for key in chosen if key in names]
    return tuple((key, names[key]) for key in [*first, *(k for k in names if k not in first)])


def _choices(name: str, default: object) -> tuple[tuple[str, str], ...]:
    """What may be chosen for a field that has a list of its own; empty for any other."""
    if name == "destination.kind":
        return tuple((key, _kind_label(key)) for key in _KINDS)
    if name == "where_in_day":
        narrowing = (("", _("As the support mode says")),) if default == "" else ()
        return (*narrowing, *((key, _where_label(key)) for key in WHERE_IN_DAY))
    return ()


def _where_label(where: str) -> str:
    match where:
        case "in_class":
            return _("In her class")
        case "outside_class":
            return _("Outside class")
        case _:
            return _("In class or outside")


def _kind_label(kind: str) -> str:
    match kind:
        case "link":
            return _("A page (https://…)")
        case "email":
            return _("An email address")
        case _:
            return _("A person")


def label(name: str) -> str:
    """A field's name as an admin reads it."""
    labels = {
        "key": _("Key (small letters, digits, underscores)"),
        "name": _("Name"),
        "aliases": _("Other names, one a line"),
        "summary": _("In one sentence"),
        "covers": _("Covers, one a line"),
        "does_not_cover": _("Does not cover, one a line"),
        "modes": _("Support modes"),
        "caps.sessions_per_day": _("Meetings a day at most"),
        "caps.cycles_at_once": _("Cycles at once at most"),
        "caps.weekly_minutes": _("Minutes a week at most"),
        "caps.protected_share": _("Share of the week that is protected (0 to 1)"),
        "teacher_sentence": _("The teacher's sentence"),
        "when_to_ask": _("When to ask for it"),
        "what_it_is_not": _("What it is not"),
        "minutes": _("Minutes a meeting"),
        "sessions.min": _("Meetings at least"),
        "sessions.max": _("Meetings at most"),
        "cadence": _("How often"),
        "online_ok": _("May be held online"),
        "same_coach": _("Always the same coach"),
        "where_in_day": _("Where in her day"),
        "weeks_between": _("Weeks from one meeting of a cycle to the next"),
        "uses_protected": _("May use protected time"),
        "title": _("Title"),
        "description": _("Description: the clause that teachers read"),
        "boundary_note": _("Where it ends"),
        "near": _("Keys of near topics, one a line"),
        "coach_types": _("Coach types, the first is the usual one"),
        "examples": _("Examples in teachers' words, one a line"),
        "phrases": _("More ways to say it, one a line; only to recognize it by"),
        "urgent": _("Urgent: shown before all else"),
        "signals": _("Phrases that call for it at once, one a line"),
        "destination.label": _("Where it goes: label"),
        "destination.kind": _("Where it goes: kind"),
        "destination.target": _("Where it goes: address or person"),
        "destination.sentence": _("The kind sentence"),
        "parts": _("Parts"),
        "text": _("The rule"),
        "promise": _("The promise: what teachers read first"),
        "roles.leadership": _("What school leaders undertake, one a line"),
        "roles.coaches": _("What coaches undertake, one a line"),
        "roles.coachees": _("What teachers undertake, one a line"),
        "vague": _("What says too little to act on, one a line; it gets a question"),
    }
    return labels.get(name, name)


def section_title(section: str) -> str:
    """A section's name as an admin reads it."""
    titles = {
        "coach_types": _("Coach types"),
        "support_modes": _("Support modes"),
        "topics": _("Topics in remit"),
        "out_of_remit": _("Not coaching, and where it goes"),
        "intake_rules": _("Rules of intake"),
        ABOUT: _("Promise and duties"),
        "credits": _("Credit"),
    }
    return titles.get(section, section)
