"""Response headers (security.md D17 with decision 24)."""

from __future__ import annotations

from aiohttp import web
from multidict import CIMultiDict

from journiv.api.keys import CONTEXT

API_CSP = "default-src 'none'; frame-ancestors 'none'; sandbox"
EVERYWHERE = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Origin-Agent-Cluster": "?1",
    "X-Permitted-Cross-Domain-Policies": "none",
    "Permissions-Policy": (
        "accelerometer=(), autoplay=(self), camera=(self), display-capture=(), fullscreen=(self), "
        "geolocation=(self), gyroscope=(), magnetometer=(), microphone=(self), midi=(), "
        "payment=(), usb=(), browsing-topics=()"
    ),
    "Content-Security-Policy": API_CSP,
    "Cache-Control": "no-store",
}
HSTS = "max-age=31536000"


class SecurityHeaders:
    """Completes every response just before it is sent; what a handler set itself stays."""

    def __init__(self, *, https: bool) -> None:
        headers = {**EVERYWHERE, "Strict-Transport-Security": HSTS} if https else EVERYWHERE
        self._headers = CIMultiDict(headers)

    async def complete(self, request: web.Request, response: web.StreamResponse) -> None:
        """Add the headers; to be appended to `Application.on_response_prepare`."""
        headers = response.headers
        headers.merge(self._headers)
        context = request.get(CONTEXT)
        if context is not None:
            headers["X-Request-ID"] = context.request_id
        headers.pop("Server", None)
