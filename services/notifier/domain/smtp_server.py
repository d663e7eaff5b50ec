"""Where the mail server is, how its line is guarded, and who we are to it: read from one URL."""

import ipaddress
from dataclasses import dataclass, field
from urllib.parse import parse_qs, unquote, urlsplit

DEFAULT_PORTS = {"none": 25, "starttls": 587, "tls": 465}


class UnsafeServerError(ValueError):
    """The URL is not a mail server that we may use; the text says what would be right."""


@dataclass(frozen=True, kw_only=True)
class SmtpServer:
    """A mail server. The password never shows."""

    host: str
    port: int
    guard: str
    user: str | None = None
    password: str | None = field(default=None, repr=False)

    @classmethod
    def from_url(cls, url: str) -> "SmtpServer":
        """Read smtp://[user:password@]host[:port][?tls=none|starttls|tls]; starttls by default."""
        parts = urlsplit(url)
        guard = parse_qs(parts.query).get("tls", ["starttls"])[0]
        if parts.scheme != "smtp" or not parts.hostname:
            raise UnsafeServerError("must look like smtp://[user:password@]host:port?tls=starttls")
        if guard not in DEFAULT_PORTS:
            raise UnsafeServerError("tls must be none, starttls or tls")
        if guard == "none" and not _is_this_machine(parts.hostname):
            raise UnsafeServerError("tls=none is allowed on this machine only: say starttls or tls")
        try:
            port = parts.port or DEFAULT_PORTS[guard]
        except ValueError as error:
            raise UnsafeServerError("its port must be a number up to 65535") from error
        return cls(
            host=parts.hostname,
            port=port,
            guard=guard,
            user=unquote(parts.username) if parts.username else None,
            password=unquote(parts.password) if parts.password else None,
        )


def _is_this_machine(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
