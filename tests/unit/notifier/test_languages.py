"""Every text of the letters is there in French, and nothing else is."""

import ast
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

from babel.messages.pofile import read_po

ADAPTERS = Path(__file__).parents[3] / "services/notifier/adapters"
_NAMES, _METHODS = {"_", "marked"}, {"text"}


def _used() -> set[str]:
    return {text for file in ADAPTERS.glob("*.py") for text in _texts(ast.parse(file.read_text()))}


def _texts(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        match node:
            case ast.Call(func=ast.Name(id=name), args=[ast.Constant(value=str(text))]) if (
                name in _NAMES
            ):
                yield text
            case ast.Call(
                func=ast.Attribute(attr=name, value=ast.Name(id="say" | "wording")),
                args=[ast.Constant(value=str(text))],
            ) if name in _METHODS:
                yield text


def test_every_text_of_the_letters_has_its_french() -> None:
    catalogue = read_po(BytesIO((ADAPTERS / "locale/fr.po").read_bytes()), locale="fr")
    written = {str(message.id) for message in catalogue if message.id and message.string}
    assert _used() == written
