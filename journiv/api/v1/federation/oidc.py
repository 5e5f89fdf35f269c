"""Single sign-on, the core's side: the browser's way out, back, and to its tokens.

The callback sets no session. It answers with a ticket (60 s, once, good only in the browser that
began), which `POST /auth/oidc/exchange` turns into tokens. What a flow needs is kept where only
that browser can bring it from; a row in the store makes each flow good once.
"""

from __future__ import annotations

import hmac
import re
import secrets
from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any, Final

from aiohttp import web
from aiohttp_session import Session

from journiv.api.replies import respond
from journiv.api.v1.accounts.account_shapes import SIGNED_IN, signed_in_user
from journiv.api.v1.accounts.audit import source_of
from journiv.api.v1.federation.oidc_flow import FLOW_LIVES, Flow, digest
from journiv.api.v1.federation.signin_page import readable
from journiv.api.v1.signin.refresh_cookie import RefreshCookie, client_of
from journiv.contracts.auth import Proof, RedirectAuthenticator
from journiv.contracts.routes import Access, Call, Param, RouteDef
from journiv.contracts.schema import Schema
from journiv.domain.errors import BadRequest
from journiv.services.federation.federation import STALE, Federation, FederationPolicy
from journiv.services.federation.identities import OwnIdentities
from journiv.services.federation.linking import Linking
from journiv.services.signin.origins import Arrival
from journiv.services.signin.sessions import Client
from journiv.services.signin.signin import SignedIn

TICKET_LIVES: Final = timedelta(seconds=60)
STATE: Final = "Invalid or expired state parameter"
HOME: Final = "/"
_LOCAL: Final = re.compile(r"/(?![/\\])[\x21-\x7e]*", re.ASCII)

EXCHANGE: Final = Schema("OidcExchange", {"ticket": {"type": "text", "maxlength": 200}})
_USER: Final = SIGNED_IN.fields["user"]["schema"]
ARRIVED: Final = Schema(
    "OidcLoginResponse",
    {
        **SIGNED_IN.fields,
        "user": {
            "type": "dict",
            "required": True,
            "schema": {**_USER, "is_oidc_user": {"type": "boolean", "required": True}},
        },
        "next": {"type": "text", "required": True},
    },
)


class OidcRoutes:
    """Sends browsers to a provider and takes them back; both published spellings of the paths."""

    def __init__(
        self,
        authenticator: RedirectAuthenticator,
        federation: Federation,
        policy: FederationPolicy,
        linking: Linking,
        identities: OwnIdentities,
        flow: Flow,
        cookie: RefreshCookie,
        *,
        public_url: str,
    ) -> None:
        self._authenticator = authenticator
        self._federation = federation
        self._policy = policy
        self._linking = linking
        self._identities = identities
        self._flow = flow
        self._cookie = cookie
        self._public_url = public_url.rstrip("/")

    def routes(self) -> tuple[RouteDef, ...]:
        """Return the operations below `/api/v1`."""
        exchange = RouteDef(
            method="POST",
            path="/auth/oidc/exchange",
            handler=self.exchange,
            access=Access.PUBLIC,
            summary="Exchange the ticket of a single sign-on for tokens",
            answers={200: ARRIVED},
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
            query=(Param(name="next", kind="text", help="where to go afterwards, a path here"),),
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
        return await readable(call, self._begin)

    async def callback(self, call: Call) -> web.StreamResponse:
        """Judge what the browser brings, and answer with a ticket."""
        return await readable(call, self._judge)

    async def exchange(self, call: Call) -> web.StreamResponse:
        """Turn a ticket into tokens, once, in the browser it was made for."""

        async def work(session: Session) -> web.StreamResponse:
            self._cookie.require_own_site(call.request)
            ticket = (call.body or {}).get("ticket")
            if not ticket:
                raise BadRequest("Missing ticket parameter")
            client = client_of(call.request, call.client)
            browser = session.get("browser")
            made = await self._flow.take("ticket", ticket)
            if made is None or not isinstance(browser, str):
                raise BadRequest(STALE)
            if not hmac.compare_digest(made["browser"], digest(browser)):
                raise BadRequest(STALE)
            arrival: Arrival = made["arrival"]
            if arrival["user_id"] is None:
                raise await self._linking.offer(arrival, browser)
            found = await self._federation.sign_in(arrival, client)
            following = session.get("next", HOME)
            session.invalidate()
            return signed_in(found, client, self._cookie, following)

        return await self._flow.within(call, work)

    async def _begin(self, call: Call) -> web.StreamResponse:
        following = local_path(call.query.get("next"))
        return await go_out(self._flow, self._authenticator, call, {"next": following}, _redirect)

    async def _judge(self, call: Call) -> web.StreamResponse:
        async def work(session: Session) -> web.StreamResponse:
            kept = session.get("kept")
            if not isinstance(kept, dict):
                raise BadRequest(STATE)
            if not await self._flow.take("flow", kept.get("state", "")):
                raise BadRequest(STATE)
            proof = await self._authenticator.complete(kept, dict(call.request.query))
            intent = session.get("intent", {})
            if "link" in intent:
                return await self._linked(call, session, proof, intent)
            return await self._ticket(session, proof, intent)

        return await self._flow.within(call, work)

    async def _ticket(
        self, session: Session, proof: Proof, intent: Mapping[str, str]
    ) -> web.StreamResponse:
        arrival = await self._federation.arrive(proof, self._policy)
        ticket, browser = secrets.token_urlsafe(32), secrets.token_urlsafe(32)
        kept = {"arrival": arrival, "browser": digest(browser)}
        await self._flow.put("ticket", ticket, kept, TICKET_LIVES)
        session.invalidate()
        session["browser"] = browser
        session["next"] = intent.get("next", HOME)
        return self._go(f"/oidc-finish?ticket={ticket}")

    async def _linked(
        self, call: Call, session: Session, proof: Proof, intent: Mapping[str, str]
    ) -> web.StreamResponse:
        user_id, session_id = intent["link"], intent["session"]
        arrival = self._federation.arrival(proof, user_id)
        session.invalidate()
        await self._identities.add(user_id, session_id, arrival, source_of(call))
        return self._go(intent["next"])

    def _go(self, path: str) -> web.Response:
        return web.Response(status=307, headers={"Location": f"{self._public_url}{path}"})


async def go_out(
    flow: Flow,
    authenticator: RedirectAuthenticator,
    call: Call,
    intent: Mapping[str, str],
    answer: Callable[[str], web.StreamResponse],
) -> web.StreamResponse:
    """Begin a flow and answer with the provider's address; `intent` comes back with it."""

    async def work(session: Session) -> web.StreamResponse:
        begun = await authenticator.begin()
        await flow.put("flow", begun.state, True, FLOW_LIVES)
        session.invalidate()
        session["kept"] = dict(begun.kept)
        session["intent"] = dict(intent)
        return answer(begun.url)

    return await flow.within(call, work)


def signed_in(
    found: SignedIn, client: Client, cookie: RefreshCookie, following: str
) -> web.StreamResponse:
    """Answer somebody who has signed in through a provider."""
    tokens = found.tokens
    payload: dict[str, Any] = {
        "access_token": tokens.access,
        "refresh_token": None if client.is_web else tokens.refresh,
        "token_type": "bearer",
        "user": {**signed_in_user(found.user), "is_oidc_user": True},
        "next": following,
    }
    answer = respond(payload, 200)
    if client.is_web:
        answer.headers.update(cookie.set(tokens))
    return answer


def _redirect(url: str) -> web.StreamResponse:
    return web.Response(status=302, headers={"Location": url})


def local_path(wanted: str | None) -> str:
    """Return a path of this server's own, `/` in place of anything else (OID-22)."""
    return wanted if wanted is not None and _LOCAL.fullmatch(wanted) else HOME
