"""The model as a pack: handed on, laid beside ours, taken in part with credit; a faulty file changes nothing."""

import io
from typing import Any

import pytest
from werkzeug.test import TestResponse

from services.request_intake.adapters import packs
from tests.support.pages import Hand, PagesDivision
from tests.support.request_intake.builders import starter_document
from tests.support.request_intake.division import OFFICE
from tests.support.request_intake.packs import a_pack

API = "/api/intake/v1"
PART = "topics[unit_planning]"


@pytest.fixture
def admin(division: PagesDivision) -> Hand:
    return Hand(division, OFFICE)


def theirs() -> str:
    """Another division's pack, in which one topic is worded otherwise."""
    topics = starter_document()["topics"]
    for topic in topics:
        if topic["key"] == "unit_planning":
            topic["title"] = "Planning, as they say it"
    return packs.write(a_pack(topics=topics)).decode()


def uploads(hand: Hand, text: str) -> TestResponse:
    hand.get("/model/packs")
    return hand.post("/model/packs", pack=(io.BytesIO(text.encode()), "pack.yaml"))  # type: ignore[arg-type]


def test_what_is_handed_on_is_the_same_when_it_is_read_again(admin: Hand) -> None:
    answer = admin.get("/model/pack.yaml?of=1&licence=CC0-1.0&title=Ours")
    assert answer.mimetype == "application/yaml"
    assert "attachment" in answer.headers["Content-Disposition"]
    pack = packs.read(answer.data)
    assert (pack.title, pack.licence) == ("Ours", "CC0-1.0")
    compared = uploads(admin, answer.text)
    assert compared.status_code == 200
    assert "Every entry is the same in both" in admin.page
    assert admin.get("/model/pack.yaml?of=9").status_code == 404


def test_a_part_is_taken_into_the_draft_and_its_source_is_named_when_it_is_published(
    division: PagesDivision, admin: Hand
) -> None:
    assert uploads(admin, theirs()).status_code == 200
    assert "Planning, as they say it" in admin.page
    nothing = admin.post("/model/packs/adopt", revision="0", pack=theirs())
    assert nothing.status_code == 422
    assert "Tick what you would like" in admin.page
    taken = admin.post("/model/packs/adopt", revision="0", pack=theirs(), part=PART)
    assert (taken.status_code, taken.location) == (303, "/model/draft")
    admin.get("/model/draft")
    assert "Credit: " in admin.page
    late = admin.post("/model/packs/adopt", revision="0", pack=theirs(), part=PART)
    assert late.status_code == 409
    draft = division.application.drafting.draft()
    assert draft
    admin.get("/model/draft")
    admin.post("/model/draft/publish", revision=str(draft.revision), reason="Said better.")
    everybody = Hand(division, None).get("/what-coaches-do").text
    assert "Parts of this are from:" in everybody
    assert "CC-BY-4.0" in everybody


def test_a_whole_pack_becomes_the_draft_unless_there_is_one_with_changes(
    division: PagesDivision, admin: Hand
) -> None:
    uploads(admin, theirs())
    assert admin.post("/model/packs/import", pack=theirs()).location == "/model/draft"
    draft = division.application.drafting.draft()
    assert draft
    assert draft.document["division"] == starter_document()["division"]
    admin.get("/model/packs")
    uploads(admin, theirs().replace("as they say it", "as others say it"))
    again = theirs().replace("as they say it", "as others say it")
    assert admin.post("/model/packs/import", pack=again).status_code == 409
    assert "publish it or throw it away first" in admin.page


def test_a_faulty_file_is_refused_with_every_line_and_changes_nothing(
    division: PagesDivision, admin: Hand
) -> None:
    text = theirs()
    wrong = text.replace("minutes: 45", "minutes: forty-five", 1)
    wrong = wrong.replace("\nlicence: ", "\nsurprise: 1\nlicence: ", 1)
    assert uploads(admin, wrong).status_code == 422
    assert "This file can not be taken; nothing was changed" in admin.page
    assert admin.page.count("line ") >= 2
    assert uploads(admin, "").status_code == 422
    assert "Choose a file first" in admin.page
    assert division.application.drafting.draft() is None


def test_the_same_over_the_api(division: PagesDivision) -> None:
    program = division.client(OFFICE, "admin")
    file = program.get(f"{API}/versions/1/pack")
    assert file.status_code == 200
    assert packs.read(file.data).document["promise"] == starter_document()["promise"]
    assert program.get(f"{API}/draft/pack").status_code == 404

    compared: Any = program.post(f"{API}/draft/pack/compare", json={"pack": theirs()}).json
    assert [one["part"] for one in compared["compared"]] == [PART]
    body = {"revision": compared["revision"], "pack": theirs(), "parts": [PART]}
    taken: Any = program.post(f"{API}/draft/pack/adopt", json=body)
    assert taken.status_code == 200
    assert program.post(f"{API}/draft/pack/adopt", json=body).status_code == 409
    not_there = program.post(
        f"{API}/draft/pack/adopt",
        json={**body, "revision": taken.json["revision"], "parts": ["topics[nope]"]},
    )
    assert not_there.status_code == 422
    assert program.get(f"{API}/draft/pack").status_code == 200
    assert program.post(f"{API}/draft/pack/import", json={"pack": theirs()}).status_code == 409
    faulty: Any = program.post(f"{API}/draft/pack/compare", json={"pack": "title: [unclosed"})
    assert faulty.status_code == 422
    assert "line" in faulty.json["errors"][0]["message"]
