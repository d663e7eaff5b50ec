"""Read YAML, strictly, into nodes that know their lines: no tags, no anchors, one document, one meaning.

It reads the parser's events and builds no object but its own, so that nothing in a text can run, swell
or sink the process that reads it.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import yaml

LARGEST = 2_000_000
_DEEPEST = 20
_MOST_NODES = 200_000
_END, _CUT_OFF = "...", "it may be cut off"
_LONGEST_LIST = 5_000
# By libyaml where the wheel has it: twenty times as fast.
_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_NO_TEXT = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True, kw_only=True)
class Fault:
    """One thing that is wrong, and on which line."""

    line: int
    text: str

    def __str__(self) -> str:
        return f"line {self.line}: {self.text}"


class UnreadableError(Exception):
    """The text can not be read to its end; `fault` says where and why."""

    def __init__(self, line: int, text: str) -> None:
        super().__init__(text)
        self.fault = Fault(line=line, text=text)


@dataclass(frozen=True, kw_only=True)
class Scalar:
    """One value as it was written. A `plain` one stood without quotes."""

    line: int
    text: str
    plain: bool


@dataclass(frozen=True, kw_only=True)
class Items:
    """A list."""

    line: int
    items: list["Node"] = field(default_factory=list)


@dataclass(frozen=True, kw_only=True)
class Fields:
    """An object: each name with its own line, and its value."""

    line: int
    fields: dict[str, tuple[int, "Node"]] = field(default_factory=dict)


Node = Scalar | Items | Fields


def parse(raw: bytes) -> tuple[Node, list[Fault]]:
    """The one document of a text and what is wrong in its YAML; UnreadableError where it can not go on."""
    tree, text = _Tree(), _decoded(raw)
    try:
        for event in yaml.parse(text, Loader=_LOADER):
            tree.take(event)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
        said = f"can not be read: {getattr(error, 'problem', None) or 'is not YAML'}"
        if not text.rstrip().endswith(_END):
            said += f"; {_CUT_OFF}"
        raise UnreadableError(mark.line + 1 if mark else 1, said) from error
    if tree.root is None:
        raise UnreadableError(1, "the file is empty")
    if not tree.ended:
        tree.faults.append(
            Fault(line=tree.last, text=f'the last line must be "{_END}": {_CUT_OFF}')
        )
    return tree.root, tree.faults


def _decoded(raw: bytes) -> str:
    if len(raw) > LARGEST:
        raise UnreadableError(1, f"has more than {LARGEST // 1_000_000} MB")
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise UnreadableError(line, "is not UTF-8") from error
    if found := _NO_TEXT.search(text):
        line = text.count("\n", 0, found.start()) + 1
        raise UnreadableError(line, "has a character that is no text")
    return text


@dataclass
class _Tree:
    """Takes the parser's events and keeps what is open; `last` is the line that was reached."""

    root: Node | None = None
    faults: list[Fault] = field(default_factory=list)
    ended: bool = False
    last: int = 1
    _open: list[Items | Fields] = field(default_factory=list)
    _names: list[Scalar | None] = field(default_factory=list)
    _count: int = 0
    _documents: int = 0

    def take(self, event: Any) -> None:
        line = event.start_mark.line + 1
        self.last = max(self.last, line)
        match event:
            case yaml.DocumentStartEvent():
                self._documents += 1
                if self._documents > 1:
                    raise UnreadableError(line, "a second document begins; a pack is one")
            case yaml.DocumentEndEvent():
                self.ended = bool(event.explicit)
            case yaml.MappingEndEvent() | yaml.SequenceEndEvent():
                self._close()
            case yaml.NodeEvent():
                self._begin(event, line)
            case _:
                pass  # the stream begins or ends

    def _begin(self, event: Any, line: int) -> None:
        self.faults.extend(_marks(event, line))
        self._count += 1
        if self._count > _MOST_NODES:
            raise UnreadableError(line, f"has more than {_MOST_NODES:,} values")
        match event:
            case yaml.MappingStartEvent():
                self._enter(Fields(line=line))
            case yaml.SequenceStartEvent():
                self._enter(Items(line=line))
            case yaml.ScalarEvent():
                plain = not event.style
                self._put(Scalar(line=line, text=event.value, plain=plain))
            case _:  # an alias: named above
                self._put(Scalar(line=line, text="", plain=True))

    def _enter(self, node: Items | Fields) -> None:
        if len(self._open) >= _DEEPEST:
            raise UnreadableError(node.line, f"is nested deeper than {_DEEPEST} levels")
        self._open.append(node)
        self._names.append(None)

    def _close(self) -> None:
        self._names.pop()
        self._put(self._open.pop())

    def _put(self, node: Node) -> None:
        if not self._open:
            self.root = node
            return
        holder = self._open[-1]
        if isinstance(holder, Items):
            if len(holder.items) >= _LONGEST_LIST:
                raise UnreadableError(node.line, f"a list has more than {_LONGEST_LIST:,} entries")
            holder.items.append(node)
        elif (name := self._names[-1]) is None:
            self._names[-1] = self._name(node)
        else:
            self._names[-1] = None
            self._set(holder, name, node)

    def _name(self, node: Node) -> Scalar:
        if isinstance(node, Scalar):
            return node
        self.faults.append(Fault(line=node.line, text="a name must be a text"))
        return Scalar(line=node.line, text="", plain=True)

    def _set(self, holder: Fields, name: Scalar, node: Node) -> None:
        if name.text in holder.fields:
            first = holder.fields[name.text][0]
            said = f"{name.text}: stands twice here, first on line {first}"
            self.faults.append(Fault(line=name.line, text=said))
            return
        holder.fields[name.text] = (name.line, node)


def _marks(event: Any, line: int) -> Iterator[Fault]:
    if isinstance(event, yaml.AliasEvent):
        yield Fault(line=line, text="aliases (*name) are not taken: write it out")
        return
    if event.anchor is not None:
        yield Fault(line=line, text="anchors (&name) are not taken: write it out")
    if event.tag is not None:
        yield Fault(line=line, text="tags (!name) are not taken: write the plain value")
