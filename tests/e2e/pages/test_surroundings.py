"""What surrounds every page: who she is, headers, assets, languages."""

import re
from urllib.parse import unquote
from uuid import uuid4

import pytest

from services.request_intake.adapters.bulk_load import PersonRow, load_people
from services.request_intake.bootstrap import build
from services.request_intake.config import Settings
from services.request_intake.entrypoints.web import create_app
from tests.support.pages import Hand, PagesDivision
from tests.support.postgres import Database
from tests.support.request_intake.division import MAYA, NOBODY_LISTENS


def test_who_is_nobody_yet_is_asked_who_she_is(division: PagesDivision) -> None:
    nobody = Hand(division, person=None)

    for path in ("/ask", "/requests", f"/requests/{uuid4()}"):
        assert unquote(nobody.get(path).location) == f"/?next={path}"
    nobody.get("/")
    assert nobody.post("/be", person="not an id").status_code == 422
    nobody.get("/")
    assert nobody.post("/be", person=str(uuid4())).status_code == 422


def test_somebody_who_left_the_division_is_asked_who_she_is(hand: Hand, database: Database) -> None:
    database.sql("UPDATE access.actor SET disabled_at = now()")

    assert unquote(hand.get("/ask").location) == "/?next=/ask"


def test_the_choice_of_a_persona_leads_on_to_the_page_that_was_wanted_and_nowhere_else(
    division: PagesDivision,
) -> None:
    request = division.asks()
    for wanted, reached in (
        (f"/requests/{request.id}", f"/requests/{request.id}"),
        ("/requests", "/requests"),
        ("//evil.example/ask", "/ask"),
        ("https://evil.example", "/ask"),
    ):
        nobody = Hand(division, person=None)
        nobody.get(f"/?next={wanted}")
        person = re.search(r'name="person" value="([^"]+)"', nobody.page)
        assert person
        assert nobody.post("/be", person=person[1], next=wanted).location == reached


def test_without_demo_the_way_in_is_signing_in_and_nobody_steps_into_a_persona(
    database: Database,
) -> None:
    nobody = Hand(PagesDivision(database, demo=False), person=None)

    assert nobody.get("/").location == "/sign-in"
    assert unquote(nobody.get("/ask").location) == "/sign-in?next=/ask"
    nobody.get("/sign-in")
    assert nobody.post("/be", person=str(MAYA)).status_code == 404


def test_every_answer_carries_the_strict_headers(hand: Hand, division: PagesDivision) -> None:
    request = division.asks()
    for path in ("/", "/ask", "/requests", f"/requests/{request.id}", "/nowhere", "/ui/remit.css"):
        headers = hand.get(path).headers
        assert headers["Content-Security-Policy"].startswith(
            "default-src 'none'; script-src 'self'"
        )
        assert "unsafe" not in headers["Content-Security-Policy"]
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Referrer-Policy"] == "same-origin"
    assert hand.get("/ask").headers["Cache-Control"] == "no-store"


def test_assets_are_packed_and_kept_for_a_year(hand: Hand) -> None:
    hand.get("/")
    (sheet,) = re.findall(r'href="(/bootstrap/[^"]+)"', hand.page)
    asset = hand.get(sheet, **{"Accept-Encoding": "gzip"})

    assert "immutable" in asset.headers["Cache-Control"]
    assert asset.headers["Content-Encoding"] == "gzip"
    assert int(asset.headers["Content-Length"]) < 40_000


def test_errors_of_the_api_stay_problem_details(hand: Hand) -> None:
    assert hand.get("/api/intake/v1/nowhere").mimetype == "application/problem+json"
    assert hand.get("/nowhere").mimetype == "text/html"


def test_pages_speak_french_when_asked_and_remember_it(hand: Hand) -> None:
    hand.get("/ask?lang=fr")
    assert '<html lang="fr">' in hand.page
    hand.get("/requests")
    assert "Mes demandes" in hand.page
    hand.get("/requests?lang=en", **{"Accept-Language": "fr"})
    assert "My requests" in hand.page


def test_pages_speak_the_browsers_language(division: PagesDivision) -> None:
    hand = Hand(division, person=None)
    hand.get("/", **{"Accept-Language": "fr-CA,fr;q=0.9"})

    assert "Qui êtes-vous" in hand.page


@pytest.mark.parametrize("demo", [True, False])
def test_an_empty_stack_says_that_no_division_is_here_yet(
    database: Database, *, demo: bool
) -> None:
    settings = Settings(
        database_url=database.url,
        broker_url=NOBODY_LISTENS,
        public_url="http://localhost",
        secret_key="0123456789abcdefghijklmnopqrstuvwxyz",
        demo=demo,
    )
    application = build(settings)
    database.engines += [application.engine, application.desk.statements.engine]
    visitor = create_app(application).test_client()

    for path, status in (("/", 200), ("/ask", 503), ("/requests", 503)):
        answer = visitor.get(path)
        assert answer.status_code == status
        assert "No division is here yet" in answer.text
        assert "remit demo" in answer.text


def test_a_demo_can_be_tried_as_a_teacher_a_coach_and_an_admin(division: PagesDivision) -> None:
    jo = PersonRow(
        id=uuid4(), name="Jo", email="jo@larches.example.org", role="coach", school_id=None
    )
    with division.engine.begin() as connection:
        load_people(connection, [jo])
    nobody = Hand(division, person=None)
    nobody.get("/")
    coaches = re.search(r'id="coaches".*?name="person" value="([^"]+)"', nobody.page, re.DOTALL)
    assert coaches
    assert 'id="admins"' in nobody.page
    assert nobody.post("/be", person=coaches[1]).location == "/my-time"
