"""An admin changes what the division's coaches do: draft, preview, publish, go back, and all is told."""

from uuid import uuid4

import pytest

from services.request_intake.domain.request import Request
from services.request_intake.entrypoints.pages import rights
from services.request_intake.ports import ByPerson
from tests.support.pages import Hand, PagesDivision
from tests.support.postgres import Database
from tests.support.request_intake.builders import an_ask
from tests.support.request_intake.division import MAYA, OFFICE

_WEB_COACH = {
    "key": "web",
    "name": "Web coach",
    "summary": "Helps schools tell families what happens.",
    "covers": "School pages that families read.",
    "does_not_cover": "Photographs of pupils without consent.",
    "modes": "consultation",
    "caps.sessions_per_day": "4",
    "caps.cycles_at_once": "3",
    "caps.weekly_minutes": "600",
    "caps.protected_share": "0.2",
}
_WEB_TOPIC = {
    "key": "school_page",
    "title": "A page for families",
    "description": "Writing a school page that families understand.",
    "coach_types": "web",
    "modes": "consultation",
    "examples": "Help me write the kindergarten page.",
}


@pytest.fixture
def admin(division: PagesDivision) -> Hand:
    return Hand(division, OFFICE)


def begin(admin: Hand, version: int = 1) -> None:
    admin.get("/model")
    assert admin.post("/model/draft", version=str(version)).status_code == 303
    admin.get("/model/draft")


def revision(database: Database) -> str:
    return str(database.sql("SELECT revision FROM request_intake.model_draft")[0][0])


def saves(admin: Hand, database: Database, path: str, **fields: str) -> int:
    admin.get(path)
    return admin.post(path, revision=revision(database), **fields).status_code


def asked(division: PagesDivision, topic: str) -> Request:
    ask = an_ask(topic=topic, support_mode=None)
    done = division.application.submit(ByPerson(MAYA), ask, key=str(uuid4()))
    return done.request  # type: ignore[union-attr]


def publish(admin: Hand, database: Database, **fields: str) -> int:
    sent = {"revision": revision(database), "reason": "Families asked for it."} | fields
    return admin.post("/model/draft/publish", **sent).status_code


def test_a_fifth_coach_type_is_created_previewed_and_published_and_takes_what_was_declined(
    division: PagesDivision, admin: Hand, database: Database
) -> None:
    assert asked(division, "website_updates").decision == "out_of_remit"
    begin(admin)
    assert saves(admin, database, "/model/draft/coach_types", **_WEB_COACH) == 303
    assert saves(admin, database, "/model/draft/topics", **_WEB_TOPIC) == 303
    admin.get("/model/draft/out_of_remit/website_updates")
    gone = admin.post(
        "/model/draft/out_of_remit/website_updates/remove", revision=revision(database)
    )
    assert gone.status_code == 303

    admin.get("/model/draft")
    for said in ("web is new", "school_page is new", "website_updates is taken out"):
        assert said in " ".join(admin.page.replace("<b>", " ").replace("</b>", " ").split())
    assert "A page for families" in admin.get("/model/draft/preview").text
    admin.get("/model/draft")
    assert publish(admin, database) == 303

    request = asked(division, "school_page")
    assert (request.decision, request.coach_types) == ("in_remit", ("web",))
    assert request.model_version == 2
    assert "Ada Brandt" in admin.get("/model").text
    told = database.sql("SELECT count(*) FROM bus.event WHERE name = 'model.published'")
    assert told[0][0] == 2


def test_a_coach_type_with_holes_is_kept_in_the_draft_and_named_and_not_published(
    admin: Hand, database: Database
) -> None:
    begin(admin)
    holes = _WEB_COACH | {"covers": "", "does_not_cover": "", "caps.weekly_minutes": "many"}
    assert saves(admin, database, "/model/draft/coach_types", **holes) == 303
    admin.get("/model/draft")
    assert "coach_types[web].caps.weekly_minutes: must be a whole number" in admin.page
    assert publish(admin, database) == 422
    saves(admin, database, "/model/draft/coach_types/web", **holes | {"caps.weekly_minutes": "60"})
    admin.get("/model/draft")
    for name in ("covers", "does_not_cover"):
        assert f"coach_types[web].{name}: there must be at least one" in admin.page
    assert publish(admin, database) == 422
    assert database.sql("SELECT count(*) FROM request_intake.model_version")[0][0] == 1


def test_the_second_of_two_writers_is_told_and_loses_nothing(
    division: PagesDivision, admin: Hand, database: Database
) -> None:
    begin(admin)
    seen = revision(database)
    other = Hand(division, OFFICE)
    other.get("/model/draft/coach_types")
    assert other.post("/model/draft/coach_types", revision=seen, **_WEB_COACH).status_code == 303

    mine = _WEB_COACH | {"key": "art", "name": "Art coach of mine"}
    admin.get("/model/draft/coach_types")
    told = admin.post("/model/draft/coach_types", revision=seen, **mine)

    assert told.status_code == 409
    assert "Art coach of mine" in told.text
    assert admin.post("/model/draft/discard", revision=seen).status_code == 409
    again = admin.post("/model/draft/coach_types", revision=revision(database), **mine)
    assert again.status_code == 303
    names = database.sql(
        "SELECT kind ->> 'key' FROM request_intake.model_draft,"
        " jsonb_array_elements(document -> 'coach_types') AS kind"
    )
    assert {"web", "art"} <= {row[0] for row in names}


def test_an_older_version_is_published_anew(
    division: PagesDivision, admin: Hand, database: Database
) -> None:
    begin(admin)
    admin.get("/model/draft/out_of_remit/payroll")
    admin.post("/model/draft/out_of_remit/payroll/remove", revision=revision(database))
    admin.get("/model/draft")
    assert publish(admin, database) == 303
    assert "payroll" not in division.application.model().model.topic_of

    begin(admin, version=1)
    assert "payroll" in admin.page
    assert publish(admin, database, reason="Back to how it was.") == 303
    assert "payroll" in division.application.model().model.topic_of
    assert division.application.model().version == 3


def test_a_version_may_come_into_force_later(
    division: PagesDivision, admin: Hand, database: Database
) -> None:
    begin(admin)
    admin.get("/model/draft/out_of_remit/payroll")
    admin.post("/model/draft/out_of_remit/payroll/remove", revision=revision(database))
    admin.get("/model/draft")
    assert publish(admin, database, effective_from="soon") == 422
    assert publish(admin, database, reason=" ") == 422
    assert publish(admin, database, effective_from="2099-08-30") == 303
    assert asked(division, "payroll").model_version == 1
    assert "2099-08-30" in admin.get("/model").text


def test_every_step_is_in_the_audit(admin: Hand, database: Database) -> None:
    begin(admin)
    saves(admin, database, "/model/draft/coach_types", **_WEB_COACH)
    admin.get("/model/draft")
    publish(admin, database)
    entries = database.sql(
        "SELECT action FROM access.audit_entry WHERE actor = :actor AND action LIKE 'model.%'"
        " ORDER BY number",
        actor=str(OFFICE),
    )
    assert [row[0] for row in entries] == [
        "model.draft_begun",
        "model.draft_changed",
        "model.draft_ended",
        "model.published",
    ]


def test_every_page_has_its_row_of_rights(division: PagesDivision) -> None:
    pages = {
        rule.endpoint
        for rule in division.app.url_map.iter_rules()
        if rule.endpoint.startswith("pages.")
    }
    assert pages == set(rights.PAGES)


def test_leaving_ends_the_session_everywhere(division: PagesDivision, admin: Hand) -> None:
    kept = admin.client.get_cookie("remit")
    assert kept
    admin.get("/")
    assert admin.post("/leave").location == "/"
    admin.client.set_cookie("remit", kept.value)
    assert admin.get("/model").location.startswith("/?next=")
