"""The end of a single sign-on: at the provider after here, or here after the provider."""

from __future__ import annotations

from typing import Any, Final

from aiohttp import web

from journiv.api.v1.accounts.account_shapes import MESSAGE
from journiv.api.v1.accounts.audit import source_of
from journiv.api.v1.federation.signin_page import readable
from journiv.contracts.routes import Access, Call, RouteDef
from journiv.contracts.schema import Schema
from journiv.domain.errors import BadRequest
from journiv.services.federation.provider_logout import ProviderLogout

SIGNED_OUT: Final = "/login?logout=success"
TOLD: Final = Schema("OidcLogoutToken", {"logout_token": {"type": "text", "maxlength": 16384}})
RETURN: Final = Schema(
    "OidcLogoutReturn", {"state": {"type": "text", "required": True, "maxlength": 200}}
)


class OidcLogoutRoutes:
    """Ends sessions of one provider; `POST /auth/logout` is where people begin."""

    def __init__(self, provider: str, leaving: ProviderLogout, *, public_url: str) -> None:
        self._provider = provider
        self._leaving = leaving
        self._signed_out = public_url.rstrip("/") + SIGNED_OUT

    def routes(self) -> tuple[RouteDef, ...]:
        """Return the operations below `/api/v1`."""
        return (
            RouteDef(
                method="GET",
                path="/auth/oidc/logout",
                handler=self.leave,
                access=Access.PUBLIC,
                summary="Go to the provider's page for signing out; ends nothing here",
                answers={302: None},
                tag="auth",
                limit="sign-in",
            ),
            RouteDef(
                method="POST",
                path="/auth/oidc/logged-out",
                handler=self.returned,
                access=Access.PUBLIC,
                summary="Check the state that a browser brings back from signing out",
                answers={200: MESSAGE},
                body=RETURN,
                tag="auth",
                limit="sign-in",
            ),
            RouteDef(
                method="POST",
                path="/auth/oidc/backchannel-logout",
                handler=self.told,
                access=Access.PUBLIC,
                summary="Let the provider end sessions (OpenID Connect Back-Channel Logout 1.0)",
                answers={200: None},
                body=TOLD,
                body_kind="form",
                body_required=False,
                tag="auth",
            ),
        )

    async def leave(self, call: Call) -> web.StreamResponse:
        """Go to the provider without a word of whose session it is."""
        return await readable(call, self._leave)

    async def returned(self, call: Call) -> dict[str, Any]:
        """Take the state back, once."""
        await self._leaving.returned(call.body["state"])
        return {"message": "Successfully logged out"}

    async def told(self, call: Call) -> web.StreamResponse:
        """End the sessions that the provider's message is about."""
        token = (call.body or {}).get("logout_token")
        if not token:
            raise BadRequest("Missing logout_token parameter")
        await self._leaving.told(self._provider, token, source_of(call))
        return web.Response(status=200)

    async def _leave(self, call: Call) -> web.StreamResponse:
        url = await self._leaving.of_anybody(self._provider)
        return web.Response(status=302, headers={"Location": url or self._signed_out})
