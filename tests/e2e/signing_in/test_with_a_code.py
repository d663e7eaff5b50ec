"""Signing in with a code by mail: typed where it was asked for, once, and soon."""

import re
from collections.abc import Iterator

import pytest

from services.request_intake.domain.sign_in import MOST_FROM_A_NETWORK, MOST_TO_AN_ADDRESS
from tests.support.notifier.letters import words_of_letter
from tests.support.notifier.rig import Rig, a_mailer, a_rig
from tests.support.pages import Hand, PagesDivision
from tests.support.postgres import Database
from tests.support.request_intake.division import MAYA
from tests.support.smtp import MailServer, mail_server
from tests.support.waiting import until

ADDRESS = "maya.okafor@larches.example.org"
_CODE = re.compile(r"\b([A-Z2-9]{4}) ([A-Z2-9]{4})\b")


@pytest.fixture
def division(database: Database) -> PagesDivision:
    return PagesDivision(database, demo=False)


@pytest.fixture
def hand(division: PagesDivision) -> Hand:
    return Hand(division, person=None)


@pytest.fixture
def post(database: Database) -> Iterator[tuple[Rig, MailServer]]:
    with mail_server() as server, a_rig(database, a_mailer(server)) as rig:
        yield rig, server


def asked(hand: Hand, email: str = ADDRESS) -> str:
    """The page that follows on asking for a code."""
    hand.get("/sign-in")
    answer = hand.post("/sign-in", email=email)
    assert (answer.status_code, answer.location) == (303, "/sign-in/code")
    hand.get("/sign-in/code")
    return re.sub(r'value="[^"]+"', "", hand.page)


def the_code(post: tuple[Rig, MailServer]) -> str:
    """As it stands in the newest letter that arrived."""
    rig, server = post
    before = len(server.received)
    until(lambda: rig.run() is not None and len(server.received) > before, 60)
    text, html = words_of_letter(server.received[-1].content)
    found = _CODE.search(text)
    assert found
    assert found[0] in html
    return found[0]


def test_she_signs_in_with_the_code_from_her_mail_and_reaches_what_she_wanted(
    hand: Hand, post: tuple[Rig, MailServer]
) -> None:
    hand.get("/sign-in?next=/requests")
    asked_for = hand.post("/sign-in", email=f" {ADDRESS.upper()} ")
    assert asked_for.location == "/sign-in/code"
    code = the_code(post)
    hand.get("/sign-in/code")
    answer = hand.post("/sign-in/code", code=code.replace(" ", "").lower())
    assert (answer.status_code, answer.location) == (303, "/requests")
    assert hand.get("/requests").status_code == 200
    assert "Sign out" in hand.page


def test_nothing_tells_whether_somebody_has_an_address(
    division: PagesDivision, database: Database
) -> None:
    known, unknown = Hand(division, person=None), Hand(division, person=None)
    assert asked(known) == asked(unknown, "nobody@larches.example.org")
    for one in (known, unknown):
        assert one.post("/sign-in/code", code="ABCD2345").status_code == 422
    assert re.sub(r'value="[^"]+"', "", known.page) == re.sub(r'value="[^"]+"', "", unknown.page)
    assert database.sql("SELECT count(*) FROM bus.event WHERE name = 'sign_in.code_asked'") == [
        (1,)
    ]


def test_a_code_opens_nothing_in_another_browser_and_nothing_twice(
    division: PagesDivision, hand: Hand, post: tuple[Rig, MailServer]
) -> None:
    asked(hand)
    code = the_code(post)
    other = Hand(division, person=None)
    asked(other, "noor.haddad@larches.example.org")
    assert other.post("/sign-in/code", code=code).status_code == 422
    hand.get("/sign-in/code")
    before = hand.client.get_cookie("remit")
    assert hand.post("/sign-in/code", code=code).status_code == 303
    hand.client.set_cookie("remit", before.value if before else "")
    hand.get("/sign-in/code")
    assert hand.post("/sign-in/code", code=code).status_code == 422
    assert "That code is over" in hand.page


def test_after_five_tries_or_ten_minutes_even_the_right_code_is_over(
    division: PagesDivision, hand: Hand, post: tuple[Rig, MailServer], database: Database
) -> None:
    asked(hand)
    code = the_code(post)
    for _ in range(5):
        assert hand.post("/sign-in/code", code="ABCD2345").status_code == 422
        assert "That is not the code" in hand.page
    assert hand.post("/sign-in/code", code=code).status_code == 422
    assert "That code is over" in hand.page

    late = Hand(division, person=None)
    asked(late)
    code = the_code(post)
    database.sql("UPDATE access.sign_in_attempt SET asked_at = asked_at - interval '10 minutes'")
    assert late.post("/sign-in/code", code=code).status_code == 422
    assert "That code is over" in late.page


def test_a_scanner_that_opens_and_posts_every_link_of_the_mail_spoils_nothing(
    division: PagesDivision, hand: Hand, post: tuple[Rig, MailServer]
) -> None:
    asked(hand)
    code = the_code(post)
    text, _ = words_of_letter(post[1].received[-1].content)
    links = re.findall(r"https?://[^\s/]+(/\S*)", text)
    assert "/sign-in/code" in links
    for _ in range(3):
        scanner = Hand(division, person=None)
        for link in links:
            scanner.get(link)
            scanner.post(link, code=code)
    hand.get("/sign-in/code")
    assert hand.post("/sign-in/code", code=code).status_code == 303


def test_who_asks_again_and_again_is_heard_and_mailed_no_more(
    division: PagesDivision, database: Database
) -> None:
    for _ in range(MOST_TO_AN_ADDRESS + 2):
        asked(Hand(division, person=None))
    asked_for = "SELECT count(*) FROM bus.event WHERE name = 'sign_in.code_asked'"
    assert database.sql(asked_for) == [(MOST_TO_AN_ADDRESS,)]

    database.sql(
        "INSERT INTO access.sign_in_attempt (id, browser_hash, address_hash, network_hash)"
        " SELECT gen_random_uuid(), sha256(n::text::bytea), '', (SELECT network_hash"
        "   FROM access.sign_in_attempt LIMIT 1)"
        f" FROM generate_series(1, {MOST_FROM_A_NETWORK}) AS n"
    )
    hand = Hand(division, person=None)
    hand.get("/sign-in")
    assert hand.post("/sign-in", email=ADDRESS).status_code == 429
    assert "Too many codes" in hand.page
    assert ADDRESS in hand.page  # nothing that she typed is lost


@pytest.mark.parametrize("email", ["", "maya", "@larches.example.org", "a@", "a" * 250 + "@b.org"])
def test_what_is_no_address_is_named_and_kept(hand: Hand, email: str) -> None:
    hand.get("/sign-in")
    assert hand.post("/sign-in", email=email).status_code == 422
    assert "not an email address" in hand.page
    assert f'value="{email}"' in hand.page


def test_who_never_asked_is_told_where_to_ask(hand: Hand) -> None:
    assert hand.get("/sign-in/code").status_code == 200
    assert "this one did not ask" in hand.page


def test_a_code_is_no_use_late_and_is_not_sent_then(
    hand: Hand, post: tuple[Rig, MailServer], database: Database
) -> None:
    asked(hand)
    rig, server = post
    database.sql(
        "INSERT INTO notifier.hold (reason, failures, ask_again_at)"
        " VALUES ('server_away', 1, now() + interval '1 hour')"
    )
    until(lambda: rig.run() is not None and bool(rig.states_of_all()), 60)
    database.sql("UPDATE notifier.notice SET queued_at = queued_at - interval '11 minutes'")
    database.sql("DELETE FROM notifier.hold")
    until(lambda: rig.run() is not None and rig.states_of_all() == ["failed"], 60)
    assert server.received == []


def test_one_person_in_two_roles_is_in_one_at_a_time(
    hand: Hand, post: tuple[Rig, MailServer], database: Database
) -> None:
    database.sql(f"INSERT INTO access.role (actor_id, role) VALUES ('{MAYA}', 'admin')")
    asked(hand)
    assert hand.post("/sign-in/code", code=the_code(post)).location == "/my-roles"
    assert hand.get("/my-roles").status_code == 200
    assert hand.get("/ask").status_code == 200
    assert hand.get("/model").status_code == 404
    before = hand.client.get_cookie("remit")
    hand.get("/my-roles")
    assert hand.post("/my-roles", role="leader").status_code == 422
    hand.get("/my-roles")
    assert hand.post("/my-roles", role="admin").location == "/model"
    assert hand.get("/model").status_code == 200
    assert hand.get("/ask").status_code == 404
    # The session in the other role is over, not kept beside this one.
    hand.client.set_cookie("remit", before.value if before else "")
    assert hand.get("/ask").location == "/sign-in?next=/ask"
    database.sql("DELETE FROM access.role WHERE role = 'admin'")
    assert database.sql("SELECT count(*) FROM access.session WHERE ended_at IS NULL") == [(0,)]
