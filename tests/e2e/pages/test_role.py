"""Everybody can read what coaches do; each has her own copy; what was news is counted, never by name."""

from uuid import UUID

import pytest

from services.request_intake.adapters.bulk_load import PersonRow, load_people
from shared.database.transaction import transaction
from tests.support.events import an_id
from tests.support.pages import Hand, PagesDivision
from tests.support.postgres import Database
from tests.support.request_intake.division import MAYA, OFFICE, SCHOOL_ID, SYSTEM

ROLE = "/what-coaches-do"
CLAUSE = "Thinking partners, growth plans and the first year."


def more_teachers(division: PagesDivision, count: int) -> list[UUID]:
    ids = [an_id(300 + number) for number in range(count)]
    with transaction(division.engine, SYSTEM) as connection:
        load_people(
            connection,
            [
                PersonRow(
                    id=id_,
                    name="A teacher",
                    email=f"{id_}@larches.example.org",
                    role="teacher",
                    school_id=SCHOOL_ID,
                )
                for id_ in ids
            ],
        )
    return ids


@pytest.mark.parametrize("demo", [True, False])
def test_the_role_is_open_to_all_without_signing_in(database: Database, demo: bool) -> None:
    nobody = Hand(PagesDivision(database, demo=demo), person=None)
    nobody.get(ROLE)
    for said in ("Technology coach", "Never use a coach as a substitute", "Do it with me"):
        assert said in nobody.page
    nobody.get(f"{ROLE}/instructional")
    assert CLAUSE in nobody.page
    assert "Covering a class, or supervision duty." in nobody.page
    assert "I didn't know" not in nobody.page
    assert nobody.get(f"{ROLE}/plumbing").status_code == 404


def test_slides_show_every_type_and_end_with_the_way_to_the_form(hand: Hand) -> None:
    hand.get(f"{ROLE}/slides")
    assert hand.page.count('class="slide"') == 1 + 2 * 4 + 1 + 1
    assert "<svg" in hand.page
    assert "http://localhost/ask" in hand.page


def test_her_copy_is_a_pdf_with_her_name_and_it_is_noted(
    division: PagesDivision, hand: Hand
) -> None:
    assert not division.application.understanding.has_copy(MAYA)
    answer = hand.get(f"{ROLE}/my-copy.pdf")
    assert answer.mimetype == "application/pdf"
    assert answer.data.startswith(b"%PDF-")
    assert division.application.understanding.has_copy(MAYA)


def test_an_admin_sees_how_many_have_their_copy(division: PagesDivision, hand: Hand) -> None:
    admin = Hand(division, OFFICE)
    assert "0 of 2 teachers have their copy" in admin.get("/model").text
    assert "Your copy of what coaches do is ready" in hand.get("/ask").text
    hand.get(ROLE)
    hand.get(ROLE)
    assert "Your copy of what coaches do is ready" not in hand.get("/ask").text
    assert "1 of 2 teachers have their copy" in admin.get("/model").text


def test_what_was_news_counts_once_a_person_and_shows_from_five_on(
    division: PagesDivision, hand: Hand
) -> None:
    path = f"{ROLE}/instructional"
    admin = Hand(division, OFFICE)
    for person in more_teachers(division, 4):
        other = Hand(division, person)
        other.get(path)
        assert other.post(f"{path}/new-to-me", clause=CLAUSE).status_code == 303
    admin.get(path)
    assert "News to" not in admin.page
    hand.get(path)
    for _ in range(2):
        hand.post(f"{path}/new-to-me", clause=CLAUSE)
    assert "this was news to you" in hand.get(path).text
    assert "News to 5 people" in admin.get(path).text


def test_only_what_the_model_says_can_be_news(hand: Hand, database: Database) -> None:
    path = f"{ROLE}/instructional"
    hand.get(path)
    assert hand.post(f"{path}/new-to-me", clause="Fixing printers.").status_code == 404
    hand.get(path)
    assert hand.post(f"{ROLE}/plumbing/new-to-me", clause=CLAUSE).status_code == 404
    assert database.sql("SELECT count(*) FROM request_intake.clause_tap")[0][0] == 0
