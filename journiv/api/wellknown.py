"""`/.well-known/security.txt` (RFC 9116): whom to tell about a weakness of this installation."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from aiohttp import web

from journiv.config.settings import Settings
from journiv.contracts.routes import Access, Call, RouteDef
from journiv.domain.clock import Clock

PATH = "/.well-known/security.txt"
_VALID = timedelta(days=180)


class WellKnownRoutes:
    """Serves the file when `SECURITY_CONTACT` is set; without a contact there is no file."""

    def __init__(self, settings: Settings, clock: Clock) -> None:
        self._contact = settings.security_contact
        self._https = settings.domain_scheme == "https"
        self._address = f"{settings.public_url}{PATH}"
        self._clock = clock

    def routes(self) -> tuple[RouteDef, ...]:
        """Return the operation at the root, none without a contact."""
        if self._contact is None:
            return ()
        return (
            RouteDef(
                method="GET",
                path=PATH,
                handler=self.security,
                access=Access.PUBLIC,
                summary="Say whom to tell about a weakness",
                answers={200: {"content": "text/plain"}},
                tag="instance",
                counted=False,
            ),
        )

    async def security(self, call: Call) -> Any:
        """Answer with a file that is valid for half a year from today."""
        until = self._clock.now() + _VALID
        lines = [f"Contact: {self._contact}", f"Expires: {until:%Y-%m-%d}T00:00:00Z"]
        if self._https:
            lines.append(f"Canonical: {self._address}")
        return web.Response(text="\n".join(lines) + "\n", content_type="text/plain")
