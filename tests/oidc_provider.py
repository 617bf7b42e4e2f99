"""A provider of OpenID Connect on this computer: description, keys, PKCE, signed tokens, and the faults of forged ones.

It answers over HTTP, as Microsoft's and Google's do. The test chooses the user, the content of the token and its
fault.
"""

import base64
import hashlib
import json
import secrets
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlencode

import uvicorn
from joserfc import jwt
from joserfc.jwk import OctKey, RSAKey
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from benchmarks.servers import find_free_port

CLIENT_ID, CLIENT_SECRET = "dashboard", "an imaginary client secret"
DESCRIPTION = "/.well-known/openid-configuration"


@dataclass
class OidcProvider:
    """The provider; its fields may be changed between requests.

    Attributes:
        claims: The content of the token beside issuer, audience, age and nonce.
        forge: Changes the claims of a token, as an attacker would.
        algorithm: The algorithm of the tokens' signature.
        key: The key of the tokens' signature.
        groups: The answer to a request for the groups; None refuses.
        issuer: Its name for itself; by default its address.
        is_down: Whether it answers every request with 503.
        asked: The requested paths.
    """

    address: str
    claims: dict[str, Any] = field(default_factory=dict)
    forge: Callable[[dict[str, Any]], dict[str, Any]] = lambda claims: claims
    algorithm: str = "RS256"
    key: Any = None
    groups: list[str] | None = None
    issuer: str = ""
    is_down: bool = False
    asked: list[str] = field(default_factory=list)
    own_key: RSAKey = field(default_factory=lambda: RSAKey.generate_key(2048, {"kid": "own"}))
    codes: dict[str, dict[str, str]] = field(default_factory=dict)

    def reset(self) -> None:
        """Become an honest provider with one person again."""
        self.claims = {"sub": "person-1", "name": "Sample Person 001"}
        self.forge, self.algorithm, self.key = (lambda claims: claims), "RS256", self.own_key
        self.groups, self.issuer, self.is_down, self.asked = None, self.address, False, []

    def app(self) -> Starlette:
        """Return the application that answers."""
        routes = [
            Route(DESCRIPTION, self.describe),
            Route("/keys", self.show_keys),
            Route("/authorize", self.authorize),
            Route("/token", self.give_token, methods=["POST"]),
            Route("/graph/me/getMemberObjects", self.list_groups, methods=["POST"]),
        ]
        return Starlette(routes=routes)

    def _note(self, request: Request) -> Response | None:
        self.asked.append(request.url.path)
        return Response(status_code=503) if self.is_down else None

    async def describe(self, request: Request) -> Response:
        here = {f"{name}_endpoint": f"{self.address}/{path}" for name, path in
                {"authorization": "authorize", "token": "token"}.items()}  # fmt: skip
        algorithms = {"id_token_signing_alg_values_supported": ["RS256", "HS256", "none"]}
        found = {"issuer": self.issuer, "jwks_uri": f"{self.address}/keys", **here, **algorithms}
        return self._note(request) or JSONResponse(found)

    async def show_keys(self, request: Request) -> Response:
        return self._note(request) or JSONResponse({"keys": [self.own_key.as_dict(private=False)]})

    async def authorize(self, request: Request) -> Response:
        """Sends the browser back at once, as one that is signed in here."""
        query = dict(request.query_params)
        code = secrets.token_urlsafe(12)
        self.codes[code] = query
        back = urlencode({"code": code, "state": query["state"]})
        return self._note(request) or RedirectResponse(f"{query['redirect_uri']}?{back}", 302)

    async def give_token(self, request: Request) -> Response:
        form = {name: values[0] for name, values in parse_qs((await request.body()).decode()).items()}
        begun = self.codes.pop(form.get("code", ""), None)
        if not self._is_client(request):
            return JSONResponse({"error": "invalid_client"}, 401)
        digest = base64.urlsafe_b64encode(hashlib.sha256(form.get("code_verifier", "").encode()).digest())
        if begun is None or begun.get("code_challenge") != digest.rstrip(b"=").decode():
            return JSONResponse({"error": "invalid_grant"}, 400)
        assert begun["code_challenge_method"] == "S256"
        assert begun["redirect_uri"] == form["redirect_uri"]
        now = int(time.time())
        claims = {
            "iss": self.issuer, "aud": CLIENT_ID, "iat": now, "exp": now + 300, "nonce": begun["nonce"], **self.claims,
        }  # fmt: skip
        token = self.sign(self.forge(claims))
        return self._note(request) or JSONResponse(
            {"access_token": "imaginary", "token_type": "Bearer", "expires_in": 300, "id_token": token}
        )

    def _is_client(self, request: Request) -> bool:
        """Whether the client's id and secret are sent as forms write them, which RFC 6749 asks for."""
        scheme, _, given = request.headers.get("authorization", "").partition(" ")
        name, _, secret = base64.b64decode(given or "").decode().partition(":")
        return scheme == "Basic" and (name, secret.replace("+", " ").replace("%20", " ")) == (CLIENT_ID, CLIENT_SECRET)

    def sign(self, claims: dict[str, Any]) -> str:
        """Return a token; of the algorithm `none` one without a signature."""
        if self.algorithm == "none":
            parts = ({"alg": "none"}, claims)
            written = (base64.urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=").decode() for part in parts)
            return ".".join([*written, ""])
        header = {"alg": self.algorithm, "kid": "own"}
        return jwt.encode(header, claims, self.key, algorithms=[self.algorithm])

    async def list_groups(self, request: Request) -> Response:
        """Answer as Microsoft Graph does for somebody in too many groups for a token."""
        assert request.headers["authorization"] == "Bearer imaginary"
        assert await request.json() == {"securityEnabledOnly": True}
        return self._note(request) or (
            JSONResponse({"error": {"code": "Authorization_RequestDenied"}}, 403)
            if self.groups is None
            else JSONResponse({"value": self.groups})
        )


SHARED_SECRET = OctKey.import_key(CLIENT_SECRET)


@contextmanager
def running_provider() -> Iterator[OidcProvider]:
    """Yield a provider that answers at an address of this computer."""
    port = find_free_port()
    provider = OidcProvider(f"http://127.0.0.1:{port}")
    provider.reset()
    server = uvicorn.Server(uvicorn.Config(provider.app(), port=port, log_level="critical", lifespan="off"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.01)
    try:
        yield provider
    finally:
        server.should_exit = True
        thread.join(10)
