"""The published paths of single sign-on while nothing here sends anybody elsewhere."""

from __future__ import annotations

from typing import Final

from aiohttp import web

from journiv.contracts.routes import Access, Call, RouteDef
from journiv.domain.errors import NotFound

_PATHS: Final = (
    ("GET", "/oidc/login"),
    ("GET", "/oidc/callback"),
    ("GET", "/auth/oidc/login"),
    ("GET", "/auth/oidc/callback"),
    ("GET", "/auth/oidc/logout"),
    ("POST", "/auth/oidc/exchange"),
)


class OidcOffRoutes:
    """Says that single sign-on is off, instead of that there is no such path."""

    def routes(self) -> tuple[RouteDef, ...]:
        """Return the operations below `/api/v1`."""
        return tuple(
            RouteDef(
                method=method,
                path=path,
                handler=self.off,
                access=Access.PUBLIC,
                summary="Single sign-on is off on this server",
                answers={302: None},
                tag="auth",
            )
            for method, path in _PATHS
        )

    async def off(self, call: Call) -> web.StreamResponse:
        """Raise `NotFound`."""
        raise NotFound("OIDC authentication is not enabled")
