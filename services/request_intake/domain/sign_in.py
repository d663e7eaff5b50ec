"""Signing in: which providers are trusted for what, and who their claims say somebody is. Pure.

The provider's library has proved the token before (OpenID Connect Core 1.0, 3.1.3.7); here is what
is left to us: whose accounts we take, and which claims we believe.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from ipaddress import ip_address
from typing import Any
from urllib.parse import urlsplit

# ASVS 5.0, 6.5.5: a code lives ten minutes at most.
CODE_LIVES = timedelta(minutes=10)
MOST_TRIES = 5
# So many codes in ten minutes: to one address, from one network (a whole division may sit behind it),
# in all. Beyond the first, no more letters; beyond the others, nobody is heard for a while.
MOST_TO_AN_ADDRESS, MOST_FROM_A_NETWORK, MOST_IN_ALL = 5, 2_000, 5_000

GOOGLE, ENTRA = "google", "entra"
_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
_DOMAIN = re.compile(r"([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)+[a-z]{2,}", re.IGNORECASE)
_LONGEST_SUBJECT = 255  # OpenID Connect Core 1.0, section 2


@dataclass(frozen=True, kw_only=True)
class Provider:
    """An OpenID provider. Its `preset` is google, entra, or empty for any other."""

    preset: str
    issuer: str
    tenant: str
    label: str

    @property
    def discovery(self) -> str:
        """Where it describes itself (OpenID Connect Discovery 1.0, section 4)."""
        return f"{self.issuer.rstrip('/')}/.well-known/openid-configuration"


@dataclass(frozen=True, kw_only=True)
class Identity:
    """Somebody as her provider knows her. The address is proved to be hers."""

    issuer: str
    subject: str
    email: str


@dataclass(frozen=True)
class Refused:
    """Not let in, and why: unknown, closed, unverified, elsewhere, another, wrong_code or over."""

    why: str


def issuer_fault(text: str) -> str | None:
    """What keeps this from naming a provider."""
    if text in (GOOGLE, ENTRA):
        return None
    parts = urlsplit(text)
    if parts.scheme == "https" and parts.hostname and not (parts.query or parts.fragment):
        return None
    if parts.scheme == "http" and _is_here(parts.hostname):
        return None
    return "must be google, entra or an issuer's https:// URL"


def tenant_fault(provider: str, tenant: str) -> str | None:
    """What keeps this from naming whose accounts a preset takes."""
    if provider == GOOGLE and not _DOMAIN.fullmatch(tenant):
        return "must be your Google Workspace domain, such as larches.example.org"
    if provider == ENTRA and not _UUID.fullmatch(tenant):
        return "must be the id of your Entra tenant, a UUID; common would let in anybody"
    return None


def provider_of(wanted: str, tenant: str) -> Provider:
    """The provider that the settings name."""
    if wanted == GOOGLE:
        return Provider(
            preset=GOOGLE, issuer="https://accounts.google.com", tenant=tenant, label="Google"
        )
    if wanted == ENTRA:
        issuer = f"https://login.microsoftonline.com/{tenant.lower()}/v2.0"
        return Provider(preset=ENTRA, issuer=issuer, tenant=tenant.lower(), label="Microsoft")
    return Provider(preset="", issuer=wanted, tenant=tenant, label=urlsplit(wanted).hostname or "")


def identity_of(provider: Provider, claims: Mapping[str, Any]) -> Identity | Refused:
    """Who these claims of a proved token say she is."""
    subject = claims.get("sub")
    if not isinstance(subject, str) or not 0 < len(subject) <= _LONGEST_SUBJECT:
        return Refused("elsewhere")
    if not _is_of_tenant(provider, claims):
        return Refused("elsewhere")
    email = claims.get("email")
    # An Entra tenant's addresses are its own admins' word, and it has no claim that says so.
    if provider.preset == ENTRA:
        email = email or claims.get("preferred_username")
    elif claims.get("email_verified") is not True:
        return Refused("unverified")
    if not isinstance(email, str) or "@" not in email:
        return Refused("unverified")
    return Identity(issuer=provider.issuer, subject=subject, email=email.strip().lower())


def _is_of_tenant(provider: Provider, claims: Mapping[str, Any]) -> bool:
    if provider.preset == GOOGLE:
        return str(claims.get("hd", "")).lower() == provider.tenant.lower()
    if provider.preset == ENTRA:
        return str(claims.get("tid", "")).lower() == provider.tenant
    return True


def _is_here(host: str | None) -> bool:
    if host == "localhost":
        return True
    try:
        return ip_address(host or "").is_loopback
    except ValueError:
        return False
