"""Registering routes with aiohttp's router."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from aiohttp import HttpVersion11, web

from journiv.api.dispatch import Endpoint, shape_of
from journiv.contracts.routes import RouteDef


@dataclass(frozen=True, slots=True)
class Mount:
    """Routes below one prefix: `/api/v1`, `/api/v1/x/<plugin>`, or nothing for probes."""

    prefix: str
    routes: Sequence[RouteDef]

    def templates(self) -> Iterable[tuple[RouteDef, str]]:
        """Return each route with its whole path."""
        return ((route, self.prefix + route.path) for route in self.routes)


def register(
    app: web.Application,
    mounts: Iterable[Mount],
    endpoint: Callable[[RouteDef, str], Endpoint],
) -> None:
    """Add every route. The roots of lists (`/journals/`) answer with and without their slash.

    Short paths come first, because aiohttp tries one pattern after the other. Raises `ValueError`
    for one method and path twice, whatever their parts are called.
    """
    seen: set[tuple[str, str]] = set()
    routes = [known for mount in mounts for known in mount.templates()]
    for route, template in sorted(routes, key=lambda known: known[1].count("/")):
        operation = (route.method, shape_of(template))
        if operation in seen:
            raise ValueError(f"{route.method} {template} is defined twice")
        seen.add(operation)
        handler = endpoint(route, template).handle
        app.router.add_route(route.method, template, handler, expect_handler=_go_on)
        if template.endswith("/") and template != "/":
            app.router.add_route(route.method, template[:-1], handler, expect_handler=_go_on)


async def _go_on(request: web.Request) -> None:
    """Ask for the body where a client waits for that; ignore other expectations.

    RFC 9110 section 10.1.1 allows it. aiohttp's own handler quotes them, and fails over bytes that
    are not text.
    """
    expected = request.headers.get("Expect", "").lower()
    if expected == "100-continue" and request.version == HttpVersion11:
        await request.writer.write(b"HTTP/1.1 100 Continue\r\n\r\n")
        request.writer.output_size = 0  # the answer itself has not begun
