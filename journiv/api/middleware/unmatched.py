"""What no route takes: pages and files of the web app, and counted refusals."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from aiohttp import web

from journiv.api.keys import CONTEXT
from journiv.api.middleware.admission import Admission
from journiv.api.paths import is_for_programs
from journiv.api.spa import WebApp


class Unmatched:
    """Asks the web app first, except below `/api` and `/media`.

    What it does not have is counted like any other request before it is refused, so that nobody
    can search for paths without end.
    """

    def __init__(self, web_app: WebApp, admission: Admission) -> None:
        self._web_app = web_app
        self._admission = admission

    @web.middleware
    async def handle(
        self,
        request: web.Request,
        handler: Callable[[web.Request], Awaitable[web.StreamResponse]],
    ) -> web.StreamResponse:
        """Run the rest when there is a route. Raises `RateLimited` or what the router found."""
        if request.match_info.http_exception is None:
            return await handler(request)
        context = request[CONTEXT]
        if not is_for_programs(request.path):
            found = self._web_app.answer(request)
            if found is not None:
                context.route = "web app"
                return found
        await self._admission.count_stray(request, context.client)
        return await handler(request)
