"""Cross-origin calls, for the origins of `CORS_ORIGINS` alone (security.md D16)."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any

import aiohttp_cors
from aiohttp import hdrs, web
from aiohttp_cors.abc import AbstractRouterAdapter

from journiv.api.paths import API

Preflight = Callable[[web.Request], Awaitable[web.StreamResponse]]
Options = Mapping[str, aiohttp_cors.ResourceOptions]

MAX_AGE = 600
SENT = (
    "Accept", "Accept-Language", "Authorization", "Content-Language", "Content-Type",
    "Idempotency-Key", "If-Match", "If-None-Match", "X-Client", "X-Journiv-Client",
    "X-Request-ID", "X-Setup-Token",
)  # fmt: skip
READ = (
    "Content-Disposition", "ETag", "Idempotent-Replayed", "RateLimit-Limit",
    "RateLimit-Remaining", "RateLimit-Reset", "Retry-After", "X-Overwrote-Version",
    "X-Request-ID",
)  # fmt: skip


def enable(app: web.Application, origins: Sequence[str], *, credentials: bool) -> Preflights:
    """Let pages of `origins` call everything below `/api`; return the middleware for preflights.

    Every answer below `/api` gets the headers, errors and paths that do not exist too: without
    them a page would see a network error instead of the problem.
    """
    # Its one method without types.
    options = aiohttp_cors.ResourceOptions(  # type: ignore[no-untyped-call]
        allow_credentials=credentials,
        allow_headers=SENT,
        expose_headers=READ,
        max_age=MAX_AGE,
    )
    preflights = Preflights(dict.fromkeys(origins, options))
    cors = aiohttp_cors.CorsConfig(app, router_adapter=preflights)
    cors.add(API)
    app.on_response_prepare.append(_vary)
    return preflights


class Preflights(AbstractRouterAdapter):
    """Tells aiohttp-cors what holds for a request: one policy for the whole API.

    The library's own adapter works per registered resource; so paths without a route have no
    headers, and a path whose methods name their parts differently refuses its second method.
    """

    def __init__(self, options: Options) -> None:
        self._options = options
        self._answer: Preflight | None = None

    @web.middleware
    async def handle(
        self,
        request: web.Request,
        handler: Callable[[web.Request], Awaitable[web.StreamResponse]],
    ) -> web.StreamResponse:
        """Answer a preflight before anybody asks who is calling: it carries no credentials."""
        if self._answer is None or not self.is_preflight_request(request):
            return await handler(request)
        try:
            return await self._answer(request)
        except UnicodeEncodeError:  # the library quotes headers, also those that are no text
            raise web.HTTPForbidden from None

    def is_preflight_request(self, request: web.Request) -> bool:
        """Say whether a browser asks what it may send."""
        return (
            request.method == hdrs.METH_OPTIONS
            and hdrs.ACCESS_CONTROL_REQUEST_METHOD in request.headers
            and self.is_cors_enabled_on_request(request)
        )

    def is_cors_enabled_on_request(self, request: web.Request) -> bool:
        """Say whether the policy holds for this path."""
        return request.path.startswith(API)

    async def get_preflight_request_config(
        self, preflight_request: web.Request, origin: str, requested_method: str
    ) -> Options:
        """Return the policy when something answers this method at this path, else KeyError."""
        try:
            asked = preflight_request.clone(method=requested_method)
        except ValueError:
            raise KeyError(requested_method) from None
        found = await preflight_request.app.router.resolve(asked)
        if found.http_exception is not None:
            raise KeyError(requested_method)
        return self._options

    def get_non_preflight_request_config(self, request: web.Request) -> Options:
        """Return the policy."""
        return self._options

    def add_preflight_handler(
        self, routing_entity: str, handler: Preflight, webview: bool = False
    ) -> None:
        """Keep the library's answer to preflights."""
        self._answer = handler

    def set_config_for_routing_entity(self, routing_entity: str, config: Any) -> None:
        """Do nothing: there is one policy."""


async def _vary(request: web.Request, response: web.StreamResponse) -> None:
    """Tell caches that answers differ by origin, also those to an origin that is not listed."""
    if request.path.startswith(API):
        known = response.headers.get(hdrs.VARY)
        response.headers[hdrs.VARY] = f"{known}, {hdrs.ORIGIN}" if known else hdrs.ORIGIN
