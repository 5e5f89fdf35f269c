"""`/timeline`, `/days` and `/on-this-day`."""

from __future__ import annotations

from typing import Any, Final

from journiv.api.paging import PAGE_PARAMS, page_of, paged
from journiv.api.v1.journal.entry_shapes import ENTRY_FIELDS
from journiv.contracts.records import DayRecord
from journiv.contracts.routes import Access, Call, Param, RouteDef
from journiv.contracts.schema import ListOf, Schema
from journiv.services.journal.timeline import Memory, TimelineService

_TEXT: Final = {"type": "text", "required": True, "nullable": True}
_NUMBER: Final = {"type": "number", "required": True, "nullable": True}
_COUNT: Final = {"type": "integer", "required": True, "min": 0}

MOMENT: Final = Schema(
    "MomentResponse",
    {
        "id": {"type": "uuid", "required": True},
        "journal_id": {"type": "uuid", "required": True, "nullable": True},
        "title": _TEXT,
        "excerpt": _TEXT,
        "logged_at_utc": {"type": "instant", "required": True},
        "logged_date_tz": {"type": "day", "required": True},
        "logged_timezone": {"type": "text", "required": True},
        "mood_id": {"type": "uuid", "required": True, "nullable": True},
        "note": _TEXT,
        "location": _TEXT,
        "weather": _TEXT,
        "latitude": _NUMBER,
        "longitude": _NUMBER,
        "is_pinned": {"type": "boolean", "required": True},
        "word_count": _COUNT,
        "thumbnail_url": _TEXT,
        "created_at": {"type": "instant", "required": True},
        "updated_at": {"type": "instant", "required": True},
    },
)
DAY: Final = Schema(
    "DayResponse",
    {
        "date": {"type": "day", "required": True},
        "entry_count": _COUNT,
        "total_words": _COUNT,
        "mood_id": {"type": "uuid", "required": True, "nullable": True},
        "thumbnail_url": _TEXT,
    },
)
MEMORY: Final = Schema(
    "MemoryResponse",
    {
        "date": {"type": "day", "required": True},
        "years_ago": _COUNT,
        "months_ago": _COUNT,
        "entries": {
            "type": "list",
            "required": True,
            "schema": {"type": "dict", "schema": ENTRY_FIELDS},
        },
    },
)


class TimelineRoutes:
    """Serves the diary in the order of time."""

    def __init__(self, timeline: TimelineService) -> None:
        self._timeline = timeline

    def routes(self) -> tuple[RouteDef, ...]:
        """Return the operations."""
        return (
            _route("/timeline", self.page, "List moments, newest first", MOMENT, PAGE_PARAMS),
            _route(
                "/days",
                self.days,
                "List the days that hold something, oldest first",
                DAY,
                (
                    Param(name="from", kind="day", required=True),
                    Param(name="to", kind="day", required=True),
                ),
            ),
            _route(
                "/on-this-day",
                self.on_this_day,
                "Earlier years' entries of a day, then six months and one month ago",
                MEMORY,
                (Param(name="date", kind="day", help="The person's today when left out."),),
            ),
        )

    async def page(self, call: Call) -> Any:
        """List moments."""
        page = page_of(call.query)
        version = call.principal.security_version
        moments = await self._timeline.page(call.scope, page, version)
        return paged(moments, page, "logged_at_utc")

    async def days(self, call: Call) -> list[DayRecord]:
        """List days."""
        version = call.principal.security_version
        return await self._timeline.days(call.scope, call.query["from"], call.query["to"], version)

    async def on_this_day(self, call: Call) -> list[Memory]:
        """Remember."""
        return await self._timeline.on_this_day(call.scope, call.query["date"])


def _route(
    path: str, handler: Any, summary: str, shape: Schema, query: tuple[Param, ...]
) -> RouteDef:
    return RouteDef(
        method="GET",
        path=path,
        handler=handler,
        access=Access.USER,
        summary=summary,
        answers={200: ListOf(shape)},
        query=query,
        tag="timeline",
        scope="entries:read",
    )
