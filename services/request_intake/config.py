"""Settings of request_intake, read once and checked as a whole."""

import os
from collections.abc import Mapping
from dataclasses import dataclass

from services.request_intake.domain.sign_in import (
    Provider,
    issuer_fault,
    provider_of,
    tenant_fault,
)
from shared.settings import (
    InvalidSetting,
    load,
    long_secret,
    setting,
    switch,
    url,
    whole_number,
)

_MOST = 1_000_000


def _provider(text: str) -> str:
    if fault := issuer_fault(text):
        raise InvalidSetting(fault)
    return text


@dataclass(frozen=True, kw_only=True)
class Settings:
    database_url: str = setting(
        "REMIT_DATABASE_URL",
        "PostgreSQL, as the login of all services",
        parse=url("postgresql", "postgresql+psycopg", "postgres"),
        secret=True,
    )
    broker_url: str = setting(
        "REMIT_BROKER_URL",
        "Redis or Valkey; here it counts requests for the rate limits",
        parse=url("redis", "rediss", "unix", "redis+socket"),
        secret=True,
    )
    public_url: str = setting(
        "REMIT_PUBLIC_URL", "Where people reach Remit; base of links", parse=url("http", "https")
    )
    secret_key: str = setting(
        "REMIT_SECRET_KEY", "Signs cookies and forms", parse=long_secret, secret=True
    )
    demo: bool = setting(
        "REMIT_DEMO",
        "Pages open with a chosen persona instead of a sign-in",
        parse=switch,
        default=False,
    )
    rate_per_account: int = setting(
        "REMIT_RATE_PER_ACCOUNT",
        "Asks a minute that one account, or one API token, may send",
        parse=whole_number(1, _MOST),
        default=60,
    )
    rate_per_address: int = setting(
        "REMIT_RATE_PER_ADDRESS",
        "Asks a minute from one network address (a school may be behind one)",
        parse=whole_number(1, _MOST),
        default=60_000,
    )
    rate_whole: int = setting(
        "REMIT_RATE_WHOLE",
        "Asks a minute from everybody together",
        parse=whole_number(1, _MOST),
        default=120_000,
    )
    sign_in_provider: str = setting(
        "REMIT_SIGN_IN_PROVIDER",
        "Who signs people in: google, entra, or an OpenID issuer's URL; without it, codes by mail",
        parse=_provider,
        default="",
    )
    sign_in_tenant: str = setting(
        "REMIT_SIGN_IN_TENANT",
        "Whose accounts: the Google Workspace domain, or the Entra tenant's id",
        default="",
    )
    sign_in_client_id: str = setting(
        "REMIT_SIGN_IN_CLIENT_ID", "What the provider knows Remit as", default=""
    )
    sign_in_client_secret: str = setting(
        "REMIT_SIGN_IN_CLIENT_SECRET",
        "The secret that the provider gave with it",
        default="",
        secret=True,
    )
    review_hours: int = setting(
        "REMIT_REVIEW_HOURS",
        "Hours until an ask under review is overdue and every admin is told",
        parse=whole_number(1, 8_760),
        default=48,
    )
    exceptions_a_month: int = setting(
        "REMIT_EXCEPTIONS_A_MONTH",
        "Asks out of remit that may be coached by exception in a month, in the whole division",
        parse=whole_number(0, 1_000),
        default=4,
    )

    @property
    def provider(self) -> Provider | None:
        """Who says who somebody is; None: a code by mail does."""
        if not self.sign_in_provider:
            return None
        return provider_of(self.sign_in_provider, self.sign_in_tenant)

    def faults_together(self) -> list[str]:
        """What a provider needs beside its name."""
        if not self.sign_in_provider:
            return []
        given = {
            "REMIT_SIGN_IN_CLIENT_ID": self.sign_in_client_id,
            "REMIT_SIGN_IN_CLIENT_SECRET": self.sign_in_client_secret,
        }
        faults = [
            f"{name} is missing: REMIT_SIGN_IN_PROVIDER needs it"
            for name, value in given.items()
            if not value
        ]
        if fault := tenant_fault(self.sign_in_provider, self.sign_in_tenant):
            faults.append(f"REMIT_SIGN_IN_TENANT: {fault}")
        return faults

    @classmethod
    def from_env(cls, environ: Mapping[str, str] | None = None) -> "Settings":
        """Complete settings, or SettingsError naming all that is missing or wrong."""
        return load(cls, os.environ if environ is None else environ)
