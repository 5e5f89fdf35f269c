"""Response headers (security.md D17 with decision 24)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from aiohttp import web
from multidict import CIMultiDict

from journiv.api.keys import CONTEXT

REPORT_URI: Final = "/api/v1/security/csp-report"
API_CSP: Final = "default-src 'none'; frame-ancestors 'none'; sandbox"
PAGE_CSP: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob: data:; "
    "media-src 'self' blob:; font-src 'self'; connect-src 'self'; manifest-src 'self'; "
    "worker-src 'self'; form-action 'self'; base-uri 'none'; object-src 'none'; "
    "frame-src 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; "
    "trusted-types svelte-trusted-html journal-sw; "
    f"report-to csp; report-uri {REPORT_URI}"
)
EVERYWHERE: Final = {
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
HSTS: Final = "max-age=31536000"


def page_headers(*, https: bool) -> Mapping[str, str]:
    """Return what the web app's pages, scripts and files carry in place of the API's policy."""
    return {
        "Content-Security-Policy": PAGE_CSP + ("; upgrade-insecure-requests" if https else ""),
        "Reporting-Endpoints": f'csp="{REPORT_URI}"',
    }


class SecurityHeaders:
    """Completes every response just before it is sent; what a handler set itself stays.

    `https` says how the public address begins: only then browsers may be told to insist on it,
    with `subdomains` for every host below it too. Never `preload`: that cannot be taken back.
    """

    def __init__(self, *, https: bool, subdomains: bool = False) -> None:
        self._headers = CIMultiDict(EVERYWHERE)
        if https:
            hsts = f"{HSTS}; includeSubDomains" if subdomains else HSTS
            self._headers["Strict-Transport-Security"] = hsts

    async def complete(self, request: web.Request, response: web.StreamResponse) -> None:
        """Add the headers; to be appended to `Application.on_response_prepare`."""
        self.add_to(response)
        context = request.get(CONTEXT)
        if context is not None:
            response.headers["X-Request-ID"] = context.request_id
        response.headers.pop("Server", None)

    def add_to(self, response: web.StreamResponse) -> None:
        """Add the headers to an answer that no application prepares."""
        if response.status >= 400:  # a file's age is not its refusal's (412, 416)
            response.headers["Cache-Control"] = EVERYWHERE["Cache-Control"]
        response.headers.merge(self._headers)


HEADERS: web.AppKey[SecurityHeaders] = web.AppKey("headers", SecurityHeaders)
