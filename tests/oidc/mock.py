"""A provider that is right for `journiv oidc-check` until a test breaks one thing of it."""

from __future__ import annotations

import ssl
from collections.abc import Callable, Mapping
from email.utils import formatdate
from time import time
from typing import Any

from aiohttp import web
from aiohttp.test_utils import TestServer

from tests.oidc.provider import CLIENT, NAME, signing_key

DISCOVERY = "/.well-known/openid-configuration"
Handler = Callable[[web.Request], web.StreamResponse]


class MockProvider:
    """`metadata` changes the discovery document (None removes); `at` answers in a path's place."""

    def __init__(self, tls: ssl.SSLContext | None = None) -> None:
        self.metadata: dict[str, Any] = {}
        self.at: dict[str, Handler] = {}
        self.ahead = 0.0
        self.client = CLIENT
        self.error = "invalid_grant"
        self._tls = tls
        self._server: TestServer | None = None

    @property
    def issuer(self) -> str:
        assert self._server is not None
        scheme, host = ("http", "127.0.0.1") if self._tls is None else ("https", NAME)
        return f"{scheme}://{host}:{self._server.port}"

    async def start(self) -> None:
        app = web.Application()
        app.router.add_route("*", "/{path:.*}", self._answer)
        self._server = TestServer(app, host="127.0.0.1")
        await self._server.start_server(ssl=self._tls)

    async def stop(self) -> None:
        if self._server is not None:
            await self._server.close()

    async def _answer(self, request: web.Request) -> web.StreamResponse:
        answer = self.at.get(request.path, self._usual)(request)
        answer.headers["Date"] = formatdate(time() + self.ahead, usegmt=True)
        return answer

    def _usual(self, request: web.Request) -> web.StreamResponse:
        match request.path:
            case path if path == DISCOVERY:
                return web.json_response(self._discovery())
            case "/jwks":
                return web.json_response({"keys": [_public(signing_key("one", "ES256"))]})
            case "/token":
                return web.json_response({"error": self.error}, status=400)
            case "/auth":
                return web.Response(text="<form>Who are you?</form>", content_type="text/html")
        return web.Response(status=404)

    def _discovery(self) -> Mapping[str, Any]:
        issuer = self.issuer
        usual = {
            "issuer": issuer,
            "authorization_endpoint": f"{issuer}/auth",
            "token_endpoint": f"{issuer}/token",
            "jwks_uri": f"{issuer}/jwks",
            "userinfo_endpoint": f"{issuer}/userinfo",
            "end_session_endpoint": f"{issuer}/logout",
            "response_types_supported": ["code"],
            "code_challenge_methods_supported": ["S256"],
            "id_token_signing_alg_values_supported": ["RS256", "ES256"],
            "scopes_supported": ["openid", "email", "profile"],
        }
        changed = {**usual, **self.metadata}
        return {name: value for name, value in changed.items() if value is not None}


def _public(key: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in key.items() if name != "d"}
