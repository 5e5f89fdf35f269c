"""Writing in numbers (api-v1 §3.8)."""

from __future__ import annotations

from typing import Any, Final

from journiv.api.v1.journal.analytics_shapes import (
    DASHBOARD,
    JOURNALS,
    PATTERNS,
    PRODUCTIVITY,
    STREAK,
)
from journiv.contracts.routes import Access, Call, Handler, Param, RouteDef
from journiv.contracts.schema import Schema
from journiv.services.journal.analytics import AnalyticsService

_DAYS: Final = (Param(name="days", kind="int", default=30, minimum=1, maximum=365),)


class AnalyticsRoutes:
    """Serves figures about a person's writing."""

    def __init__(self, analytics: AnalyticsService) -> None:
        self._analytics = analytics

    def routes(self) -> tuple[RouteDef, ...]:
        """Return the operations below `/api/v1`."""
        return (
            _get("writing-streak", self.streak, "Count days in a row and totals", STREAK),
            _get("writing-patterns", self.patterns, "Count entries day by day", PATTERNS, _DAYS),
            _get(
                "productivity", self.productivity, "Compare this month with the last", PRODUCTIVITY
            ),
            _get("journals", self.journals, "Count entries journal by journal", JOURNALS),
            _get("dashboard", self.dashboard, "Get all figures at once", DASHBOARD, _DAYS),
        )

    async def streak(self, call: Call) -> Any:
        """Count days in a row."""
        return await self._analytics.streak(call.scope)

    async def patterns(self, call: Call) -> Any:
        """Count entries day by day."""
        return await self._analytics.patterns(call.scope, call.query["days"])

    async def productivity(self, call: Call) -> Any:
        """Compare months."""
        return await self._analytics.productivity(call.scope)

    async def journals(self, call: Call) -> Any:
        """Count entries journal by journal."""
        return await self._analytics.journals(call.scope)

    async def dashboard(self, call: Call) -> Any:
        """Get all figures at once."""
        return await self._analytics.dashboard(call.scope, call.query["days"])


def _get(
    name: str, handler: Handler, summary: str, answer: Schema, query: tuple[Param, ...] = ()
) -> RouteDef:
    return RouteDef(
        method="GET",
        path=f"/analytics/{name}",
        handler=handler,
        access=Access.USER,
        summary=summary,
        query=query,
        answers={200: answer},
        tag="analytics",
        scope="entries:read",
    )
