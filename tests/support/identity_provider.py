"""OpenID providers: an honest one that others wrote, and one that issues whatever a test wants."""

import json
import threading
import time
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlencode

from joserfc import jwt
from joserfc.jwk import RSAKey
from werkzeug.serving import make_server
from werkzeug.wrappers import Request, Response

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # it speaks an older dialect of Authlib
    from oidc_provider_mock import User, run_server_in_thread

CLIENT_ID = "remit"
Claims = dict[str, Any]


@dataclass
class HostileProvider:
    """Honest until a test changes its `claims`, its `token` or what it says of itself."""

    issuer: str = ""
    key: RSAKey = field(default_factory=lambda: RSAKey.generate_key(2048, {"kid": "one"}))
    claims: Claims = field(default_factory=dict)
    left_out: tuple[str, ...] = ()
    token: Callable[["HostileProvider", Claims], str] | None = None
    described: dict[str, Any] = field(default_factory=dict)
    answer: dict[str, str] = field(default_factory=dict)
    codes: dict[str, dict[str, str]] = field(default_factory=dict)
    spent: set[str] = field(default_factory=set)
    down: bool = False

    def __call__(self, environ: Any, start_response: Any) -> Any:
        request = Request(environ)
        views = {
            "/.well-known/openid-configuration": self._discovery,
            "/jwks": self._keys,
            "/authorize": self._authorize,
            "/token": self._token,
        }
        answer = Response(status=503) if self.down else views[request.path](request)
        return answer(environ, start_response)

    def signed(self, claims: Claims, **header: Any) -> str:
        """A token of its own key."""
        return jwt.encode({"alg": "RS256", "kid": "one", **header}, claims, self.key)

    def _discovery(self, _: Request) -> Response:
        said = {
            "issuer": self.issuer,
            "authorization_endpoint": f"{self.issuer}/authorize",
            "token_endpoint": f"{self.issuer}/token",
            "jwks_uri": f"{self.issuer}/jwks",
            "id_token_signing_alg_values_supported": ["RS256", "HS256", "none"],
        }
        return _json(said | self.described)

    def _keys(self, _: Request) -> Response:
        return _json({"keys": [self.key.as_dict(private=False)]})

    def _authorize(self, request: Request) -> Response:
        """Nobody is asked: she comes straight back with a code."""
        code = f"code-{len(self.codes)}"
        self.codes[code] = dict(request.args)
        back = {"code": code, "state": request.args["state"]} | self.answer
        return Response(
            status=302, headers={"Location": f"{request.args['redirect_uri']}?{urlencode(back)}"}
        )

    def _token(self, request: Request) -> Response:
        code = parse_qs(request.get_data(as_text=True)).get("code", [""])[0]
        if code in self.spent or code not in self.codes:
            return _json({"error": "invalid_grant"}, 400)
        self.spent.add(code)
        now = int(time.time())
        claims: Claims = {
            "iss": self.issuer,
            "aud": CLIENT_ID,
            "sub": "248",
            "iat": now,
            "exp": now + 300,
            "nonce": self.codes[code].get("nonce"),
            "email": "maya.okafor@larches.example.org",
            "email_verified": True,
        } | self.claims
        claims = {name: value for name, value in claims.items() if name not in self.left_out}
        token = self.token(self, claims) if self.token else self.signed(claims)
        return _json({"access_token": "opaque", "token_type": "Bearer", "id_token": token})


@contextmanager
def honest_provider(subject: str, claims: Claims) -> Iterator[str]:
    """oidc-provider-mock with one person: its issuer."""
    with run_server_in_thread(user_claims=[User(sub=subject, claims=claims)]) as server:
        yield f"http://localhost:{server.server_port}"


@contextmanager
def hostile_provider() -> Iterator[HostileProvider]:
    """One at work on a free port of this machine."""
    provider = HostileProvider()
    server = make_server("127.0.0.1", 0, provider, threaded=True)
    provider.issuer = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield provider
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def _json(value: Any, status: int = 200) -> Response:
    return Response(json.dumps(value), status=status, content_type="application/json")
