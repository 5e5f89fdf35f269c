"""Single sign-on, the core's side: the browser's way out, back, and to its tokens.

The callback sets no session. It answers with a ticket (60 s, once, good only in the browser that
began), which `POST /auth/oidc/exchange` turns into tokens. What a flow needs is kept in a cookie
only this server can read; a row in the store makes each flow good once.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any, Final
from urllib.parse import urlsplit

from aiohttp import web
from aiohttp_session import Session, get_session, session_middleware
from aiohttp_session.cookie_storage import EncryptedCookieStorage

from journiv.api.replies import respond
from journiv.api.v1.account_shapes import SIGNED_IN, signed_in_user
from journiv.api.v1.refresh_cookie import RefreshCookie, client_of
from journiv.contracts.auth import RedirectAuthenticator
from journiv.contracts.routes import Access, Call, RouteDef
from journiv.contracts.schema import Schema
from journiv.contracts.storage import Store
from journiv.domain.clock import Clock, instant
from journiv.domain.errors import BadRequest
from journiv.domain.scope import SYSTEM
from journiv.services.federation import STALE, Federation, FederationPolicy

FLOW_LIVES: Final = timedelta(minutes=10)
TICKET_LIVES: Final = timedelta(seconds=60)
STATE: Final = "Invalid or expired state parameter"
_SPACE: Final = "oidc"

EXCHANGE: Final = Schema("OidcExchange", {"ticket": {"type": "text", "maxlength": 200}})

Work = Callable[[Session], Awaitable[web.StreamResponse]]


class OidcRoutes:
    """Sends browsers to a provider and takes them back; both published spellings of the paths."""

    def __init__(
        self,
        authenticator: RedirectAuthenticator,
        federation: Federation,
        policy: FederationPolicy,
        store: Store,
        clock: Clock,
        cookie: RefreshCookie,
        *,
        public_url: str,
        flow_key: bytes,
    ) -> None:
        self._authenticator = authenticator
        self._federation = federation
        self._policy = policy
        self._store = store
        self._clock = clock
        self._cookie = cookie
        self._public_url = public_url.rstrip("/")
        storage = EncryptedCookieStorage(
            flow_key,
            cookie_name="oidc_flow",
            max_age=int(FLOW_LIVES.total_seconds()),
            httponly=True,
            samesite="Lax",
            secure=urlsplit(public_url).scheme == "https",
        )
        self._middleware = session_middleware(storage)

    def routes(self) -> tuple[RouteDef, ...]:
        """Return the operations below `/api/v1`."""
        exchange = RouteDef(
            method="POST",
            path="/auth/oidc/exchange",
            handler=self.exchange,
            access=Access.PUBLIC,
            summary="Exchange the ticket of a single sign-on for tokens",
            answers={200: SIGNED_IN},
            body=EXCHANGE,
            tag="auth",
            limit="sign-in",
        )
        ways = ("/oidc", "/auth/oidc")
        return (*(self._login(way) for way in ways), *(self._back(way) for way in ways), exchange)

    def _login(self, way: str) -> RouteDef:
        return RouteDef(
            method="GET",
            path=f"{way}/login",
            handler=self.login,
            access=Access.PUBLIC,
            summary="Go to the sign-in provider",
            answers={302: None},
            tag="auth",
            limit="sign-in",
        )

    def _back(self, way: str) -> RouteDef:
        return RouteDef(
            method="GET",
            path=f"{way}/callback",
            handler=self.callback,
            access=Access.PUBLIC,
            summary="Come back from the sign-in provider",
            answers={307: None},
            tag="auth",
        )

    async def login(self, call: Call) -> web.StreamResponse:
        """Begin a flow and go to the provider."""

        async def work(session: Session) -> web.StreamResponse:
            begun = await self._authenticator.begin()
            await self._put("flow", begun.state, True, FLOW_LIVES)
            session.invalidate()
            session["kept"] = dict(begun.kept)
            return web.Response(status=302, headers={"Location": begun.url})

        return await self._within(call, work)

    async def callback(self, call: Call) -> web.StreamResponse:
        """Judge what the browser brings, and answer with a ticket."""

        async def work(session: Session) -> web.StreamResponse:
            kept = session.get("kept")
            if not isinstance(kept, dict) or not await self._take("flow", kept.get("state", "")):
                raise BadRequest(STATE)
            returned = dict(call.request.query)
            proof = await self._authenticator.complete(kept, returned)
            user_id = await self._federation.account(proof, self._policy)
            ticket, browser = secrets.token_urlsafe(32), secrets.token_urlsafe(32)
            await self._put(
                "ticket", ticket, {"user": user_id, "browser": _digest(browser)}, TICKET_LIVES
            )
            session.invalidate()
            session["browser"] = browser
            location = f"{self._public_url}/oidc-finish?ticket={ticket}"
            return web.Response(status=307, headers={"Location": location})

        return await self._within(call, work)

    async def exchange(self, call: Call) -> web.StreamResponse:
        """Turn a ticket into tokens, once, in the browser it was made for."""

        async def work(session: Session) -> web.StreamResponse:
            ticket = (call.body or {}).get("ticket")
            if not ticket:
                raise BadRequest("Missing ticket parameter")
            client = client_of(call.request, call.client)
            browser = session.get("browser")
            made = await self._take("ticket", ticket)
            if made is None or not isinstance(browser, str):
                raise BadRequest(STALE)
            if not hmac.compare_digest(made["browser"], _digest(browser)):
                raise BadRequest(STALE)
            found = await self._federation.sign_in(made["user"], client)
            session.invalidate()
            tokens = found.tokens
            payload = {
                "access_token": tokens.access,
                "refresh_token": None if client.is_web else tokens.refresh,
                "token_type": "bearer",
                "user": signed_in_user(found.user),
            }
            answer = respond(payload, 200)
            if client.is_web:
                answer.headers.update(self._cookie.set(tokens))
            return answer

        return await self._within(call, work)

    async def _within(self, call: Call, work: Work) -> web.StreamResponse:
        async def handler(request: web.Request) -> web.StreamResponse:
            return await work(await get_session(request))

        return await self._middleware(call.request, handler)

    async def _put(self, kind: str, secret: str, value: Any, life: timedelta) -> None:
        key, ends_at = f"{kind}:{_digest(secret)}", instant(self._clock.now() + life)
        await self._store.write(SYSTEM, lambda tx: tx.kv.put(_SPACE, key, value, ends_at))

    async def _take(self, kind: str, secret: str) -> Any | None:
        key, now = f"{kind}:{_digest(secret)}", instant(self._clock.now())
        return await self._store.write(SYSTEM, lambda tx: tx.kv.take(_SPACE, key, now))


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()
