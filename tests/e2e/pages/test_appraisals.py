"""An admin says who appraises whom: two are found, looked at, saved; a slip is undone with one tap."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from services.request_intake.adapters.bulk_load import PersonRow, load_people
from shared.database.transaction import transaction
from tests.integration.request_intake.test_appraisals import ANN, JO, told, with_coaches
from tests.support.browser import DESKTOP, PHONE, serving, visitor
from tests.support.events import an_id
from tests.support.pages import Hand, PagesDivision
from tests.support.request_intake.division import MAYA, OFFICE, SCHOOL_ID, SYSTEM

PAGE = "/appraisals"


@pytest.fixture(autouse=True)
def coaches(division: PagesDivision) -> None:
    with_coaches(division)


@pytest.fixture
def admin(division: PagesDivision) -> Hand:
    return Hand(division, OFFICE)


@pytest.fixture
def address(division: PagesDivision) -> Iterator[str]:
    with serving(division.app) as base:
        yield base


def finds(admin: Hand, coach: str, teacher: str) -> int:
    admin.get(PAGE)
    return admin.post(f"{PAGE}/find", coach_typed=coach, teacher_typed=teacher).status_code


def says(admin: Hand, path: str = PAGE) -> str:
    """She says so of the two, and is led back."""
    answer = admin.post(path, coach=str(JO), teacher=str(MAYA))
    assert answer.status_code == 303
    return admin.get(answer.location).text


def test_it_is_said_where_nobody_appraises_anybody(admin: Hand) -> None:
    assert "Nobody appraises anybody yet" in admin.get(PAGE).text
    assert 'aria-current="page">Appraisals' in admin.page


def test_two_are_found_looked_at_and_saved(division: PagesDivision, admin: Hand) -> None:
    assert finds(admin, "lindqvist", "MAYA") == 200
    assert "Are these the two?" in admin.page
    for said in ("jo.lindqvist@larches.example.org", "maya.okafor@larches.example.org"):
        assert said in admin.page
    assert admin.page.count(" checked") == 2
    assert told(division.database) == []
    page = says(admin)
    assert "Saved: Jo Lindqvist appraises Maya Okafor." in page
    assert "appraises 1 teacher" in page
    assert "Ada Brandt" in page
    assert len(told(division.database)) == 1


def test_what_was_removed_is_back_with_one_tap(division: PagesDivision, admin: Hand) -> None:
    finds(admin, "lindqvist", "maya")
    says(admin)
    removed = says(admin, f"{PAGE}/end")
    assert "Removed: Jo Lindqvist appraises Maya Okafor no more" in removed
    assert "Nobody appraises anybody yet" in removed
    assert re.search(r">\s*Undo</button>", removed)
    assert "Saved: Jo Lindqvist appraises Maya Okafor." in says(admin)
    assert [one["version"] for one in told(division.database)] == [1, 2, 3]


def test_the_second_of_two_admins_is_told_that_it_was_so_already(
    division: PagesDivision, admin: Hand
) -> None:
    second = an_id(140)
    row = PersonRow(id=second, name="Bo Ek", email="bo@x.example.org", role="admin", school_id=None)
    with transaction(division.engine, SYSTEM) as connection:
        load_people(connection, [row])
    other = Hand(division, second)
    finds(admin, "lindqvist", "maya")
    finds(other, "lindqvist", "maya")
    says(admin)
    page = says(other)
    assert "It was so already: Jo Lindqvist appraises Maya Okafor." in page
    assert "Ada Brandt said so" in page
    says(admin, f"{PAGE}/end")
    assert "It was so already: Jo Lindqvist does not appraise Maya Okafor." in says(
        other, f"{PAGE}/end"
    )
    assert len(told(division.database)) == 2


def test_what_has_to_be_mended_is_said_at_its_field_and_what_was_typed_stays(
    division: PagesDivision, admin: Hand
) -> None:
    assert finds(admin, "", "lindqvist") == 422
    assert "2 things need another look" in admin.page
    assert "Write her name or her address." in admin.page
    assert "only a teacher can be appraised" in admin.page
    assert 'value="lindqvist"' in admin.page
    assert finds(admin, "maya", "maya") == 422
    assert "only a person with the role coach can appraise" in admin.page
    assert finds(admin, "x\x00y", "maya") == 422
    assert "This can not be a name or an address." in admin.page
    assert told(division.database) == []


def test_of_several_of_a_name_she_chooses_one(division: PagesDivision, admin: Hand) -> None:
    assert finds(admin, "l", "maya") == 200
    typed = {"coach_typed": "l", "teacher_typed": "maya"}
    answer = admin.post(PAGE, teacher=str(MAYA), **typed)
    assert answer.status_code == 422
    assert "Choose one of them." in admin.page
    assert admin.page.count(" checked") == 1
    assert admin.post(PAGE, coach=str(ANN), teacher=str(MAYA), **typed).status_code == 303
    (event,) = told(division.database)
    assert event["coach_id"] == str(ANN)


def test_who_is_both_does_not_appraise_herself(division: PagesDivision, admin: Hand) -> None:
    division.database.sql(
        "INSERT INTO access.role (actor_id, role) VALUES (:id, 'teacher')", id=ANN
    )
    finds(admin, "ann", "ann")
    typed = {"coach_typed": "ann", "teacher_typed": "ann"}
    assert admin.post(PAGE, coach=str(ANN), teacher=str(ANN), **typed).status_code == 422
    assert "Nobody appraises herself." in admin.page
    assert "Are these the two?" in admin.page


def test_a_form_of_ids_that_mean_nobody_is_answered_plainly(admin: Hand) -> None:
    admin.get(PAGE)
    gone = {"coach": str(an_id(999)), "teacher": str(MAYA)}
    assert admin.post(PAGE, **gone).status_code == 422
    assert "There is nobody like that here any more." in admin.page
    assert admin.post(f"{PAGE}/end", **gone).status_code == 404
    admin.get(PAGE)
    assert admin.post(f"{PAGE}/end", coach="x").status_code == 422
    assert admin.get(f"{PAGE}?coach={JO}&teacher={MAYA}").status_code == 200


def test_no_name_and_no_address_stands_in_a_link(admin: Hand) -> None:
    finds(admin, "lindqvist", "maya")
    says(admin)
    links = re.findall(r'(?:href|action)="([^"]*)"', admin.page)
    assert not [link for link in links if "maya" in link.lower() or "lindqvist" in link.lower()]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("viewport", [PHONE, DESKTOP], ids=["phone", "desk"])
def test_every_step_is_accessible_and_fits_the_window(
    chromium: Browser, division: PagesDivision, address: str, scheme: str, viewport: dict[str, int]
) -> None:
    rows = [
        PersonRow(
            id=an_id(150 + n),
            name=f"Theodora Vandenberghe-Featherstonehaugh {n}",
            email=f"theodora.vandenberghe-featherstonehaugh-{n}@larches.example.org",
            role="teacher",
            school_id=SCHOOL_ID,
        )
        for n in range(2)
    ]
    with transaction(division.engine, SYSTEM) as connection:
        load_people(connection, rows)
    options = {"color_scheme": scheme, "viewport": viewport}
    with visitor(chromium, address, **options) as someone:
        page, found = someone.page, {}

        def look(name: str) -> None:
            found[name] = (someone.violations(), someone.sideways(), someone.small_targets())

        someone.visit("/")
        page.get_by_role("button", name="Ada Brandt").click()
        page.get_by_role("link", name="Appraisals").click()
        look("empty")
        page.get_by_role("button", name="Find these two").click()
        look("to mend")
        page.get_by_label("Coach").fill("jo")
        page.get_by_label("Teacher").fill("theodora")
        page.get_by_role("button", name="Find these two").click()
        look("to choose")
        page.get_by_label("Featherstonehaugh 1").check()
        page.get_by_role("button", name="Save").click()
        expect(page.get_by_role("status")).to_contain_text("Saved: Jo Lindqvist")
        look("saved")
        page.get_by_role("button", name="Remove").click()
        expect(page.get_by_role("status")).to_contain_text("Removed: Jo Lindqvist")
        look("removed")
        page.get_by_role("button", name="Undo").click()
        expect(page.get_by_role("heading", name="Jo Lindqvist")).to_be_visible()
        someone.visit(f"{PAGE}?lang=fr")
        look("french")
        complaints = [c for c in someone.complaints if "422" not in c]
    assert {name: what for name, what in found.items() if what != ([], 0, [])} == {}
    assert complaints == []


def test_the_whole_way_needs_no_script(
    chromium: Browser, division: PagesDivision, address: str
) -> None:
    with visitor(chromium, address, java_script_enabled=False) as someone:
        page = someone.page
        someone.visit("/")
        page.get_by_role("button", name="Ada Brandt").click()
        someone.visit(PAGE)
        page.get_by_label("Coach").fill("jo.lindqvist@larches.example.org")
        page.get_by_label("Teacher").fill("maya")
        page.get_by_role("button", name="Find these two").click()
        page.get_by_role("button", name="Save").click()
        expect(page.get_by_role("status")).to_contain_text("Saved: Jo Lindqvist")
        page.get_by_role("button", name="Remove").click()
        page.get_by_role("button", name="Undo").click()
        expect(page.get_by_role("status")).to_contain_text("Saved: Jo Lindqvist")
    assert [one["stands"] for one in told(division.database)] == [True, False, True]
