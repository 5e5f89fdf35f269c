"""`/entries/draft` and `/entries/drafts`."""

from __future__ import annotations

from typing import Any

from journiv.api.paging import PAGE_PARAMS, page_of, paged
from journiv.api.preconditions import tagged
from journiv.api.v1.journal.entry_shapes import DRAFT_CREATE, ENTRY
from journiv.contracts.routes import Access, Call, Param, Reply, RouteDef
from journiv.contracts.schema import ListOf
from journiv.services.journal.drafts import DraftService
from journiv.services.journal.entries import EntryService
from journiv.services.journal.entry_values import EntryInput


class DraftRoutes:
    """Serves drafts; they are changed and thrown away like entries."""

    def __init__(self, entries: EntryService, drafts: DraftService) -> None:
        self._entries = entries
        self._drafts = drafts

    def routes(self) -> tuple[RouteDef, ...]:
        """Return the operations."""
        return (
            RouteDef(
                method="POST",
                path="/entries/draft",
                handler=self.create,
                access=Access.USER,
                summary="Keep a draft, outside lists, counts and streaks",
                answers={201: ENTRY, 200: ENTRY},
                body=DRAFT_CREATE,
                tag="drafts",
                scope="entries:write",
            ),
            RouteDef(
                method="GET",
                path="/entries/drafts",
                handler=self.page,
                access=Access.USER,
                summary="List drafts, most recently changed first",
                answers={200: ListOf(ENTRY)},
                query=(*PAGE_PARAMS, Param(name="journal_id", kind="uuid")),
                tag="drafts",
                scope="entries:read",
            ),
            RouteDef(
                method="POST",
                path="/entries/{entry_id}/publish",
                handler=self.publish,
                access=Access.USER,
                summary="Put a draft into the diary",
                answers={200: ENTRY},
                tag="drafts",
                scope="entries:write",
            ),
        )

    async def create(self, call: Call) -> Reply:
        """Keep a draft."""
        given = EntryInput(**call.body)
        made = await self._entries.create(call.scope, given, is_draft=True)
        return tagged(made.entry, status=201 if made.is_new else 200)

    async def page(self, call: Call) -> Any:
        """List drafts."""
        page = page_of(call.query)
        records = await self._drafts.page(call.scope, page, call.query["journal_id"])
        return paged(records, page, "updated_at")

    async def publish(self, call: Call) -> Reply:
        """Publish a draft."""
        return tagged(await self._drafts.publish(call.scope, call.path["entry_id"]))
