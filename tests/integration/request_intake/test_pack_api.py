"""Packs by API: for admins; compared, taken in part with credit, never over somebody's changes."""

import json
from typing import Any

import pytest
from flask.testing import FlaskClient

from services.request_intake.adapters import packs
from services.request_intake.domain.pack import Pack
from tests.support.postgres import Database
from tests.support.request_intake.division import MAYA, OFFICE, SmallDivision
from tests.support.request_intake.packs import HostilePack, a_pack, hostile_packs

DRAFT = "/api/intake/v1/draft"
PACK = f"{DRAFT}/pack"


@pytest.fixture
def division(database: Database) -> SmallDivision:
    return SmallDivision(database)


@pytest.fixture
def admin(division: SmallDivision) -> FlaskClient:
    return division.client(OFFICE, "admin")


def theirs() -> Pack:
    """Another division's: a coach type and a topic of its own, a topic that ours sends elsewhere."""
    pack = a_pack()
    document = pack.document
    art = {**document["coach_types"][0], "key": "art", "name": "Art coach", "aliases": ()}
    topic = document["topics"][0]
    mural = {**topic, "key": "mural", "title": "A mural", "coach_types": ("art",)}
    pages = {**mural, "key": "website_updates", "title": "A page for families"}
    document["coach_types"] = (*document["coach_types"], art)
    out = [one for one in document["out_of_remit"] if one["key"] != "website_updates"]
    document["topics"] = (*document["topics"], {**mural, "near": ("website_updates",)}, pages)
    document["out_of_remit"] = tuple(out)
    document["credits"] = (
        {"title": "Old Oak", "licence": "CC0-1.0", "parts": ("topics[mural]", "topics[x]")},
    )
    return packs.read(packs.write(pack))


def text() -> str:
    return packs.write(theirs()).decode()


def adopt(admin: FlaskClient, revision: int, *parts: str) -> Any:
    sent = {"revision": revision, "pack": text(), "parts": list(parts)}
    return admin.post(f"{PACK}/adopt", json=sent)


def test_a_pack_is_laid_beside_the_newest_version_and_nothing_is_kept(
    division: SmallDivision, admin: FlaskClient
) -> None:
    found: Any = admin.post(f"{PACK}/compare", json={"pack": text()}).json
    assert (found["title"], found["licence"]) == ("Larches' model", "CC-BY-4.0")
    assert (found["against"], found["revision"]) == (1, 0)
    kinds = {one["part"]: one["kind"] for one in found["compared"]}
    assert kinds == {
        "coach_types[art]": "theirs",
        "topics[mural]": "theirs",
        "topics[website_updates]": "theirs",
        "out_of_remit[website_updates]": "ours",
    }
    (title,) = [
        field
        for one in found["compared"]
        if one["part"] == "topics[mural]"
        for field in one["fields"]
        if field["field"] == "title"
    ]
    assert title == {"field": "title", "ours": [], "theirs": ["A mural"]}
    assert division.application.drafting.draft() is None


def test_parts_are_adopted_with_credit_and_published_and_handed_on(admin: FlaskClient) -> None:
    first: Any = adopt(admin, 0, "coach_types[art]", "topics[mural]").json
    assert first["faults"] == []
    assert first["document"]["credits"] == [
        {
            "title": "Larches' model",
            "licence": "CC-BY-4.0",
            "parts": ["coach_types[art]", "topics[mural]"],
        },
        {"title": "Old Oak", "licence": "CC0-1.0", "parts": ["topics[mural]"]},
    ]
    mural = next(one for one in first["document"]["topics"] if one["key"] == "mural")
    assert mural["near"] == ["website_updates"]  # it is there: out of remit
    second: Any = adopt(admin, first["revision"], "topics[website_updates]").json
    assert "website_updates" not in [one["key"] for one in second["document"]["out_of_remit"]]
    assert second["document"]["credits"][0]["parts"][-1] == "topics[website_updates]"
    assert "credits" in {change["section"] for change in second["changes"]}

    published: Any = admin.post(
        f"{DRAFT}/publish", json={"revision": second["revision"], "reason": "Art."}
    )
    assert published.status_code == 201
    handed = admin.get("/api/intake/v1/versions/2/pack?title=Ours&licence=CC-BY-4.0")
    assert handed.mimetype == "application/yaml"
    assert packs.read(handed.data).document["credits"][1]["title"] == "Old Oak"


def test_a_part_that_is_taken_out_again_credits_nobody(admin: FlaskClient) -> None:
    taken: Any = adopt(admin, 0, "coach_types[art]", "topics[mural]").json
    gone: Any = admin.delete(f"{DRAFT}/topics/mural", json={"revision": taken["revision"]}).json
    assert [one["title"] for one in gone["document"]["credits"]] == ["Larches' model"]
    assert gone["document"]["credits"][0]["parts"] == ["coach_types[art]"]


def test_the_second_writer_is_told_and_nothing_is_taken(admin: FlaskClient) -> None:
    assert adopt(admin, 0, "coach_types[art]").json["revision"] == 2
    for seen in (0, 1, 3):
        refused = adopt(admin, seen, "topics[mural]")
        assert refused.status_code == 409
        assert refused.json["type"].endswith("draft-changed")
    assert admin.get(DRAFT).json["revision"] == 2  # type: ignore[index]


def test_a_whole_pack_becomes_the_draft_and_never_replaces_changes(admin: FlaskClient) -> None:
    taken: Any = admin.post(f"{PACK}/import", json={"pack": text()})
    assert taken.status_code == 200
    assert "art" in [one["key"] for one in taken.json["document"]["coach_types"]]
    refused: Any = admin.post(f"{PACK}/import", json={"pack": text()})
    assert (refused.status_code, refused.json["type"].rpartition(":")[2]) == (
        409,
        "draft-in-the-way",
    )
    exported = admin.get(PACK)
    assert packs.read(exported.data).document["coach_types"] == theirs().document["coach_types"]


def test_what_is_not_in_the_pack_is_named(admin: FlaskClient) -> None:
    refused = adopt(admin, 0, "coach_types[art]", "topics[nowhere]", "anything", "roles[x]")
    assert refused.status_code == 422
    fields = [error["field"] for error in refused.json["errors"]]
    assert fields == ["parts.1", "parts.2", "parts.3"]
    assert admin.get(DRAFT).status_code == 404


@pytest.mark.parametrize("hostile", hostile_packs(), ids=lambda pack: pack.name)
@pytest.mark.parametrize("way", ["compare", "adopt", "import"])
def test_a_hostile_pack_is_refused_with_its_lines_and_changes_nothing(
    hostile: HostilePack, way: str, small: tuple[SmallDivision, FlaskClient]
) -> None:
    division, admin = small
    more = {"revision": 0, "parts": ["topics[x]"]} if way == "adopt" else {}
    sent = hostile.raw.decode("utf-8", "surrogateescape")
    body = json.dumps({"pack": sent, **more})
    refused: Any = admin.post(f"{PACK}/{way}", data=body, content_type="application/json")
    if len(hostile.raw) > 1_000_000:
        assert refused.status_code == 413
    else:
        assert refused.status_code == 422
        lines = [error["message"] for error in refused.json["errors"]]
        assert all(any(said in line for line in lines) for said in hostile.said)
    assert division.application.drafting.draft() is None


@pytest.fixture(scope="module")
def small(postgres: Any) -> Any:
    with postgres.clone() as database:
        division = SmallDivision(database)
        yield division, division.client(OFFICE, "admin")


@pytest.mark.parametrize(
    ("path", "status", "field"),
    [
        (PACK, 404, None),
        ("/api/intake/v1/versions/9/pack", 404, None),
        ("/api/intake/v1/versions/99999999999/pack", 404, None),
        ("/api/intake/v1/versions/1/pack?licence=MIT", 422, "licence"),
        ("/api/intake/v1/versions/1/pack?titel=x", 422, "titel"),
    ],
)
def test_what_is_not_there_is_not_handed_on(
    admin: FlaskClient, path: str, status: int, field: str | None
) -> None:
    answer: Any = admin.get(path)
    assert answer.status_code == status
    assert field in [None, *(error["field"] for error in answer.json.get("errors", ()))]


def test_who_is_no_admin_does_not_find_it(division: SmallDivision) -> None:
    teacher = division.client(MAYA)
    assert teacher.get("/api/intake/v1/versions/1/pack").status_code == 404
    assert teacher.post(f"{PACK}/compare", json={"pack": "x"}).status_code == 404
