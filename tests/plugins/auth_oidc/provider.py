"""A sign-in provider of our own: honest until told which conformance case to play."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import json
import ssl
import time
import uuid
from collections.abc import Callable
from typing import Any

from aiohttp import web
from aiohttp.test_utils import TestServer
from joserfc import jws, jwt
from joserfc.jwk import ECKey, OctKey, RSAKey

LOGOUT_EVENT = "http://schemas.openid.net/event/backchannel-logout"
CLIENT, SECRET = "journiv", "s3cret of/the:client"


class HostileProvider:
    """Plays one issuer over TCP. `claims`, `header` and `sign` are changed by the tests."""

    def __init__(self, key: RSAKey) -> None:
        self.keys: list[Any] = [key]
        self.published: Callable[[], list[Any]] = self.public_keys
        self.metadata: dict[str, Any] = {}
        self.claims: dict[str, Any] = {}
        self.dropped: set[str] = set()
        self.header: dict[str, Any] = {"alg": "RS256", "kid": "one"}
        self.sign: Callable[[dict[str, Any]], str] = self.signed
        self.userinfo: dict[str, Any] = {"sub": "alice"}
        self.asked: list[dict[str, str]] = []
        self.id_tokens: list[str] = []
        self.broken: web.Response | None = None
        self.token_answer: Callable[[], web.Response] | None = None
        self.delay = 0.0
        self.flood = 0
        self.flooded = 0
        self._challenges: dict[str, tuple[str, str]] = {}
        self._server: TestServer | None = None

    @property
    def issuer(self) -> str:
        assert self._server is not None
        return str(self._server.make_url("/")).rstrip("/")

    async def start(self, context: ssl.SSLContext | None = None, port: int | None = None) -> None:
        """Listen, with TLS as `localhost` when there is a context; on a free port unless told."""
        app = web.Application()
        app.router.add_get("/.well-known/openid-configuration", self._discovery)
        app.router.add_get("/jwks", self._jwks)
        app.router.add_post("/token", self._token)
        app.router.add_get("/userinfo", self._userinfo)
        self._server = TestServer(
            app, host="127.0.0.1" if context is None else "localhost", port=port
        )
        await self._server.start_server(ssl=context)

    async def stop(self) -> None:
        if self._server is not None:
            await self._server.close()

    def authorize(self, query: dict[str, str], code: str = "code") -> dict[str, str]:
        """Say yes to an authorization request, as the provider's own page would."""
        assert query["code_challenge_method"] == "S256"
        self._challenges[code] = query["code_challenge"], query["nonce"]
        return {"code": code, "state": query["state"], "iss": self.issuer}

    def public_keys(self) -> list[Any]:
        return [{**key.as_dict(private=False), "kid": key.kid} for key in self.keys]

    def signed(self, claims: dict[str, Any]) -> str:
        payload = json.dumps(claims).encode()  # escaped, as any text can be sent
        return str(jws.serialize_compact({"typ": "JWT", **self.header}, payload, self.keys[0]))

    def logout_token(self, **changes: Any) -> str:
        """Return a right logout token with these claims changed; None takes one away."""
        now = int(time.time())
        claims = {
            "iss": self.issuer,
            "aud": CLIENT,
            "iat": now,
            "exp": now + 120,
            "jti": str(uuid.uuid4()),
            "events": {LOGOUT_EVENT: {}},
            **changes,
        }
        return self.sign({name: value for name, value in claims.items() if value is not None})

    async def _discovery(self, request: web.Request) -> web.StreamResponse:
        if self.broken is not None:
            return self.broken
        if self.flood:
            return await self._flooding(request)
        await asyncio.sleep(self.delay)
        return web.json_response(
            {
                "issuer": self.issuer,
                "authorization_endpoint": f"{self.issuer}/auth",
                "token_endpoint": f"{self.issuer}/token",
                "jwks_uri": f"{self.issuer}/jwks",
                "userinfo_endpoint": f"{self.issuer}/userinfo",
                "end_session_endpoint": f"{self.issuer}/logout",
                "authorization_response_iss_parameter_supported": True,
                **self.metadata,
            }
        )

    async def _flooding(self, request: web.Request) -> web.StreamResponse:
        answer = web.StreamResponse(headers={"Content-Type": "application/json"})
        await answer.prepare(request)
        while self.flooded < self.flood:
            await answer.write(b" " * 65536)
            self.flooded += 65536
        return answer

    async def _jwks(self, request: web.Request) -> web.Response:
        return web.json_response({"keys": self.published()})

    async def _token(self, request: web.Request) -> web.Response:
        form = {name: str(value) for name, value in (await request.post()).items()}
        self.asked.append({**form, "authorization": request.headers.get("Authorization", "")})
        if self.token_answer is not None:
            return self.token_answer()
        challenge, nonce = self._challenges.pop(form["code"], ("", ""))
        digest = hashlib.sha256(form["code_verifier"].encode()).digest()
        if base64.urlsafe_b64encode(digest).rstrip(b"=").decode() != challenge:
            return web.json_response({"error": "invalid_grant"}, status=400)
        now = int(time.time())
        claims: dict[str, Any] = {
            "iss": self.issuer,
            "sub": "alice",
            "aud": CLIENT,
            "iat": now,
            "exp": now + 300,
            "nonce": nonce,
            "email": "alice@example.org",
            "email_verified": True,
            "name": "Alice",
            **self.claims,
        }
        for name in self.dropped:
            del claims[name]
        token = self.sign(claims)
        self.id_tokens.append(token)
        return web.json_response({"access_token": "opaque", "id_token": token})

    async def _userinfo(self, request: web.Request) -> web.Response:
        return web.json_response(self.userinfo)


def unsigned(claims: dict[str, Any]) -> str:
    """Return a token of `alg: none`."""
    parts = ({"alg": "none"}, claims)
    texts = [base64.urlsafe_b64encode(json.dumps(p).encode()).rstrip(b"=").decode() for p in parts]
    return ".".join([*texts, ""])


def symmetric(claims: dict[str, Any]) -> str:
    """Return a token signed with the client's secret."""
    return str(jwt.encode({"alg": "HS256"}, claims, OctKey.import_key(SECRET + "-" * 32)))


def other_key(claims: dict[str, Any]) -> str:
    """Return a token signed by a stranger who names the published key."""
    return str(jwt.encode({"alg": "RS256", "kid": "one"}, claims, RSAKey.generate_key(2048)))


def other_curve(claims: dict[str, Any]) -> str:
    """Return a token signed with a key of a family that is not published."""
    return str(jwt.encode({"alg": "ES256", "kid": "one"}, claims, ECKey.generate_key("P-256")))
