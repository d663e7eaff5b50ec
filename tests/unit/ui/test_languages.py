from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.mofile import read_mo
from babel.messages.pofile import read_po
from flask import Flask, render_template_string

from shared.ui import languages

ROOT = Path(__file__).resolve().parents[3]
FRENCH = languages.CATALOGUES / "fr" / "LC_MESSAGES"


def _first(message_id: object) -> str:
    return str(message_id[0]) if isinstance(message_id, tuple | list) else str(message_id)


def _texts(catalogue: Catalog) -> dict[str, list[str]]:
    """Each text with its translations, one for each plural form."""
    return {
        _first(message.id): list(
            message.string if isinstance(message.string, list | tuple) else [message.string]
        )
        for message in catalogue
        if message.id
    }


def _written() -> dict[str, list[str]]:
    return _texts(read_po(BytesIO((FRENCH / "messages.po").read_bytes())))


def _used() -> set[str]:
    with (languages.CATALOGUES / "extract.cfg").open() as config:
        methods, options = parse_mapping_cfg(config)
    found: set[str] = set()
    for room in ("services", "shared"):
        own = [(p.removeprefix(f"{room}/"), m) for p, m in methods if p.startswith(room)]
        texts = extract_from_dir(ROOT / room, own, options)
        found |= {_first(text) for _file, _line, text, *_ in texts}
    return found


def test_every_text_of_the_pages_has_its_french() -> None:
    written = _written()

    assert _used() == set(written)
    assert all(all(forms) for forms in written.values())


def test_the_compiled_catalogue_is_the_written_one() -> None:
    with (FRENCH / "messages.mo").open("rb") as compiled:
        assert _texts(read_mo(compiled)) == _written()


@pytest.mark.parametrize(
    ("language", "shown"),
    [
        ("en", "Tuesday, December 1, 2026|5:30 a.m.|Dec 1, 2026, 5:30 a.m."),
        ("fr", "mardi 1 décembre 2026|05 h 30|1 déc. 2026, 05 h 30"),
    ],
)
def test_times_are_written_in_the_zone_and_habit_of_the_division(language: str, shown: str) -> None:
    app = Flask(__name__)
    languages.install(app, ("en", "fr"), lambda: "America/St_Johns")
    at = datetime(2026, 12, 1, 9, 0, tzinfo=UTC)
    with app.test_request_context(f"/?lang={language}"):
        text = render_template_string(
            "{{ at|long_date }}|{{ at|clock_time }}|{{ at|moment }}", at=at
        )

    assert text.replace("\u202f", " ").replace("\xa0", " ") == shown
