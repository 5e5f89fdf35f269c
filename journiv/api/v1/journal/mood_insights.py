"""Statistics of moods (api-v1 §3.5)."""

from __future__ import annotations

from typing import Any

from journiv.api.v1.journal.mood_shapes import MOOD_STATISTICS, MOOD_STREAK
from journiv.contracts.routes import Access, Call, Param, RouteDef
from journiv.services.journal.mood_insights import MoodInsightService


class MoodInsightRoutes:
    """Serves what a person's moods add up to."""

    def __init__(self, insights: MoodInsightService) -> None:
        self._insights = insights

    def routes(self) -> tuple[RouteDef, ...]:
        """Return the operations below `/api/v1`."""
        return (
            RouteDef(
                method="GET",
                path="/moods/analytics/statistics",
                handler=self.statistics,
                access=Access.USER,
                summary="Count the moods of some days",
                query=(
                    Param(name="start_date", kind="day", help="By default 30 days ago in UTC"),
                    Param(name="end_date", kind="day", help="Inclusive; by default today in UTC"),
                ),
                answers={200: MOOD_STATISTICS},
                tag="moods",
                scope="moods:read",
            ),
            RouteDef(
                method="GET",
                path="/moods/analytics/streak",
                handler=self.streak,
                access=Access.USER,
                summary="Count days in a row with a mood",
                answers={200: MOOD_STREAK},
                tag="moods",
                scope="moods:read",
            ),
        )

    async def statistics(self, call: Call) -> Any:
        """Count moods."""
        return await self._insights.statistics(
            call.scope, call.query["start_date"], call.query["end_date"]
        )

    async def streak(self, call: Call) -> Any:
        """Count days in a row."""
        return await self._insights.streak(call.scope)
