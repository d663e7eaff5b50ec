"""Packs to read: a whole one, any one that Hypothesis can think of, and a corpus of hostile ones."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any

from hypothesis import strategies as st

from services.request_intake.adapters import packs
from services.request_intake.domain import model_document
from services.request_intake.domain.coaching_model import LICENCES
from services.request_intake.domain.pack import Pack
from tests.support.request_intake.builders import starter_document


def a_pack(**changes: Any) -> Pack:
    """The starter model, handed on by another division; `changes` are sections of its document."""
    document = model_document.write(model_document.read({**starter_document(), **changes}))
    return Pack(title="Larches' model", licence="CC-BY-4.0", document=document)


@cache
def a_text() -> str:
    """The file of that pack."""
    return packs.write(a_pack()).decode()


# What PostgreSQL stores as a text: all but NUL and lone surrogates.
_TEXTS = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=60)
_SAID = st.one_of(
    _TEXTS,
    st.sampled_from(
        [
            "no",
            "12:30",
            "2027-01-04",
            "null",
            "~",
            "0o17",
            "1e3",
            "- a",
            "a: b",
            "# x",
            "...",
            "'",
            "|",
        ]
    ),
    st.lists(_TEXTS, max_size=4).map("\n".join),
)
_VISIBLE = _SAID.filter(lambda text: bool(text.strip()))


@st.composite
def any_pack(draw: st.DrawFn) -> Pack:
    """A whole model with any texts, numbers and topics in it."""
    document = starter_document()
    kinds = document["coach_types"]
    for kind in kinds:
        kind["summary"], kind["aliases"] = draw(_SAID), draw(st.lists(_SAID, max_size=3))
        kind["caps"]["protected_share"] = draw(st.floats(0, 1, exclude_max=True))
        kind["caps"]["weekly_minutes"] = draw(st.integers(1, 10_080))
    topics = document["topics"][: draw(st.integers(1, 6))]
    out = document["out_of_remit"][: draw(st.integers(0, 4))]
    known = [topic["key"] for topic in (*topics, *out)]
    for topic in (*topics, *out):
        others = [key for key in known if key != topic["key"]]
        topic["near"] = draw(st.lists(st.sampled_from(others), unique=True)) if others else []
        topic["title"], topic["description"] = draw(_VISIBLE), draw(_VISIBLE)
        topic["phrases"] = draw(st.lists(_SAID, max_size=4))
    for redirect in out:
        redirect["urgent"] = draw(st.booleans())
        redirect["destination"] |= {"kind": "person", "target": draw(_VISIBLE)}
    credited = st.builds(
        dict,
        title=_VISIBLE,
        licence=st.sampled_from(LICENCES[:2]),
        parts=st.lists(_SAID, max_size=2),
    )
    changes = {
        "promise": draw(_SAID),
        "topics": topics,
        "out_of_remit": out,
        "vague": draw(st.lists(_SAID, max_size=3)),
        "credits": draw(st.lists(credited, max_size=2)),
    }
    title = draw(st.text(st.characters(categories=["L", "N", "P"]), min_size=1, max_size=40))
    licence = draw(st.sampled_from(LICENCES))
    whole = model_document.write(model_document.read({**document, **changes}))
    return Pack(title=title, licence=licence, document=whole)


@dataclass(frozen=True)
class HostilePack:
    """A text that must be refused: each of `said` is in the faults, on the line of the marked place."""

    name: str
    raw: bytes
    said: tuple[str, ...]


def _line(text: str, part: str) -> int:
    return text.count("\n", 0, text.index(part)) + 1


def _changed(name: str, old: str, new: str, said: str, at: str | None = None) -> HostilePack:
    """The whole pack with its first `old` made `new`; `said` belongs on the line where `at` stands then."""
    text = a_text()
    assert old in text, old
    changed = text.replace(old, new, 1)
    line = _line(changed, at or new)
    return HostilePack(name, changed.encode(), (f"line {line}: {said}",))


def _cut(part: str) -> bytes:
    return a_text()[: a_text().index(part)].encode()


def _many_topics(count: int) -> bytes:
    head, rest = a_text().split("\ntopics:\n")
    entries = re.split(r"(?m)^(?=  - key: )", rest.split("\n\n")[0])
    topic = next(entry for entry in entries if entry.startswith("  - key: "))
    lines = [line for line in topic.splitlines() if "phrases" not in line][:2]
    many = "".join(f"  - key: t{n}\n" + "\n".join(lines[1:]) + "\n" for n in range(count))
    return f"{head}\ntopics:\n{many}...\n".encode()


_FIRST_TOPIC = "topics[classroom_routines]"
_BOMB = "bomb: &a [x, x]\nb: &b [*a, *a, *a]\nc: [*b, *b, *b]\npromise: "
_MAKERS: tuple[Callable[[], HostilePack], ...] = (
    lambda: HostilePack("empty", b"", ("line 1: the file is empty",)),
    lambda: HostilePack("only a comment", b"# nothing\n", ("line 1: the file is empty",)),
    lambda: HostilePack("a list", b"- a\n...\n", ("line 1: format: must be",)),
    lambda: HostilePack("a picture", b"\x89PNG\r\n\x1a\n\0\0", ("line 1: is not UTF-8",)),
    lambda: HostilePack("latin 1", b"format: x\ntitle: \xe9t\xe9\n", ("line 2: is not UTF-8",)),
    lambda: HostilePack("a bell", b"format: x\ntitle: a\x07b\n", ("line 2: has a character",)),
    lambda: HostilePack("too long", b"a: b\n" * 400_001, ("line 1: has more than 2 MB",)),
    lambda: HostilePack("deep", b"a: " + b"[" * 1000, ("line 1: ", "nest")),
    lambda: HostilePack(
        "deep by lines",
        "".join(f"{' ' * n}a:\n" for n in range(30)).encode(),
        ("line 21: is nested deeper than 20 levels",),
    ),
    lambda: HostilePack("broken", b"format: x\ntitle: [a, b\n", ("line 3: can not be read",)),
    lambda: HostilePack("a tab", b"format: x\n\ttitle: y\n", ("line 2: can not be read",)),
    lambda: HostilePack("truncated", _cut("\ntopics:"), ("topics: is missing", "may be cut off")),
    lambda: HostilePack("truncated at an entry's end", _cut("..."), ("it may be cut off",)),
    lambda: HostilePack("truncated in a word", _cut("zone: ") + b"zo", ("line", "can not be read")),
    lambda: HostilePack(
        "a second document",
        a_text().encode() + b"---\nformat: x\n",
        ("a second document begins",),
    ),
    lambda: HostilePack("10,000 topics", _many_topics(10_000), ("a list has more than 5,000",)),
    lambda: HostilePack("2,000 topics", _many_topics(2_000), ("and ", " more")),
    lambda: _changed(
        "another version", "format 1", "format 2", 'format: must be "remit coaching pack'
    ),
    lambda: _changed(
        "a model and no pack", "coaching pack", "coaching model", "format: must be", "format: "
    ),
    lambda: _changed("no title", "title: Larches", "titel: Larches", "titel: is not known here"),
    lambda: _changed(
        "a closed licence", ": CC-BY-4.0\n\n", ": MINE\n\n", "licence: must be one of"
    ),
    lambda: _changed("unknown key", "promise:", "promises: x\npromise:", "promises: is not known"),
    lambda: _changed(
        "unknown key in an entry", "    near:", "    nearly: x\n    near:", f"{_FIRST_TOPIC}.nearly"
    ),
    lambda: _changed(
        "a key twice", "promise:", "promise: a\npromise:", "promise: stands twice", "promise: You"
    ),
    lambda: _changed("a merge", "promise:", "<<: {a: b}\npromise:", "<<: is not known here"),
    lambda: _changed(
        "a python tag", "promise: ", "promise: !!python/object/apply:os.system ", "tags (!name)"
    ),
    lambda: _changed("a core tag", "minutes: 30", "minutes: !!int 30", "tags (!name)"),
    lambda: _changed("a local tag", "promise: ", "promise: !secret ", "tags (!name)"),
    lambda: _changed("a bomb", "promise: ", _BOMB, "anchors (&name)", "bomb:"),
    lambda: _changed(
        "an alias", "promise: ", "promise: *anchor\nx: ", "aliases (*name)", "promise:"
    ),
    lambda: _changed(
        "a name of two words", "promise: ", "? [a, b]\n: x\npromise: ", "a name must be"
    ),
    lambda: _changed(
        "no number", "minutes: 30", "minutes: 0:30", "support_modes[consultation].minutes"
    ),
    lambda: _changed(
        "no truth", "online_ok: true", "online_ok: yes", "support_modes[consultation]"
    ),
    lambda: _changed(
        "no text", "zone: America/Edmonton", "zone:", "division.zone: must be a text", "  zone:"
    ),
    lambda: _changed("no zone", "America/Edmonton", "Mars/X", "division.zone: 'Mars/X'"),
    lambda: _changed(
        "a script for a link",
        "target: https://",
        "target: javascript:alert(1)//",
        "out_of_remit[device_repair].destination.target: a link begins with https://",
    ),
    lambda: _changed(
        "a redirect without a target",
        "      target: https://",
        "      sentence2: https://",
        "out_of_remit[device_repair].destination.sentence2: is not known",
    ),
    lambda: _changed(
        "near itself", "near:", "near:\n      - classroom_routines", f"{_FIRST_TOPIC}.near", "near:"
    ),
    lambda: _changed(
        "near nothing",
        "near:",
        "near:\n      - nowhere",
        f"{_FIRST_TOPIC}.near: there is no",
        "near:",
    ),
    lambda: _changed(
        "one key for two topics",
        "  - key: student_engagement",
        "  - key: classroom_routines #",
        f"{_FIRST_TOPIC}: the key is used 2 times",
    ),
    lambda: _changed(
        "credit without a licence",
        "licence: CC-BY-4.0\n\n",
        "licence: CC-BY-4.0\ncredits:\n  - title: x\n    parts: []\n\n",
        "credits[0].licence: is missing",
        "- title: x",
    ),
    lambda: _changed(
        "shared alike, and handed on otherwise",
        "licence: CC-BY-4.0\n\n",
        "licence: CC-BY-4.0\ncredits: [{title: x, licence: CC-BY-SA-4.0, parts: [a]}]\n\n",
        "licence: must be CC-BY-SA-4.0",
        "licence: CC-BY-4.0",
    ),
)


@cache
def hostile_packs() -> tuple[HostilePack, ...]:
    """Every hostile pack of the corpus."""
    return tuple(make() for make in _MAKERS)
