"""`/trash`."""

from __future__ import annotations

from typing import Any

from journiv.api.paging import PAGE_PARAMS, page_of, paged
from journiv.api.preconditions import tagged
from journiv.api.v1.journal.entry_shapes import ENTRY, TRASHED
from journiv.contracts.routes import Access, Call, Reply, RouteDef
from journiv.contracts.schema import ListOf
from journiv.services.journal.trash import TrashService


class TrashRoutes:
    """Serves what was thrown away."""

    def __init__(self, trash: TrashService) -> None:
        self._trash = trash

    def routes(self) -> tuple[RouteDef, ...]:
        """Return the operations."""
        return (
            RouteDef(
                method="GET",
                path="/trash",
                handler=self.page,
                access=Access.USER,
                summary="List the trash, latest thrown first",
                answers={200: ListOf(TRASHED)},
                query=PAGE_PARAMS,
                tag="trash",
                scope="entries:read",
            ),
            RouteDef(
                method="POST",
                path="/trash/{entry_id}/restore",
                handler=self.restore,
                access=Access.USER,
                summary="Bring an entry back",
                answers={200: ENTRY},
                tag="trash",
                scope="entries:write",
            ),
            RouteDef(
                method="DELETE",
                path="/trash/{entry_id}",
                handler=self.delete,
                access=Access.USER,
                summary="Delete an entry for ever",
                answers={204: None},
                tag="trash",
                scope="entries:write",
            ),
        )

    async def page(self, call: Call) -> Any:
        """List the trash."""
        page = page_of(call.query)
        return paged(await self._trash.page(call.scope, page), page, "trashed_at")

    async def restore(self, call: Call) -> Reply:
        """Bring an entry back."""
        return tagged(await self._trash.restore(call.scope, call.path["entry_id"]))

    async def delete(self, call: Call) -> None:
        """Delete an entry for ever."""
        await self._trash.delete(call.scope, call.path["entry_id"])
