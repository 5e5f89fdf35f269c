"""What the server says about itself: its OpenAPI document and the page at `/`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import orjson
from aiohttp import web

from journiv.api.openapi import document
from journiv.api.routing import Mount
from journiv.api.spa import WebApp
from journiv.contracts.routes import Access, Call, RouteDef


class DocumentRoutes:
    """Serves the OpenAPI document of `mounts` and of itself; it is rendered once, into `body`."""

    def __init__(self, mounts: Sequence[Mount], *, title: str, version: str) -> None:
        whole = [*mounts, Mount("/api/v1", self.routes())]
        self.body = orjson.dumps(document(whole, title=title, version=version))

    def routes(self) -> tuple[RouteDef, ...]:
        """Return the operations below `/api/v1`."""
        return (
            RouteDef(
                method="GET",
                path="/openapi.json",
                handler=self.openapi,
                access=Access.PUBLIC,
                summary="Describe this API (OpenAPI 3.1)",
                answers={200: {"type": "dict"}},
                tag="instance",
            ),
        )

    async def openapi(self, call: Call) -> Any:
        """Answer with the document."""
        return web.Response(body=self.body, headers={"Content-Type": "application/json"})


class LandingRoutes:
    """Answers at `/`: browsers with the web app's page, programs with where the API is."""

    def __init__(self, app_name: str, web_app: WebApp) -> None:
        self._name = app_name
        self._web_app = web_app

    def routes(self) -> tuple[RouteDef, ...]:
        """Return the operation at the root."""
        return (
            RouteDef(
                method="GET",
                path="/",
                handler=self.landing,
                access=Access.PUBLIC,
                summary="Say what this server is",
                answers={200: {"content": "text/html application/json"}},
                tag="instance",
                counted=False,
            ),
        )

    async def landing(self, call: Call) -> Any:
        """Answer a browser with a page and a program with JSON."""
        if "text/html" in call.request.headers.get("Accept", ""):
            return self._web_app.page(call.request)
        return {"name": self._name, "api": "/api/v1", "health": "/api/v1/health"}
