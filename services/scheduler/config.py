"""The scheduler's settings, read once from the environment and checked as a whole."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self

from shared.settings import load, long_secret, setting, url, whole_number


@dataclass(frozen=True, kw_only=True)
class Settings:
    """Complete, or the process refuses to start and names all that is missing."""

    database_url: str = setting(
        "REMIT_DATABASE_URL",
        "PostgreSQL, as the login role remit_app",
        parse=url("postgresql", "postgres", "postgresql+psycopg"),
        secret=True,
    )
    public_url: str = setting(
        "REMIT_PUBLIC_URL", "where people reach Remit; base of links", parse=url("http", "https")
    )
    secret_key: str = setting(
        "REMIT_SECRET_KEY", "signs cookies and forms", parse=long_secret, secret=True
    )
    horizon_weeks: int = setting(
        "REMIT_HORIZON_WEEKS",
        "how many local weeks ahead times are offered, this one included",
        parse=whole_number(1, 26),
        default=6,
    )
    cycle_weeks: int = setting(
        "REMIT_CYCLE_WEEKS",
        "how many local weeks farther than that the later meetings of a cycle may lie",
        parse=whole_number(0, 26),
        default=8,
    )
    notice_minutes: int = setting(
        "REMIT_NOTICE_MINUTES",
        "how many minutes before a session it may still be booked",
        parse=whole_number(0, 7 * 24 * 60),
        default=60,
    )
    hold_hours: int = setting(
        "REMIT_HOLD_HOURS",
        "how many hours a held time waits for its teacher's yes",
        parse=whole_number(1, 14 * 24),
        default=24,
    )
    close_days: int = setting(
        "REMIT_CLOSE_DAYS",
        "how many days after it a session counts as completed though nobody closed it",
        parse=whole_number(1, 60),
        default=7,
    )
    ramp_weeks: int = setting(
        "REMIT_RAMP_WEEKS",
        "how many weeks a newly appointed coach begins with less than her cap; 0: none",
        parse=whole_number(0, 12),
        default=3,
    )
    rematch_most: int = setting(
        "REMIT_REMATCH_MOST",
        "how many waiting requests are tried at once when time is freed",
        parse=whole_number(1, 1_000),
        default=200,
    )
    match_seed: int = setting(
        "REMIT_MATCH_SEED",
        "what is drawn by between coaches that are equal in everything",
        parse=whole_number(0, 2**31 - 1),
        default=0,
    )

    @classmethod
    def from_env(cls, environ: Mapping[str, str] | None = None) -> Self:
        """The settings of this process."""
        return load(cls, os.environ if environ is None else environ)
