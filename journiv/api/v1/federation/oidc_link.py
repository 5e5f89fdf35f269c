"""Linking a provider to an account, and the list of what is linked (security.md D11)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from aiohttp import web
from aiohttp_session import Session

from journiv.api.replies import respond
from journiv.api.v1.accounts.account_shapes import PASSWORD
from journiv.api.v1.accounts.audit import source_of
from journiv.api.v1.federation.oidc import ARRIVED, HOME, go_out, local_path, signed_in
from journiv.api.v1.federation.oidc_flow import Flow
from journiv.api.v1.signin.refresh_cookie import RefreshCookie, client_of
from journiv.contracts.auth import RedirectAuthenticator
from journiv.contracts.routes import Access, Call, Reply, RouteDef
from journiv.contracts.schema import ListOf, Schema
from journiv.domain.errors import BadRequest
from journiv.services.federation.identities import OwnIdentities
from journiv.services.federation.linking import DEAD, Linking

_TEXT: Final = {"type": "text", "required": True}
LINK: Final = Schema(
    "OidcLink",
    {
        "link_token": {**_TEXT, "maxlength": 200},
        "password": PASSWORD,
        "code": {"type": "text", "nullable": True, "maxlength": 64},
    },
)
BEGIN: Final = Schema("IdentityLink", {"next": {"type": "text", "maxlength": 2000}})
PROVIDER: Final = Schema("IdentityLinkStart", {"url": _TEXT})
IDENTITY: Final = Schema(
    "Identity",
    {
        "id": {"type": "uuid", "required": True},
        "provider": _TEXT,
        "subject": _TEXT,
        "created_at": {"type": "instant", "required": True},
    },
)


class OidcLinkRoutes:
    """Links by the local password at sign-in, or from an account one is signed in to."""

    def __init__(
        self,
        authenticator: RedirectAuthenticator,
        linking: Linking,
        identities: OwnIdentities,
        flow: Flow,
        cookie: RefreshCookie,
    ) -> None:
        self._authenticator = authenticator
        self._linking = linking
        self._identities = identities
        self._flow = flow
        self._cookie = cookie

    def routes(self) -> tuple[RouteDef, ...]:
        """Return the operations below `/api/v1`."""
        return (
            RouteDef(
                method="POST",
                path="/auth/oidc/link",
                handler=self.link,
                access=Access.PUBLIC,
                summary="Link a single sign-on to the account that has its address, and sign in",
                answers={200: ARRIVED},
                body=LINK,
                tag="auth",
                limit="sign-in",
            ),
            RouteDef(
                method="GET",
                path="/users/me/identities",
                handler=self.list,
                access=Access.USER,
                summary="List the ways you sign in",
                answers={200: ListOf(IDENTITY)},
                tag="users",
            ),
            RouteDef(
                method="POST",
                path="/users/me/identities",
                handler=self.begin,
                access=Access.USER,
                summary="Begin to link a single sign-on to your account; go to the url it answers",
                answers={200: PROVIDER},
                body=BEGIN,
                body_required=False,
                tag="users",
                keeps_answer=False,
            ),
            RouteDef(
                method="DELETE",
                path="/users/me/identities/{identity_id}",
                handler=self.remove,
                access=Access.USER,
                summary="Remove one of the ways you sign in, never the last",
                answers={204: None},
                tag="users",
            ),
        )

    async def link(self, call: Call) -> web.StreamResponse:
        """Take the local account's password for a single sign-on that has its address."""

        async def work(session: Session) -> web.StreamResponse:
            self._cookie.require_own_site(call.request)
            browser, body = session.get("browser"), call.body
            if not isinstance(browser, str):
                raise BadRequest(DEAD)
            client = client_of(call.request, call.client)
            found = await self._linking.prove(
                body["link_token"], browser, body["password"], body.get("code"), client
            )
            following = session.get("next", HOME)
            session.invalidate()
            return signed_in(found, client, self._cookie, following)

        return await self._flow.within(call, work)

    async def list(self, call: Call) -> list[dict[str, Any]]:
        """List the caller's identities."""
        found = await self._identities.of(call.principal)
        return [_shown(one) for one in found]

    async def begin(self, call: Call) -> web.StreamResponse:
        """Answer the way to the provider; the browser comes back to the callback."""
        self._identities.may_add(call.principal)
        intent = {
            "link": call.principal.user_id,
            "session": call.principal.session_id,
            "next": local_path((call.body or {}).get("next")),
        }
        return await go_out(
            self._flow,
            self._authenticator,
            call,
            intent,
            lambda url: respond({"url": url}, 200),
        )

    async def remove(self, call: Call) -> Reply:
        """Forget an identity."""
        await self._identities.remove(call.principal, call.path["identity_id"], source_of(call))
        return Reply(status=204)


def _shown(identity: Mapping[str, Any]) -> dict[str, Any]:
    return {key: identity[key] for key in IDENTITY.fields}
