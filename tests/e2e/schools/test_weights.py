"""An admin says what weighs how much, on a page or by program; the next match reckons with it."""

import pytest

from services.scheduler.domain.weights import REWARDS, Weights
from tests.support.request_intake.division import OFFICE
from tests.support.scheduler.pages import Site, Window

PAGE, PATH = "/weights", "/weights"


@pytest.fixture
def office(site: Site) -> Window:
    window = site.window()
    window.get(PAGE)
    return window


def typed(**other: str) -> dict[str, str]:
    return {name: f"{value:g}" for name, value in vars(Weights()).items()} | other


def kept(site: Site) -> Weights:
    known = site.scheduler.weighing.kept()
    assert known
    return known.weights


def test_each_weight_stands_there_with_its_sentence_and_what_it_usually_is(office: Window) -> None:
    for name, sentence in REWARDS.items():
        assert sentence in office.text
        assert office.typed(name) == f"{getattr(Weights(), name):g}"


def test_what_is_typed_is_kept_with_a_comma_too_and_shown_again(site: Site, office: Window) -> None:
    answer = office.post(PAGE, revision=office.hidden("revision"), **typed(soon="40,5", load="0"))
    assert answer.status_code == 303
    office.get(answer.headers["Location"])
    assert "Saved. It holds from the next match on" in office.text
    assert (office.typed("soon"), office.typed("load")) == ("40.5", "0")
    assert (kept(site).soon, kept(site).load) == (40.5, 0.0)


def test_every_fault_is_named_and_what_was_typed_stands(site: Site, office: Window) -> None:
    before = kept(site)
    answer = office.post(PAGE, revision="0", **typed(soon="much", travel="101", school=""))
    assert answer.status_code == 422
    assert office.text.count("Write a number from 0 to 100.") >= 3
    assert office.typed("soon") == "much"
    assert kept(site) == before


def test_the_second_of_two_admins_is_told_what_stands(site: Site, office: Window) -> None:
    seen = office.hidden("revision")
    office.post(PAGE, revision=seen, **typed(soon="40"))
    answer = office.post(PAGE, revision=seen, **typed(soon="50"))
    assert answer.status_code == 409
    assert "Somebody changed this while you looked" in office.text
    assert office.typed("soon") == "50"
    assert kept(site).soon == 40
    assert (
        office.post(PAGE, revision=office.hidden("revision"), **typed(soon="50")).status_code == 303
    )
    assert kept(site).soon == 50


def test_the_usual_weights_can_be_shown_and_change_nothing_until_they_are_saved(
    site: Site, office: Window
) -> None:
    office.post(PAGE, revision=office.hidden("revision"), **typed(soon="40"))
    office.get(f"{PAGE}?usual=1")
    assert "Nothing is changed until you save them." in office.text
    assert office.typed("soon") == "60"
    assert kept(site).soon == 40


def test_a_program_reads_them_and_sets_them(site: Site) -> None:
    program = site.program(OFFICE, "admin")
    read = program.done("GET", PATH)
    assert read["weights"] == read["usual"] == vars(Weights())
    assert read["rewards"] == dict(REWARDS)
    wanted = {**read["weights"], "soon": 33.0}
    now = program.done("PUT", PATH, {"revision": read["revision"], "weights": wanted})
    assert now["weights"]["soon"] == kept(site).soon == 33.0
    status, _ = program.call("PUT", PATH, {"revision": read["revision"], "weights": wanted})
    assert status == 409
    too_much = {"revision": now["revision"], "weights": {**wanted, "soon": 1000}}
    assert program.wrong("PUT", PATH, too_much) == ["weights.soon"]
    del wanted["load"]
    assert program.wrong("PUT", PATH, {"revision": 1, "weights": wanted}) == ["weights.load"]
