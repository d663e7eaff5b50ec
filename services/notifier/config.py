"""The notifier's settings: complete and safe, or all that is wrong is named at once."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from services.notifier.domain.plain_text import mailbox
from services.notifier.domain.smtp_server import SmtpServer, UnsafeServerError
from shared.settings import InvalidSetting, load, long_secret, setting, url


def _mail_server(text: str) -> SmtpServer:
    try:
        return SmtpServer.from_url(text)
    except UnsafeServerError as fault:
        raise InvalidSetting(str(fault)) from fault


def _sender(text: str) -> str:
    address = mailbox(text)
    if address is None:
        raise InvalidSetting("must be one plain address, such as remit@division.example")
    return address


def _public_url(text: str) -> str:
    parts = urlsplit(url("http", "https")(text))
    if not parts.hostname or parts.query or parts.fragment or parts.username:
        raise InvalidSetting("must be the address that people open, such as https://remit.example")
    return text.rstrip("/")


@dataclass(frozen=True, kw_only=True)
class Settings:
    """What the notifier needs from outside."""

    database_url: str = setting(
        "REMIT_DATABASE_URL",
        "PostgreSQL, as the login that may take the services' roles.",
        parse=url("postgresql", "postgres", "postgresql+psycopg"),
        secret=True,
    )
    smtp_server: SmtpServer = setting(  # noqa: RUF009  -- frozen, and no default is made
        "REMIT_SMTP_URL",
        "The mail server: smtp://[user:password@]host:port?tls=starttls|tls|none.",
        parse=_mail_server,
        secret=True,
    )
    mail_from: str = setting(
        "REMIT_MAIL_FROM",
        "The address that Remit sends as and organises meetings as.",
        parse=_sender,
    )
    secret_key: str = setting(
        "REMIT_SECRET_KEY",
        "Signs cookies and forms; here, the codes that people sign in with.",
        parse=long_secret,
        secret=True,
    )
    public_url: str = setting(
        "REMIT_PUBLIC_URL", "The address that people open; links begin with it.", parse=_public_url
    )

    @classmethod
    def from_env(cls, environ: Mapping[str, str] | None = None) -> "Settings":
        """Read the environment; SettingsError names all that is wrong."""
        return load(cls, os.environ if environ is None else environ)
