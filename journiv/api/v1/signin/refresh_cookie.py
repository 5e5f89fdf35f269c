"""The refresh token of a web application: a cookie its scripts cannot read (security.md D3).

Over https the cookie is `__Host-jrt`, bound to this host and to https by its name; over plain http
browsers refuse that prefix, so it is `jrt`. Reading it needs a request that another site's page
cannot make.
"""

from __future__ import annotations

from datetime import datetime
from typing import Final
from urllib.parse import urlsplit

from aiohttp import web

from journiv.api.keys import CONTEXT
from journiv.api.v1.signin.device_cookie import device_of
from journiv.domain.clock import Clock
from journiv.domain.errors import Forbidden, Invalid, Violation
from journiv.services.signin.sessions import Client, Tokens

HEADERS: Final = ("X-Journiv-Client", "X-Client")
_WEB: Final = frozenset({"pwa", "web"})
_KNOWN: Final = _WEB | {"legacy"}


class RefreshCookie:
    """Writes and reads the cookie; `public_url` decides its name and who may send it."""

    def __init__(self, public_url: str, clock: Clock) -> None:
        parts = urlsplit(public_url)
        self._scheme = parts.scheme
        self._secure = parts.scheme == "https"
        self._origin = f"{parts.scheme}://{parts.netloc}"
        self._clock = clock
        self.name: Final = "__Host-jrt" if self._secure else "jrt"

    def set(self, tokens: Tokens) -> dict[str, str]:
        """Return the header that keeps the refresh token until it dies."""
        left = datetime.fromisoformat(tokens.ends_at) - self._clock.now()
        return self._header(tokens.refresh, max(0, int(left.total_seconds())))

    def clear(self) -> dict[str, str]:
        """Return the header that takes the cookie away."""
        return self._header("", 0)

    def read(self, request: web.Request) -> str | None:
        """Return the cookie, None when there is none.

        Raises `Forbidden` when the request may come from another site's page: such a page can
        make a browser send the cookie, but not with these headers.
        """
        token = request.cookies.get(self.name)
        if token and not self._is_ours(request):
            raise Forbidden("Another site may not use this session")
        return token or None

    def require_own_site(self, request: web.Request) -> None:
        """Raise `Forbidden` when a browser says that another site's page sends this."""
        if request.content_type != "application/json" or not self._is_own_site(request):
            raise Forbidden("Another site may not use this session")

    def _is_ours(self, request: web.Request) -> bool:
        if request.content_type != "application/json" or client_name(request) is None:
            return False
        return self._is_own_site(request)

    def _is_own_site(self, request: web.Request) -> bool:
        headers = request.headers
        if headers.get("Sec-Fetch-Site", "same-origin") != "same-origin":
            return False
        origin = headers.get("Origin")
        # The Host header has been checked: only our own names reach a handler.
        return origin in (None, self._origin, f"{self._scheme}://{request.host}")

    def _header(self, value: str, seconds: int) -> dict[str, str]:
        secure = "; Secure" if self._secure else ""
        return {
            "Set-Cookie": f"{self.name}={value}; Max-Age={seconds}; Path=/; HttpOnly"
            f"; SameSite=Strict{secure}"
        }


def client_name(request: web.Request) -> str | None:
    """Return what kind of client this says it is, None when it does not say.

    Raises `Invalid` (422) for a kind that does not exist.
    """
    for header in HEADERS:
        name = request.headers.get(header)
        if name is None:
            continue
        if name.lower() not in _KNOWN:
            sentence = "This must be pwa, web or legacy."
            raise Invalid([Violation(("header", header), "enum", sentence)])
        return name.lower()
    return None


def client_of(request: web.Request, address: str) -> Client:
    """Describe who signs in. A web client gets its refresh token as a cookie."""
    return Client(
        kind="web" if client_name(request) in _WEB else "api",
        user_agent=request.headers.get("User-Agent", ""),
        address=address,
        request_id=request[CONTEXT].request_id,
        device=device_of(request),
    )
