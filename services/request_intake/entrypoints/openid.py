"""The way to an OpenID provider and back: code flow with PKCE, state and nonce in her own session.

Authlib does the protocol; here stands what must not be left to a provider's own description of
itself: its issuer, and the signatures that we take.
"""

import logging
from collections.abc import Mapping
from typing import Any

import requests
from authlib.common.errors import AuthlibBaseError
from authlib.integrations.flask_client import OAuth
from flask import Flask, request, session
from joserfc.errors import JoseError
from werkzeug.wrappers import Response

from services.request_intake.domain.sign_in import Identity, Provider, Refused, identity_of

log = logging.getLogger(__name__)

_PATIENCE = 5
_NAME, _START, _MOST_STARTS = "provider", "_state_provider_", 4
# What a provider signs with its own key and anybody may check; never none, never a shared secret.
_SIGNATURES = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512")


class ProviderAwayError(Exception):
    """The provider does not answer, or not as one."""


def _forget_older_starts() -> None:
    """Who begins again and again without an end must not outgrow her cookie: some 4 kB are kept of it."""
    starts = sorted(
        (name for name in session if name.startswith(_START)),
        key=lambda name: session[name].get("exp", 0),
    )
    for name in starts[: 1 - _MOST_STARTS]:
        del session[name]


class OpenId:
    """One provider, for one Flask application."""

    def __init__(self, app: Flask, provider: Provider, client_id: str, client_secret: str) -> None:
        self.provider = provider
        self._client = OAuth(app).register(
            _NAME,
            client_id=client_id,
            client_secret=client_secret,
            server_metadata_url=provider.discovery,
            client_kwargs={
                "scope": "openid email profile",
                "code_challenge_method": "S256",
                "default_timeout": _PATIENCE,
            },
        )

    def away(self, back: str) -> Response:
        """Send her to the provider, who sends her `back`. Raises ProviderAwayError."""
        self._described()
        _forget_older_starts()
        hint = {"hd": self.provider.tenant} if self.provider.preset == "google" else {}
        response: Response = self._client.authorize_redirect(back, **hint)
        return response

    def returned(self) -> Identity | Refused:
        """Who comes back with this request. Raises ProviderAwayError.

        Refused("cancelled") when she thought better of it, Refused("elsewhere") for a token that
        proves nothing: of another browser, another issuer, another application, another time.
        """
        metadata = self._described()
        # RFC 9207: an answer of another provider never has its code sent to this one.
        if request.args.get("iss", metadata["issuer"]) != metadata["issuer"]:
            return Refused("elsewhere")
        if request.args.get("error") == "access_denied":
            return Refused("cancelled")
        try:
            token = self._client.authorize_access_token()
        except requests.RequestException as error:
            raise ProviderAwayError from error
        except (AuthlibBaseError, JoseError, ValueError) as fault:
            log.warning("sign_in.refused", extra={"reason": type(fault).__name__})
            return Refused("elsewhere")
        claims: Mapping[str, Any] = token.get("userinfo") or {}
        return identity_of(self.provider, claims)

    def _described(self) -> Mapping[str, Any]:
        """What the provider says of itself, once; only as the issuer that we were told to trust."""
        try:
            metadata: dict[str, Any] = self._client.load_server_metadata()
        except (requests.RequestException, ValueError) as error:
            raise ProviderAwayError from error
        if metadata.get("issuer") != self.provider.issuer:
            self._client.server_metadata.clear()
            log.error("sign_in.other_issuer")
            raise ProviderAwayError
        offered = metadata.get("id_token_signing_alg_values_supported") or ["RS256"]
        metadata["id_token_signing_alg_values_supported"] = [
            name for name in offered if name in _SIGNATURES
        ]
        return metadata
