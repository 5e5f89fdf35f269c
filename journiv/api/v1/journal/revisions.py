"""`/entries/{id}/revisions`."""

from __future__ import annotations

from typing import Final

from journiv.api.preconditions import tagged
from journiv.api.v1.journal.entry_shapes import ENTRY, REVISION
from journiv.contracts.records import RevisionRecord
from journiv.contracts.routes import Access, Call, Reply, RouteDef
from journiv.contracts.schema import ListOf
from journiv.domain.errors import NotFound
from journiv.services.journal.revisions import RevisionService

_ALL: Final = "/entries/{entry_id}/revisions"
_ONE: Final = _ALL + r"/{number:\d+}"
_MAX_DIGITS: Final = 9


class RevisionRoutes:
    """Serves the earlier texts of an entry."""

    def __init__(self, revisions: RevisionService) -> None:
        self._revisions = revisions

    def routes(self) -> tuple[RouteDef, ...]:
        """Return the operations."""
        return (
            RouteDef(
                method="GET",
                path=_ALL,
                handler=self.of_entry,
                access=Access.USER,
                summary="List the kept texts of an entry, newest first, at most 100",
                answers={200: ListOf(REVISION)},
                tag="revisions",
                scope="entries:read",
            ),
            RouteDef(
                method="GET",
                path=_ONE,
                handler=self.get,
                access=Access.USER,
                summary="Read a kept text",
                answers={200: REVISION},
                tag="revisions",
                scope="entries:read",
            ),
            RouteDef(
                method="POST",
                path=f"{_ONE}/restore",
                handler=self.restore,
                access=Access.USER,
                summary="Make a kept text the current one",
                answers={200: ENTRY},
                tag="revisions",
                scope="entries:write",
            ),
        )

    async def of_entry(self, call: Call) -> list[RevisionRecord]:
        """List the kept texts."""
        return await self._revisions.of_entry(call.scope, call.path["entry_id"])

    async def get(self, call: Call) -> RevisionRecord:
        """Read one."""
        return await self._revisions.get(call.scope, call.path["entry_id"], _number(call))

    async def restore(self, call: Call) -> Reply:
        """Restore one."""
        entry_id = call.path["entry_id"]
        return tagged(await self._revisions.restore(call.scope, entry_id, _number(call)))


def _number(call: Call) -> int:
    digits = call.path["number"]
    if len(digits) > _MAX_DIGITS:
        raise NotFound("Revision not found")
    return int(digits)
