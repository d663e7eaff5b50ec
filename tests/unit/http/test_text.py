"""What counts as a text that somebody typed."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.http.text import TextFault, clean


@given(st.text(max_size=300))
def test_what_is_taken_can_be_stored_and_shown(text: str) -> None:
    found = clean(text, shortest=1, longest=100, lines=True)
    if isinstance(found, str):
        assert 1 <= len(found) <= 100
        found.encode("utf-8")
        assert found == found.strip()
        assert unicodedata.is_normalized("NFC", found)
        bad = {"Cc", "Cs", "Cn", "Co", "Zl", "Zp"}
        assert not [x for x in found if unicodedata.category(x) in bad and x not in "\n\t"]
    else:
        assert found.message
        assert found.right


@given(st.text(max_size=300), st.booleans())
def test_cleaning_twice_is_cleaning_once(text: str, lines: bool) -> None:
    found = clean(text, shortest=0, longest=1000, lines=lines)
    if isinstance(found, str):
        assert clean(found, shortest=0, longest=1000, lines=lines) == found


def test_line_ends_become_plain_and_are_refused_where_one_line_is_meant() -> None:
    assert clean("a\r\nb", shortest=1, longest=9, lines=True) == "a\nb"
    assert isinstance(clean("a\r\nb", shortest=1, longest=9, lines=False), TextFault)


@pytest.mark.parametrize("text", ["שָׁלוֹם", "Việt Nam", "👩🏽‍🏫", "नमस्ते", "Ελένη", "学校"])
def test_every_script_is_welcome(text: str) -> None:
    assert clean(text, shortest=1, longest=50, lines=False) == unicodedata.normalize("NFC", text)


def test_length_is_said_without_the_text() -> None:
    assert clean("abc", shortest=5, longest=9, lines=False) == TextFault(
        "is too short", "at least 5 characters"
    )
    assert clean("é" * 10, shortest=1, longest=9, lines=False) == TextFault(
        "is too long", "at most 9 characters"
    )
    assert clean(" \u200b ", shortest=0, longest=9, lines=False) == ""
