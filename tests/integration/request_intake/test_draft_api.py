"""The draft of the next coaching model by API: for admins, strict, and never overwritten silently."""

from typing import Any

import pytest
from flask.testing import FlaskClient

from tests.support.postgres import Database
from tests.support.request_intake.division import (
    MAYA,
    OFFICE,
    REQUESTS,
    SmallDivision,
    an_ask_body,
)

DRAFT = "/api/intake/v1/draft"
WEB = {
    "name": "Web coach",
    "aliases": [],
    "summary": "Helps schools tell families what happens.",
    "covers": ["School pages."],
    "does_not_cover": ["Photographs."],
    "modes": ["consultation"],
    "caps": {
        "sessions_per_day": 4,
        "cycles_at_once": 3,
        "weekly_minutes": 600,
        "protected_share": 0.2,
    },
}
PAGE = {
    "title": "A page for families",
    "description": "Writing a school page.",
    "boundary_note": "",
    "near": [],
    "coach_types": ["web"],
    "modes": ["consultation"],
    "examples": ["Help me write the kindergarten page."],
}


@pytest.fixture
def division(database: Database) -> SmallDivision:
    return SmallDivision(database)


@pytest.fixture
def admin(division: SmallDivision) -> FlaskClient:
    return division.client(OFFICE, "admin")


def begun(admin: FlaskClient, version: int = 1) -> int:
    answer: Any = admin.post(DRAFT, json={"version": version})
    assert answer.status_code == 200
    return int(answer.json["revision"])


def test_what_was_declined_is_taken_by_a_fifth_coach_type(
    division: SmallDivision, admin: FlaskClient
) -> None:
    ask = an_ask_body(topic="website_updates")
    assert division.client().post(REQUESTS, json=ask).json["decision"] == "out_of_remit"  # type: ignore[index]
    revision = begun(admin)
    for path, entry in (("coach_types/web", WEB), ("topics/website_updates", PAGE)):
        body = {"revision": revision, "entry": entry}
        if path.startswith("topics"):
            gone: Any = admin.delete(
                f"{DRAFT}/out_of_remit/website_updates", json={"revision": revision}
            )
            body["revision"] = gone.json["revision"]
        written: Any = admin.put(f"{DRAFT}/{path}", json=body)
        assert written.status_code == 200, written.json
        revision = written.json["revision"]
    assert written.json["faults"] == []
    assert {"added", "removed"} <= {change["kind"] for change in written.json["changes"]}

    published: Any = admin.post(
        f"{DRAFT}/publish", json={"revision": revision, "reason": "Families asked for it."}
    )
    assert (published.status_code, published.json) == (201, {"version": 2})
    taken: Any = division.client().post(REQUESTS, json=ask).json
    assert (taken["decision"], taken["coach_types"]) == ("in_remit", ["web"])
    assert admin.get(DRAFT).status_code == 404
    listed: Any = admin.get("/api/intake/v1/versions").json
    assert [(one["version"], one["by"]) for one in listed["versions"]] == [
        (2, "Ada Brandt"),
        (1, ""),
    ]


def test_the_second_writer_is_told(admin: FlaskClient) -> None:
    revision = begun(admin)
    body = {"revision": revision, "entry": WEB}
    assert admin.put(f"{DRAFT}/coach_types/web", json=body).status_code == 200
    stale: Any = admin.put(f"{DRAFT}/coach_types/art", json=body)
    assert (stale.status_code, stale.json["type"].endswith("draft-changed")) == (409, True)
    assert admin.delete(f"{DRAFT}/coach_types/web", json={"revision": revision}).status_code == 409
    assert admin.post(f"{DRAFT}/discard", json={"revision": revision}).status_code == 409
    reason = {"revision": revision, "reason": "Why not."}
    assert admin.post(f"{DRAFT}/publish", json=reason).status_code == 409
    assert admin.post(f"{DRAFT}/discard", json={"revision": revision + 1}).status_code == 204


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"name": None}, "entry.name"),
        ({"unknown": 1}, "entry.unknown"),
        ({"covers": "text"}, "entry.covers"),
        ({"name": "a\x00b"}, "entry.name"),
        ({"caps": {**WEB["caps"], "weekly_minutes": "many"}}, "entry.caps.weekly_minutes"),  # type: ignore[dict-item]
        ({"key": "other"}, "entry.key"),
    ],
)
def test_a_wrong_entry_names_its_field_and_changes_nothing(
    admin: FlaskClient, change: dict[str, Any], field: str
) -> None:
    revision = begun(admin)
    body = {"revision": revision, "entry": WEB | change}
    refused: Any = admin.put(f"{DRAFT}/coach_types/web", json=body)
    assert refused.status_code == 422
    assert field in [error["field"] for error in refused.json["errors"]]
    assert admin.get(DRAFT).json["revision"] == revision  # type: ignore[index]


@pytest.mark.parametrize("day", ["soon", "2027-02-30", "20270301", 20270302])
def test_a_first_day_that_is_none_is_named(admin: FlaskClient, day: object) -> None:
    sent = {"revision": begun(admin), "reason": "Families asked for it.", "effective_from": day}
    answer: Any = admin.post(f"{DRAFT}/publish", json=sent)
    assert answer.status_code == 422
    (fault,) = answer.json["errors"]
    assert (fault["field"], fault["right"]) == ("effective_from", "a day such as 2027-03-01")


def test_a_draft_with_holes_is_kept_and_not_published(admin: FlaskClient) -> None:
    revision = begun(admin)
    body = {"revision": revision, "entry": WEB | {"covers": []}}
    kept: Any = admin.put(f"{DRAFT}/coach_types/web", json=body)
    assert kept.json["faults"] == ["coach_types[web].covers: there must be at least one"]
    refused: Any = admin.post(
        f"{DRAFT}/publish", json={"revision": revision + 1, "reason": "Too early."}
    )
    assert refused.status_code == 422
    assert refused.json["errors"][0]["field"] == "coach_types[web].covers"
    assert admin.get(DRAFT).json["revision"] == revision + 1  # type: ignore[index]


def test_a_link_that_is_a_script_and_a_version_that_never_was_are_refused(
    admin: FlaskClient,
) -> None:
    assert admin.post(DRAFT, json={"version": 9}).status_code == 422
    revision = begun(admin)
    draft: Any = admin.get(DRAFT).json
    entry = draft["document"]["out_of_remit"][0]
    entry["destination"] |= {"kind": "link", "target": "javascript:alert(1)"}
    kept: Any = admin.put(
        f"{DRAFT}/out_of_remit/{entry['key']}", json={"revision": revision, "entry": entry}
    )
    assert "a link begins with https://" in kept.json["faults"][0]


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", ""),
        ("POST", ""),
        ("PUT", "/topics/unit_planning"),
        ("DELETE", "/topics/unit_planning"),
        ("POST", "/publish"),
        ("POST", "/discard"),
    ],
)
def test_who_is_no_admin_does_not_find_it(
    division: SmallDivision, admin: FlaskClient, method: str, path: str
) -> None:
    begun(admin)
    teacher = division.client(MAYA)
    assert teacher.open(f"{DRAFT}{path}", method=method, json={}).status_code == 404
    nobody = division.app.test_client()
    assert nobody.open(f"{DRAFT}{path}", method=method, json={}).status_code == 401
