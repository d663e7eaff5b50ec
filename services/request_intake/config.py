"""Settings of request_intake, read once and checked as a whole."""

import os
from collections.abc import Mapping
from dataclasses import dataclass

from shared.settings import load, long_secret, setting, switch, url, whole_number

_MOST = 1_000_000


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

    @classmethod
    def from_env(cls, environ: Mapping[str, str] | None = None) -> "Settings":
        """Complete settings, or SettingsError naming all that is missing or wrong."""
        return load(cls, os.environ if environ is None else environ)
