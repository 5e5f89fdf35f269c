"""`/entries/search`."""

from __future__ import annotations

from typing import Any, Final

from journiv.api.paging import PAGE_PARAMS, page_of, paged
from journiv.api.v1.journal.entry_shapes import HIT
from journiv.contracts.routes import Access, Call, Param, RouteDef
from journiv.contracts.schema import ListOf
from journiv.services.journal.search import SearchFilter, SearchService

MAX_QUERY: Final = 1000

_FILTERS: Final = (
    Param(name="journal_id", kind="uuid"),
    Param(name="tag", kind="text", minimum=1, maximum=100, help="A tag's name."),
    Param(name="mood_id", kind="uuid"),
    Param(name="start_date", kind="day"),
    Param(name="end_date", kind="day"),
    Param(name="pinned", kind="bool"),
    Param(name="has_media", kind="bool"),
)


class SearchRoutes:
    """Serves the search over title and text."""

    def __init__(self, search: SearchService) -> None:
        self._search = search

    def routes(self) -> tuple[RouteDef, ...]:
        """Return the operation."""
        text = Param(name="q", kind="text", required=True, minimum=1, maximum=MAX_QUERY)
        return (
            RouteDef(
                method="GET",
                path="/entries/search",
                handler=self.find,
                access=Access.USER,
                summary="Find entries that hold every word; a quoted phrase is one",
                answers={200: ListOf(HIT)},
                query=(text, *_FILTERS, *PAGE_PARAMS),
                tag="entries",
                scope="entries:read",
            ),
        )

    async def find(self, call: Call) -> Any:
        """Find entries."""
        page = page_of(call.query)
        narrowed = SearchFilter(**{one.name: call.query[one.name] for one in _FILTERS})
        hits = await self._search.find(call.scope, call.query["q"], narrowed, page)
        return paged(hits, page, "entry_datetime_utc")
