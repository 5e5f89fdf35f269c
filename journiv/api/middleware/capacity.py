"""How many requests may be in progress at once."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from aiohttp import web

from journiv.domain.errors import Unavailable


class Capacity:
    """Refuses with 503 and `Retry-After` beyond `limit`, so that a storm cannot fill the memory."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._running = 0

    @web.middleware
    async def handle(
        self,
        request: web.Request,
        handler: Callable[[web.Request], Awaitable[web.StreamResponse]],
    ) -> web.StreamResponse:
        """Run the rest when there is room. Raises `Unavailable`."""
        if self._running >= self._limit:
            raise Unavailable("The server is busy. Try again in a moment.", retry_after=1)
        self._running += 1
        try:
            return await handler(request)
        finally:
            self._running -= 1
