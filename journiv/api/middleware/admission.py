"""Who is calling, and may they? Decided before anything of the request is read."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Final

from aiohttp import web

from journiv.api.headers import single_header
from journiv.api.limits import RateLimits
from journiv.contracts.routes import Access, RouteDef
from journiv.contracts.tokens import Principal
from journiv.domain.errors import (
    AuthenticationFailed,
    BadRequest,
    EnrolmentRequired,
    Forbidden,
    JournivError,
)

OUT_OF_SCOPE: Final = "This access token may not do this"
MUST_ENROL: Final = "This server requires a second factor. Switch one on, or sign in with it."

PrincipalOf = Callable[[str], Awaitable[Principal]]


class Admission:
    """Finds the caller by bearer token, counts the request, and checks the route's access.

    `principal` raises `AuthenticationFailed` for a dead token and `Forbidden` for an inactive
    account. A public route with a token that is no good is served as to anybody.
    """

    def __init__(self, principal: PrincipalOf, limits: RateLimits | None) -> None:
        self._principal = principal
        self._limits = limits

    async def admit(self, request: web.Request, route: RouteDef, client: str) -> Principal | None:
        """Return the caller, None for a stranger on a public route.

        Raises `RateLimited`, `BadRequest`, `AuthenticationFailed` or `Forbidden`, in this order.
        """
        caller, refusal = await self._caller(request)
        if self._limits is not None:
            await self._count(self._limits, route, client, caller)
        return self._allowed(route, caller, refusal)

    async def readmit(self, request: web.Request, route: RouteDef) -> Principal | None:
        """Decide again, without counting: what a caller was may have ended while a body came in.

        Raises `AuthenticationFailed` or `Forbidden` like `admit`.
        """
        return self._allowed(route, *await self._caller(request))

    @staticmethod
    def _allowed(
        route: RouteDef, caller: Principal | None, refusal: JournivError | None
    ) -> Principal | None:
        outside = caller is not None and not _in_scope(caller, route)
        held_back = caller is not None and caller.must_enrol and not route.for_enrolment
        if route.access is Access.PUBLIC:
            return None if outside or held_back else caller
        if caller is None:
            raise refusal or AuthenticationFailed("Not authenticated")
        if outside:
            raise Forbidden(OUT_OF_SCOPE)
        if held_back:
            raise EnrolmentRequired(MUST_ENROL)
        if route.access is Access.ADMIN and not caller.is_admin:
            raise Forbidden("Admin access required")
        return caller

    async def count_stray(self, request: web.Request, client: str) -> None:
        """Count a request that no route takes. Raises `RateLimited`."""
        if self._limits is None:
            return
        caller, _ = await self._caller(request)
        await self._count_caller(self._limits, client, caller)

    async def _caller(self, request: web.Request) -> tuple[Principal | None, JournivError | None]:
        try:
            authorization = single_header(request, "Authorization") or ""
            scheme, _, token = authorization.partition(" ")
            if scheme.lower() != "bearer" or not token:
                return None, None
            return await self._principal(token.strip()), None
        except (BadRequest, AuthenticationFailed, Forbidden) as refusal:
            return None, refusal

    async def _count(
        self, limits: RateLimits, route: RouteDef, client: str, caller: Principal | None
    ) -> None:
        if route.limit is not None:
            await limits.strict(route.limit, client)
        if route.counted:
            await self._count_caller(limits, client, caller)

    @staticmethod
    async def _count_caller(limits: RateLimits, client: str, caller: Principal | None) -> None:
        if caller is None:
            await limits.anonymous(client)
        else:
            await limits.person(caller.user_id, client)


def _in_scope(caller: Principal, route: RouteDef) -> bool:
    """Say whether a personal access token may call this; a person's session always may."""
    return caller.scopes is None or (route.scope is not None and route.scope in caller.scopes)
