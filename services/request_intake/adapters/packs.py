"""A pack as one readable YAML file: written block by block, read with every fault and its line."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, is_dataclass
from itertools import islice
from typing import Any, get_args, get_origin, get_type_hints

import yaml

from services.request_intake.adapters.yaml_lines import (
    Fault,
    Fields,
    Items,
    Node,
    Scalar,
    UnreadableError,
    parse,
)
from services.request_intake.domain import pack as packs
from services.request_intake.domain.coaching_model import CoachingModel
from services.request_intake.domain.model_document import ModelFaults
from services.request_intake.domain.pack import Pack

_MOST_FAULTS = 100
_LONGEST_FAULT = 300
# No place of a model has as many parts; a name made of dots is not looked through to its end.
_MOST_PARTS = 20
_WIDTH = 110
_NULL = frozenset({"", "~", "null", "Null", "NULL"})
_TRUTH = {t: t[0] in "tT" for t in ("true", "True", "TRUE", "false", "False", "FALSE")}
_INTEGER = re.compile(r"[-+]?[0-9]{1,18}")
_NUMBER = re.compile(r"[-+]?(\.[0-9]{1,40}|[0-9]{1,18}(\.[0-9]{0,40})?)([eE][-+]?[0-9]{1,3})?")
_INTRODUCTION = """\
# A coaching model: what each coach does, what not, and where that goes.
# {title}
# SPDX-License-Identifier: {licence}
#
# Compare it with your own, or take parts of it: `remit model compare`, or the page /model/packs.

"""
_ABOUT = {
    "credits": "Whose parts these are: keep these lines when you hand the pack on.",
    "division": "Whose model it is; whoever imports it keeps a name and time zone of her own.",
    "promise": "What every teacher is told first.",
    "support_modes": "The ways of helping, each with the sentence in which a teacher asks for it.",
    "coach_types": "The kinds of coach: what each covers and what not, in which modes, and how much.",
    "roles": "What each of the three sides undertakes.",
    "intake_rules": "Rules that decide when the words alone do not.",
    "topics": "Needs that are coaching work: by these coach types, in these modes, the usual one first.",
    "out_of_remit": "Needs that are not, and where each goes. An urgent one is shown before all else.",
    "vague": "Asks that name no need, or several: they get a question.",
}


class PackFaultsError(Exception):
    """A text is no pack. `faults` are lines to read, the first hundred, each with its line number."""

    def __init__(self, faults: list[Fault]) -> None:
        found = sorted(faults, key=lambda fault: fault.line)
        self.faults = tuple(_short(str(fault)) for fault in found[:_MOST_FAULTS])
        if len(found) > _MOST_FAULTS:
            self.faults += (f"… and {len(found) - _MOST_FAULTS:,} more",)
        super().__init__("\n".join(self.faults))


def _short(text: str) -> str:
    """A line that can be read, whatever a pack calls its things."""
    return text if len(text) <= _LONGEST_FAULT else f"{text[:_LONGEST_FAULT]}…"


def read(raw: bytes) -> Pack:
    """The pack in a text; raises PackFaultsError naming every fault with its line."""
    try:
        root, faults = parse(raw)
    except UnreadableError as end:
        raise PackFaultsError([end.fault]) from end
    values = _Values()
    document = values.of(root, CoachingModel, "")
    try:
        found = packs.read(document)
    except ModelFaults as holes:
        # What YAML itself is wrong about is named once, not again by what it did to the model.
        named = {fault.line for fault in faults}
        faults += [fault for fault in values.placed(holes.faults) if fault.line not in named]
    if faults:
        raise PackFaultsError(faults)
    return found


def write(pack: Pack) -> bytes:
    """The pack as a file that an eye can follow and `read` gives back."""
    text = _INTRODUCTION.format(title=pack.title, licence=pack.licence)
    for name, part in packs.write(pack).items():
        if name in _ABOUT:
            text += f"\n# {_ABOUT[name]}\n"
        text += yaml.dump(
            {name: part}, Dumper=_Writer, allow_unicode=True, sort_keys=False, width=_WIDTH
        )
    return f"{text}...\n".encode()


class _Writer(yaml.SafeDumper):
    """Block style: lists stand below their names, nothing is abbreviated by an anchor."""

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:  # noqa: ARG002  -- PyYAML's
        super().increase_indent(flow, indentless=False)

    def ignore_aliases(self, data: Any) -> bool:  # noqa: ARG002  -- PyYAML's
        return True


def _text(writer: _Writer, text: str) -> yaml.ScalarNode:
    """Plain where it can be, else a block of its lines; in escapes what an eye would not see."""
    lines = text.split("\n")
    style = None
    if not all(line.isprintable() and line == line.strip() for line in lines) or not lines[0]:
        style = '"' if text else None
    elif len(lines) > 1:
        style = "|"
    return writer.represent_scalar("tag:yaml.org,2002:str", text, style=style)


_Writer.add_representer(str, _text)


@dataclass
class _Values:
    """Turns nodes into plain values, as what the model has in their places; remembers the lines."""

    _lines: dict[str, int] = field(default_factory=dict)

    def of(self, node: Node, wanted: Any, place: str) -> Any:
        self._lines.setdefault(place, node.line)
        match node:
            case Scalar():
                return _scalar(node, wanted)
            case Items(items=items):
                item = get_args(wanted)[0] if get_origin(wanted) is tuple else None
                return [self._item(one, item, place, index) for index, one in enumerate(items)]
            case Fields(fields=found):
                hints = _hints(wanted, place)
                return {
                    name: self._field(
                        line, value, hints.get(name), f"{place}.{name}" if place else name
                    )
                    for name, (line, value) in found.items()
                }

    def _field(self, line: int, node: Node, wanted: Any, place: str) -> Any:
        self._lines.setdefault(place, line)
        return self.of(node, wanted, place)

    def _item(self, node: Node, wanted: Any, place: str, index: int) -> Any:
        key = _key_of(node, wanted, index)
        here = f"{place}[{key}]"
        # Of two entries with one key, the second is the one to mend.
        self._lines[here] = node.line
        if place == "out_of_remit":
            self._lines[f"topics[{key}]"] = node.line
        return self.of(node, wanted, here)

    def placed(self, faults: tuple[str, ...]) -> Iterator[Fault]:
        """Each fault on the line of its place, or of the nearest thing around it."""
        for fault in faults:
            yield Fault(line=self._line_of(fault), text=fault)

    def _line_of(self, fault: str) -> int:
        ends = [m.start() for m in islice(re.finditer(r": |[.\[]", fault), _MOST_PARTS)]
        for end in reversed(ends):
            if fault[:end] in self._lines:
                return self._lines[fault[:end]]
        return 1


def _hints(wanted: Any, place: str) -> Mapping[str, Any]:
    hints = get_type_hints(wanted) if is_dataclass(wanted) else {}
    return hints if place else {**hints, "format": str, "title": str, "licence": str}


def _key_of(node: Node, wanted: Any, index: int) -> Any:
    if isinstance(node, Fields) and "key" in node.fields:
        key = node.fields["key"][1]
        return _scalar(key, _hints(wanted, "-").get("key")) if isinstance(key, Scalar) else index
    return index


def _scalar(node: Scalar, wanted: Any) -> Any:
    """By the core rules of YAML 1.2 (`no` is a text, 12:30 too); where a text is wanted, as written."""
    text = node.text
    if not node.plain:
        return text
    if text in _NULL:
        return None
    if wanted is str:
        return text
    if text in _TRUTH:
        return _TRUTH[text]
    if _INTEGER.fullmatch(text):
        return int(text)
    return float(text) if _NUMBER.fullmatch(text) else text
