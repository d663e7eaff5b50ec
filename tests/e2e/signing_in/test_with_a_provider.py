"""Signing in with the division's own accounts: who is let in, and the tokens that let nobody in."""

import base64
import hmac
import json
import time
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from joserfc import jwt
from joserfc.jwk import RSAKey
from werkzeug.test import TestResponse

from tests.support.identity_provider import (
    CLIENT_ID,
    Claims,
    HostileProvider,
    honest_provider,
    hostile_provider,
)
from tests.support.pages import Hand, PagesDivision
from tests.support.postgres import Database
from tests.support.request_intake.division import MAYA

SECRET = "the client's secret"


def a_division(database: Database, issuer: str) -> PagesDivision:
    return PagesDivision(
        database,
        demo=False,
        sign_in_provider=issuer,
        sign_in_client_id=CLIENT_ID,
        sign_in_client_secret=SECRET,
    )


@pytest.fixture
def provider() -> Iterator[HostileProvider]:
    with hostile_provider() as running:
        yield running


@pytest.fixture
def division(database: Database, provider: HostileProvider) -> PagesDivision:
    return a_division(database, provider.issuer)


@pytest.fixture
def hand(division: PagesDivision) -> Hand:
    return Hand(division, person=None)


def gone(hand: Hand) -> str:
    """She goes to the provider and is sent back: the address she comes back to."""
    away = hand.get("/sign-in/go")
    assert away.status_code == 302
    back = requests.get(away.location, allow_redirects=False, timeout=20)
    return back.headers["Location"]


def signed_in(hand: Hand) -> TestResponse:
    there = urlsplit(gone(hand))
    return hand.get(f"{there.path}?{there.query}")


def is_in(hand: Hand) -> bool:
    return hand.get("/requests").status_code == 200


# The provider's own code, not ours, still speaks an older dialect of Authlib.
@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_she_signs_in_at_a_provider_that_others_wrote(database: Database) -> None:
    claims = {"email": "Maya.Okafor@larches.example.org", "email_verified": True}
    with honest_provider("248", claims) as issuer:
        hand = Hand(a_division(database, issuer), person=None)
        assert hand.get("/requests").location == "/sign-in?next=/requests"
        hand.get("/sign-in?next=/requests")
        away = hand.get("/sign-in/go").location
        asked = parse_qs(urlsplit(away).query)
        assert asked["code_challenge_method"] == ["S256"]
        assert asked["scope"] == ["openid email profile"]
        assert asked["nonce"] != asked["state"]

        with requests.Session() as browser:
            back = browser.post(away, data={"sub": "248"}, allow_redirects=False, timeout=20)
        there = urlsplit(back.headers["Location"])
        answer = hand.get(f"{there.path}?{there.query}")

        assert (answer.status_code, answer.location) == (303, "/requests")
        assert is_in(hand)
        assert "Maya Okafor" in hand.page


def test_she_is_known_by_her_subject_whatever_her_address_becomes(
    provider: HostileProvider, division: PagesDivision, database: Database
) -> None:
    assert signed_in(Hand(division, person=None)).status_code == 303
    provider.claims = {"email": "maya.new@larches.example.org"}
    hand = Hand(division, person=None)
    assert signed_in(hand).status_code == 303
    assert is_in(hand)
    assert database.sql("SELECT count(*) FROM access.identity") == [(1,)]


def test_who_is_given_her_address_later_is_not_let_into_her_account(
    provider: HostileProvider, division: PagesDivision
) -> None:
    assert signed_in(Hand(division, person=None)).status_code == 303
    provider.claims = {"sub": "249"}
    hand = Hand(division, person=None)
    answer = signed_in(hand)
    assert answer.status_code == 403
    assert "from another account" in hand.page
    assert not is_in(hand)


def test_an_address_that_nobody_here_has_and_a_closed_account_are_told_so(
    provider: HostileProvider, division: PagesDivision, database: Database
) -> None:
    hand = Hand(division, person=None)
    provider.claims = {"email": "stranger@larches.example.org", "sub": "250"}
    assert signed_in(hand).status_code == 403
    assert "nobody here has that address" in hand.page

    provider.claims = {}
    assert signed_in(hand).status_code == 303
    database.sql("UPDATE access.actor SET disabled_at = now()")
    assert not is_in(hand)  # at her next request
    assert signed_in(hand).status_code == 403
    assert "is closed" in hand.page


def _in_base64(value: bytes) -> str:
    return base64.urlsafe_b64encode(value).rstrip(b"=").decode()


def _part(value: Any) -> str:
    return _in_base64(json.dumps(value).encode())


def without_signature(_: HostileProvider, claims: Claims) -> str:
    return f"{_part({'alg': 'none'})}.{_part(claims)}."


def signed_with_the_public_key(provider: HostileProvider, claims: Claims) -> str:
    """By hand: a library worth its name refuses to."""
    signed = f"{_part({'alg': 'HS256', 'kid': 'one'})}.{_part(claims)}"
    public = provider.key.as_pem(private=False)
    return f"{signed}.{_in_base64(hmac.digest(public, signed.encode(), 'sha256'))}"


def signed_with_a_key_it_brings_along(_: HostileProvider, claims: Claims) -> str:
    evil = RSAKey.generate_key(2048)
    header = {"alg": "RS256", "jwk": evil.as_dict(private=False)}
    return jwt.encode(header, claims, evil)


def signed_with_a_key_it_points_to(provider: HostileProvider, claims: Claims) -> str:
    evil = RSAKey.generate_key(2048)
    header = {"alg": "RS256", "kid": "one", "jku": f"{provider.issuer}/evil"}
    return jwt.encode(header, claims, evil)


HOSTILE_TOKENS: dict[str, dict[str, Any]] = {
    "no signature": {"token": without_signature},
    "HS256 with the public key": {"token": signed_with_the_public_key},
    "a key in its header": {"token": signed_with_a_key_it_brings_along},
    "a key that its header points to": {"token": signed_with_a_key_it_points_to},
    "another issuer": {"claims": {"iss": "https://evil.example"}},
    "for another application": {"claims": {"aud": "another"}},
    "for several, given to another": {"claims": {"aud": [CLIENT_ID, "b"], "azp": "b"}},
    "expired": {"claims": {"exp": int(time.time()) - 3_600}},
    "not valid yet": {"claims": {"nbf": int(time.time()) + 3_600}},
    "of another visit": {"claims": {"nonce": "another"}},
    "of no visit": {"left_out": ("nonce",)},
    "without a subject": {"left_out": ("sub",)},
    "an unconfirmed address": {"claims": {"email_verified": False}},
    "256 KB": {"claims": {"filler": "x" * 262_144}},
    "answered by another provider": {"answer": {"iss": "https://evil.example"}},
}


@pytest.mark.parametrize("name", HOSTILE_TOKENS)
def test_a_token_that_proves_nothing_lets_nobody_in(
    name: str, provider: HostileProvider, hand: Hand, database: Database
) -> None:
    for attribute, value in HOSTILE_TOKENS[name].items():
        setattr(provider, attribute, value)
    answer = signed_in(hand)
    assert answer.status_code == 403
    assert not is_in(hand)
    assert database.sql("SELECT count(*) FROM access.session") == [(0,)]
    assert database.sql("SELECT count(*) FROM access.identity") == [(0,)]

    for attribute in HOSTILE_TOKENS[name]:
        setattr(provider, attribute, getattr(HostileProvider(), attribute))
    assert signed_in(hand).status_code == 303  # and the honest one does


def test_an_answer_counts_once_and_only_in_the_browser_that_asked(
    division: PagesDivision, hand: Hand
) -> None:
    there = urlsplit(gone(hand))
    address = f"{there.path}?{there.query}"
    other = Hand(division, person=None)
    assert other.get(address).status_code == 403  # a link that somebody sent her
    assert not is_in(other)
    assert hand.get(address).status_code == 303
    assert is_in(hand)
    assert other.get(address).status_code == 403
    assert hand.get(address).status_code == 403  # played again


def test_a_provider_that_says_it_is_another_or_is_away_lets_nobody_in_and_says_so(
    provider: HostileProvider, hand: Hand
) -> None:
    provider.described = {"issuer": "https://accounts.google.com"}
    assert hand.get("/sign-in/go").status_code == 503
    provider.described, provider.down = {}, True
    assert hand.get("/sign-in/go").status_code == 503
    assert "does not answer just now" in hand.page
    provider.down = False
    there = urlsplit(gone(hand))
    provider.down = True
    assert hand.get(f"{there.path}?{there.query}").status_code in (403, 503)
    provider.down = False
    assert signed_in(hand).status_code == 303


def test_who_begins_again_and_again_does_not_outgrow_her_cookie(hand: Hand) -> None:
    for _ in range(60):
        first = urlsplit(gone(hand))
    cookie = hand.client.get_cookie("remit")
    assert cookie
    assert len(cookie.value) < 4_000
    assert hand.get(f"{first.path}?{first.query}").status_code == 303
    assert is_in(hand)


def test_she_may_think_better_of_it(provider: HostileProvider, hand: Hand) -> None:
    there = urlsplit(gone(hand))
    state = parse_qs(there.query)["state"][0]
    answer = hand.get(f"{there.path}?error=access_denied&state={state}")
    assert answer.status_code == 200
    assert "Nothing has changed" in hand.page


def test_with_a_provider_a_code_by_mail_opens_nothing(
    division: PagesDivision, hand: Hand, database: Database
) -> None:
    hand.get("/sign-in")
    assert "Send me a code" not in hand.page
    assert signed_in(hand).status_code == 303
    assert hand.get("/ask").status_code == 200  # for its form's token
    assert hand.post("/sign-in", email="maya.okafor@larches.example.org").status_code == 404
    assert hand.post("/sign-in/code", code="ABCD2345").status_code == 404
    assert hand.get("/sign-in/code").status_code == 404
    assert database.sql("SELECT count(*) FROM access.sign_in_attempt") == [(0,)]


def test_signing_in_gives_a_new_session_and_signing_out_ends_it(
    provider: HostileProvider, hand: Hand, database: Database
) -> None:
    assert signed_in(hand).status_code == 303
    before = hand.client.get_cookie("remit")
    assert signed_in(hand).status_code == 303
    assert hand.client.get_cookie("remit") != before
    assert database.sql("SELECT count(*) FROM access.session WHERE ended_at IS NULL") == [(1,)]
    hand.get("/ask")
    assert hand.post("/leave").location == "/sign-in"
    assert not is_in(hand)
    assert database.sql(
        "SELECT action FROM access.audit_entry WHERE action <> 'model.published' ORDER BY number"
    ) == [("identity.linked",), ("session.begun",), ("session.begun",)]
    assert database.sql(
        "SELECT DISTINCT actor FROM access.audit_entry WHERE action = 'session.begun'"
    ) == [(str(MAYA),)]
