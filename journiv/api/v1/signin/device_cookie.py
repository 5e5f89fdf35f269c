"""The cookie by which a browser is known to have signed in before (security.md D6).

It outlives sessions and opens none; see `KnownDevices`.
"""

from __future__ import annotations

from typing import Final
from urllib.parse import urlsplit

from aiohttp import web

from journiv.services.signin.known_devices import LIFE

NAMES: Final = ("__Host-jdev", "jdev")


class DeviceCookie:
    """Writes the cookie; over plain http browsers refuse the first name."""

    def __init__(self, public_url: str) -> None:
        self._secure = urlsplit(public_url).scheme == "https"

    def header(self, token: str) -> str:
        """Return the value of the `Set-Cookie` header."""
        name, seconds = NAMES[0 if self._secure else 1], int(LIFE.total_seconds())
        secure = "; Secure" if self._secure else ""
        return f"{name}={token}; Max-Age={seconds}; Path=/; HttpOnly; SameSite=Strict{secure}"


def device_of(request: web.Request) -> str:
    """Return the token a request carries, empty without one; whoever sent it cannot forge it."""
    return next((request.cookies[name] for name in NAMES if name in request.cookies), "")
