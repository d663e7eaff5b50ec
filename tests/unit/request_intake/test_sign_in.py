"""Whose accounts are taken, which claims are believed, what a code is."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.request_intake.config import Settings
from services.request_intake.domain.sign_in import Identity, Refused, identity_of, provider_of
from shared.access.sign_in_codes import code_of, is_code_of
from shared.settings import SettingsError
from tests.support.events import an_id

KEY = "0123456789abcdefghijklmnopqrstuvwxyz"
TENANT = "7f6f2f5e-0d6c-4f0e-9f2f-6f1d2b3c4d5e"
CLAIMS = {"sub": "248", "email": "Maya@larches.example.org", "email_verified": True}
OTHER = provider_of("https://id.larches.example.org", "")
GOOGLE = provider_of("google", "larches.example.org")
ENTRA = provider_of("entra", TENANT)


def test_presets_know_their_issuers() -> None:
    assert GOOGLE.discovery == "https://accounts.google.com/.well-known/openid-configuration"
    assert ENTRA.issuer == f"https://login.microsoftonline.com/{TENANT}/v2.0"


@pytest.mark.parametrize(
    ("provider", "claims"),
    [
        (OTHER, CLAIMS),
        (GOOGLE, {**CLAIMS, "hd": "Larches.example.org"}),
        (ENTRA, {"sub": "248", "tid": TENANT, "preferred_username": "maya@larches.example.org"}),
        (ENTRA, {"sub": "248", "tid": TENANT.upper(), "email": "maya@larches.example.org"}),
    ],
)
def test_she_is_who_her_provider_says(provider: Any, claims: dict[str, Any]) -> None:
    assert identity_of(provider, claims) == Identity(
        issuer=provider.issuer, subject="248", email="maya@larches.example.org"
    )


@pytest.mark.parametrize(
    ("provider", "claims", "why"),
    [
        (OTHER, {**CLAIMS, "email_verified": False}, "unverified"),
        (OTHER, {**CLAIMS, "email_verified": "true"}, "unverified"),
        (OTHER, {"sub": "248", "email": "maya@larches.example.org"}, "unverified"),
        (OTHER, {"sub": "248", "email_verified": True}, "unverified"),
        (OTHER, {**CLAIMS, "email": ["maya@larches.example.org"]}, "unverified"),
        (OTHER, {**CLAIMS, "sub": ""}, "elsewhere"),
        (OTHER, {**CLAIMS, "sub": 248}, "elsewhere"),
        (OTHER, {**CLAIMS, "sub": "2" * 256}, "elsewhere"),
        (GOOGLE, CLAIMS, "elsewhere"),  # a private account has no hosted domain
        (GOOGLE, {**CLAIMS, "hd": "evil.example"}, "elsewhere"),
        (GOOGLE, {**CLAIMS, "hd": "larches.example.org", "email_verified": False}, "unverified"),
        (ENTRA, CLAIMS, "elsewhere"),
        (ENTRA, {**CLAIMS, "tid": TENANT.replace("7", "8")}, "elsewhere"),
        (OTHER, {}, "elsewhere"),
    ],
)
def test_what_proves_nothing_is_refused(provider: Any, claims: dict[str, Any], why: str) -> None:
    assert identity_of(provider, claims) == Refused(why)


@given(number=st.integers(1, 2**60))
def test_a_code_is_eight_plain_letters_and_opens_its_own_attempt_alone(number: int) -> None:
    code = code_of(KEY, an_id(number))
    assert len(code) == 8
    assert not set(code) & set("01IO")
    assert is_code_of(KEY, an_id(number), f" {code[:4].lower()}-{code[4:]} ")
    assert not is_code_of(KEY, an_id(number + 1), code)
    assert not is_code_of(KEY[::-1], an_id(number), code)
    assert not is_code_of(KEY, an_id(number), "")
    assert not is_code_of(KEY, an_id(number), f"{code}Ä")


GIVEN = {
    "REMIT_DATABASE_URL": "postgresql://remit_app@localhost/remit",
    "REMIT_BROKER_URL": "redis://localhost",
    "REMIT_PUBLIC_URL": "http://localhost",
    "REMIT_SECRET_KEY": KEY,
}
CLIENT = {"REMIT_SIGN_IN_CLIENT_ID": "remit", "REMIT_SIGN_IN_CLIENT_SECRET": "a secret"}


@pytest.mark.parametrize(
    ("changes", "named"),
    [
        ({"REMIT_SIGN_IN_PROVIDER": "http://id.example.org", **CLIENT}, ["PROVIDER"]),
        ({"REMIT_SIGN_IN_PROVIDER": "facebook", **CLIENT}, ["PROVIDER"]),
        ({"REMIT_SIGN_IN_PROVIDER": "google", **CLIENT}, ["TENANT"]),
        (
            {
                "REMIT_SIGN_IN_PROVIDER": "entra",
                "REMIT_SIGN_IN_TENANT": "common",
            },
            ["CLIENT_ID", "CLIENT_SECRET", "TENANT"],
        ),
    ],
)
def test_half_a_provider_is_named_at_the_start(changes: dict[str, str], named: list[str]) -> None:
    with pytest.raises(SettingsError) as refusal:
        Settings.from_env({**GIVEN, **changes})
    assert [fault.split()[0].rstrip(":") for fault in refusal.value.faults] == [
        f"REMIT_SIGN_IN_{name}" for name in named
    ]


def test_a_whole_provider_is_taken_and_none_means_codes() -> None:
    whole = {"REMIT_SIGN_IN_PROVIDER": "google", "REMIT_SIGN_IN_TENANT": "larches.example.org"}
    assert Settings.from_env({**GIVEN, **CLIENT, **whole}).provider == GOOGLE
    assert Settings.from_env(GIVEN).provider is None
    assert "a secret" not in repr(Settings.from_env({**GIVEN, **CLIENT, **whole}))
