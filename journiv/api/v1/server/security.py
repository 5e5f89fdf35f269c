"""Content-Security-Policy reports: counted, never kept (api-v1 §3.12, security.md D22)."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta
from typing import Any, Final

from aiohttp import web

from journiv.api.bodies import raw_body
from journiv.api.documents import loads
from journiv.api.middleware.headers import REPORT_URI
from journiv.api.problems import HttpProblem
from journiv.config import Settings
from journiv.contracts.routes import Access, Call, RouteDef
from journiv.contracts.schema import Schema
from journiv.domain.clock import Clock, instant
from journiv.domain.errors import BadRequest

MAX_REPORT = 8 * 1024
QUIET: Final = timedelta(minutes=1)
_KINDS = frozenset({"application/json", "application/csp-report", "application/reports+json"})
_TEXT = {"type": "text", "required": True}
_FLAG = {"type": "boolean", "required": True}
_log = logging.getLogger(__name__)

RECEIVED = Schema("CspReportReceived", {"status": _TEXT, "message": _TEXT})
STATUS = Schema(
    "CspStatus",
    {
        "csp_enabled": _FLAG,
        "environment": _TEXT,
        "reporting_enabled": _FLAG,
        "hsts_enabled": _FLAG,
        "report_uri": _TEXT,
        "timestamp": {"type": "instant", "required": True},
        "message": _TEXT,
    },
)


class SecurityRoutes:
    """Takes reports in the browsers' two formats and in the published API's own."""

    def __init__(self, settings: Settings, clock: Clock) -> None:
        self._settings = settings
        self._clock = clock
        self._reports = 0
        self._told_at: datetime | None = None

    def routes(self) -> tuple[RouteDef, ...]:
        """Return the operations below `/api/v1`."""
        return (
            RouteDef(
                method="POST",
                path="/security/csp-report",
                handler=self.report,
                access=Access.PUBLIC,
                summary="Report a violation of the Content-Security-Policy",
                answers={200: RECEIVED},
                tag="security",
                limit="report",
            ),
            RouteDef(
                method="GET",
                path="/security/csp-status",
                handler=self.status,
                access=Access.PUBLIC,
                summary="Whether the Content-Security-Policy is on",
                answers={200: STATUS},
                tag="security",
            ),
        )

    async def report(self, call: Call) -> Any:
        """Count a report; what it says may hold addresses of pages, so it is not logged."""
        raw = await _bounded(call.request)
        if not isinstance(loads(raw), (dict, list)):
            raise BadRequest("This is not a CSP report.")
        self._reports += 1
        self._tell()
        return {"status": "received", "message": "The report was counted."}

    async def status(self, call: Call) -> Any:
        """Answer what is switched on."""
        return {
            "csp_enabled": True,
            "environment": self._settings.environment,
            "reporting_enabled": True,
            "hsts_enabled": self._settings.domain_scheme == "https",
            "report_uri": REPORT_URI,
            "timestamp": instant(self._clock.now()),
            "message": f"{self._reports} reports since the start.",
        }

    def _tell(self) -> None:
        """Log how many there were, at most once a minute: whoever reports may be anybody."""
        now = self._clock.now()
        if self._told_at is None or now - self._told_at >= QUIET:
            self._told_at = now
            _log.info("Browsers reported CSP violations (%d since the start).", self._reports)


async def _bounded(request: web.Request) -> bytes:
    if request.content_type not in _KINDS:
        raise HttpProblem(415, "Send application/csp-report or application/reports+json.")
    if request.content_length is not None and request.content_length > MAX_REPORT:
        raise HttpProblem(413, "A report has at most 8 KiB.")
    raw = await raw_body(request)
    if len(raw) > MAX_REPORT:
        raise HttpProblem(413, "A report has at most 8 KiB.")
    return raw
