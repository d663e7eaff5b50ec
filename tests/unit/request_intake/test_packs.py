"""Packs: written to be read by an eye, read again as they were, refused with every line that is wrong."""

import time
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings

from services.request_intake.adapters import packs
from services.request_intake.adapters.packs import PackFaultsError
from services.request_intake.domain.pack import Pack
from tests.support.request_intake.packs import (
    HostilePack,
    a_pack,
    a_text,
    any_pack,
    hostile_packs,
)


def faults(raw: bytes | str) -> tuple[str, ...]:
    with pytest.raises(PackFaultsError) as caught:
        packs.read(raw.encode() if isinstance(raw, str) else raw)
    return caught.value.faults


@given(any_pack())
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_what_was_written_is_read_as_it_was(pack: Pack) -> None:
    if any(credit["licence"] == "CC-BY-SA-4.0" for credit in pack.document["credits"]):
        pack = replace(pack, licence="CC-BY-SA-4.0")
    assert packs.read(packs.write(pack)) == pack


def test_a_file_of_the_starter_can_be_read_by_an_eye() -> None:
    text = a_text()
    assert "\nlicence: CC-BY-4.0\n" in text
    assert "\n# Needs that are coaching work" in text
    assert "    teacher_sentence: Tell me what you would do\n" in text
    assert text.endswith("\n...\n")
    assert max(map(len, text.splitlines())) <= 140


@pytest.mark.parametrize("hostile", hostile_packs(), ids=lambda pack: pack.name)
def test_a_hostile_pack_is_refused_and_its_line_is_named(hostile: HostilePack) -> None:
    named = faults(hostile.raw)
    assert all(line.startswith(("line ", "… and ")) for line in named)
    for said in hostile.said:
        assert any(said in line for line in named), named[:5]


def test_every_fault_is_named_at_once_in_the_order_of_the_lines() -> None:
    text = a_text()
    for old, new in (
        ("promise: ", "promise: &p "),
        ("minutes: 30", "minutes: 3"),
        ("\ntopics:\n  - key: ", "\ntopics:\n  - x: 1\n    key: "),
        ("target: https://", "target: javascript:"),
        ("\nvague:\n  - ", "\nvague:\n  - a: "),
    ):
        text = text.replace(old, new, 1)
    named = faults(text)
    assert len(named) == 5
    assert [line.split(": ")[1] for line in named[1:]] == [
        "support_modes[consultation].minutes",
        "topics[classroom_routines].x",
        "out_of_remit[device_repair].destination.target",
        "vague[0]",
    ]
    numbers = [int(line.split(":")[0].removeprefix("line ")) for line in named]
    assert numbers == sorted(numbers)


def test_a_hundred_faults_are_shown_and_the_others_counted() -> None:
    named = faults(a_text().replace("      - ", "      - key: "))
    assert len(named) == 101
    assert named[-1].startswith("… and ")


def test_a_name_made_to_be_looked_through_costs_no_time_and_is_cut_short() -> None:
    long = "a." * 300_000
    begun = time.monotonic()
    named = faults(a_text().replace("promise:", f"? {long}\n: x\npromise:", 1))
    assert time.monotonic() - begun < 20
    assert max(map(len, named)) < 400


def test_words_stay_words_where_the_model_has_words() -> None:
    pack = packs.read(
        a_text()
        .replace("  name: Three Larches School Division", "  name: 2027", 1)
        .replace("cadence: once", "cadence: 12:30", 1)
        .replace("cadence: once", "cadence: no", 1)
        .replace("minutes: 45", "minutes: +45", 1)
        .encode()
    )
    assert pack.document["division"]["name"] == "2027"
    modes = pack.document["support_modes"]
    assert [mode["cadence"] for mode in modes[:2]] == ["12:30", "no"]
    assert modes[2]["minutes"] == 45


def test_windows_lines_and_a_byte_order_mark_change_nothing() -> None:
    crlf = a_text().replace("\n", "\r\n").encode("utf-8-sig")
    assert packs.read(crlf) == a_pack()
