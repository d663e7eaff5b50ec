"""The kind no on pages: a teacher appeals in two taps, an admin answers with one key."""

import re

import pytest

from tests.support.pages import Hand, PagesDivision
from tests.support.postgres import Database
from tests.support.request_intake.division import NOOR, OFFICE


@pytest.fixture
def admin(division: PagesDivision) -> Hand:
    return Hand(division, OFFICE)


def declined(division: PagesDivision) -> str:
    return f"/requests/{division.asks(topic='payroll', words='My pay stub is short').id}"


def unclear(division: PagesDivision) -> str:
    return f"/reviews/{division.asks(topic=None, words='help').id}"


def version(hand: Hand) -> str:
    found = re.search(r'name="version" value="(\d+)"', hand.page)
    assert found
    return found.group(1)


def appeals(hand: Hand, path: str, sentence: str = "") -> int:
    hand.get(path)
    return hand.post(f"{path}/appeal", sentence=sentence).status_code


def test_a_teacher_appeals_and_an_admin_says_that_it_is_coaching(
    division: PagesDivision, hand: Hand, admin: Hand
) -> None:
    hers = declined(division)
    hand.get(hers)
    assert "I think this is coaching" in hand.page
    assert "coaching office reads it" in hand.page
    assert appeals(hand, hers, "It is about my unit.") == 303
    hand.get(hers)
    assert "Under review" in hand.page

    admin.get("/reviews")
    assert "Appeal" in admin.page
    review = hers.replace("requests", "reviews")
    admin.get(review)
    assert "It is about my unit." in admin.page
    assert re.findall(r'accesskey="(\d)"', admin.page) == ["1", "2", "3", "4"]
    answered = admin.post(
        f"{review}/answer", version=version(admin), answer="coaching", topic="unit_planning"
    )
    assert (answered.status_code, answered.location) == (303, "/reviews")

    hand.get(hers)
    assert "We have it, and look for your coach" in hand.page
    admin.get("/reviews")
    assert "Nobody waits for you" in admin.page


def test_the_navigation_of_admins_counts_what_waits(division: PagesDivision, admin: Hand) -> None:
    unclear(division)
    admin.get("/model")
    assert re.search(
        r'href="/reviews"[^>]*>Reviews.<span class="badge-line warm">1</span>', admin.page
    )


def test_a_kept_decline_says_that_somebody_read_it_and_is_not_appealed_again(
    division: PagesDivision, hand: Hand, admin: Hand
) -> None:
    hers = declined(division)
    appeals(hand, hers)
    review = hers.replace("requests", "reviews")
    admin.get(review)
    admin.post(f"{review}/answer", version=version(admin), answer="keep")
    hand.get(hers)
    assert "has read your words" in hand.page
    assert "I think this is coaching" not in hand.page
    assert "For somebody else" in hand.page


def test_a_sentence_that_is_too_long_is_kept_to_be_mended(
    division: PagesDivision, hand: Hand
) -> None:
    hers = declined(division)
    assert appeals(hand, hers, "x" * 501) == 422
    assert "at most 500 visible characters" in hand.page
    assert "x" * 501 in hand.page


def test_another_teachers_request_is_not_there(division: PagesDivision) -> None:
    hers = declined(division)
    noor = Hand(division, NOOR)
    noor.get("/ask")
    assert noor.post(f"{hers}/appeal").status_code == 404


def test_a_second_reader_is_told_and_nothing_is_overwritten(
    division: PagesDivision, admin: Hand
) -> None:
    path = unclear(division)
    admin.get(path)
    seen, second = version(admin), Hand(division, OFFICE)
    second.get(path)
    admin.post(f"{path}/answer", version=seen, answer="elsewhere", topic="payroll")
    late = second.post(f"{path}/answer", version=seen, answer="coaching", topic="unit_planning")
    assert late.status_code == 409
    assert "Nothing was overwritten" in second.page
    assert second.get(path).status_code == 200
    assert "It is answered" in second.page


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({}, "Choose one of the answers"),
        ({"answer": "coaching", "topic": "payroll"}, "on the side that you mean"),
        ({"answer": "keep"}, "can not be kept"),
        ({"answer": "exception", "topic": "unit_planning"}, "Say in a sentence why"),
    ],
)
def test_an_answer_that_can_not_be_is_explained(
    division: PagesDivision, admin: Hand, fields: dict[str, str], said: str
) -> None:
    path = unclear(division)
    admin.get(path)
    answer = admin.post(f"{path}/answer", version=version(admin), **fields)
    assert answer.status_code == 422
    assert said in admin.page


def test_an_exception_is_counted_where_all_see_it(
    division: PagesDivision, hand: Hand, admin: Hand
) -> None:
    path = unclear(division)
    admin.get(path)
    granted = admin.post(
        f"{path}/answer",
        version=version(admin),
        answer="exception",
        topic="unit_planning",
        coach_type="literacy",
        support_mode="consultation",
        reason="This once.",
    )
    assert granted.status_code == 303
    admin.get("/reviews")
    assert "1 of 4 exceptions used this month" in admin.page
    hand.get(path.replace("reviews", "requests"))
    assert "Granted as an exception" in hand.page


def test_what_is_overdue_is_marked_and_stands_first(
    division: PagesDivision, admin: Hand, database: Database
) -> None:
    division.asks(topic=None, words="help")
    division.asks(topic=None, words="please")
    database.sql(
        "UPDATE request_intake.review w SET since = w.since - interval '3 days'"
        " FROM request_intake.request r WHERE r.id = w.request_id AND r.words = 'please'"
    )
    admin.get("/reviews")
    assert admin.page.index("Overdue") < admin.page.index("please") < admin.page.index("help</b>")
    assert admin.page.count("Overdue") == 1


def test_the_pages_speak_french(division: PagesDivision, admin: Hand) -> None:
    path = unclear(division)
    admin.get(path, **{"Accept-Language": "fr"})
    assert "Votre réponse" in admin.page
    assert "It is coaching" not in admin.page
