"""How tags are used over time (api-v1 §3.7), for everybody."""

from __future__ import annotations

from typing import Any, Final

from journiv.api.v1.journal.tag_shapes import TAG_HISTORY, TAG_OVERVIEW
from journiv.contracts.routes import Access, Call, Param, RouteDef
from journiv.services.journal.tag_insights import TagInsightService

_DAYS: Final = (Param(name="days", kind="int", default=365, minimum=1, maximum=3650),)


class TagInsightRoutes:
    """Serves the use of tags in the last `days` days."""

    def __init__(self, insights: TagInsightService) -> None:
        self._insights = insights

    def routes(self) -> tuple[RouteDef, ...]:
        """Return the operations below `/api/v1`."""
        return (
            RouteDef(
                method="GET",
                path="/tags/analytics",
                handler=self.overview,
                access=Access.USER,
                summary="Tell how tags were used: the most used ones, and month by month",
                query=_DAYS,
                answers={200: TAG_OVERVIEW},
                tag="tags",
                scope="tags:read",
            ),
            RouteDef(
                method="GET",
                path="/tags/{tag_id}/analytics",
                handler=self.of_tag,
                access=Access.USER,
                summary="Tell how one tag was used: by month, first and last, beside which others",
                query=_DAYS,
                answers={200: TAG_HISTORY},
                tag="tags",
                scope="tags:read",
            ),
        )

    async def overview(self, call: Call) -> Any:
        """Tell how tags were used."""
        return await self._insights.overview(call.scope, call.query["days"])

    async def of_tag(self, call: Call) -> Any:
        """Tell how one tag was used."""
        return await self._insights.of_tag(call.scope, call.path["tag_id"], call.query["days"])
