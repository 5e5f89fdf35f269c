"""`/journals`."""

from __future__ import annotations

from typing import Any, Final

from journiv.contracts.records import JournalRecord
from journiv.contracts.routes import Access, Call, Param, RouteDef
from journiv.contracts.schema import ListOf, Schema
from journiv.services.journal.journals import JournalService

COLORS: Final = (
    "#EF4444", "#F97316", "#F59E0B", "#EAB308", "#84CC16", "#22C55E", "#10B981", "#14B8A6",
    "#06B6D4", "#0EA5E9", "#3B82F6", "#6366F1", "#8B5CF6", "#A855F7", "#D946EF", "#EC4899",
    "#F43F5E", "#64748B", "#6B7280", "#71717A", "#737373", "#78716C",
)  # fmt: skip

_COLOR: Final = {"type": "text", "nullable": True, "allowed": [*COLORS]}
_DESCRIPTION: Final = {"type": "text", "nullable": True, "maxlength": 1000}
_ICON: Final = {"type": "text", "nullable": True, "maxlength": 50}
_TITLE: Final = {"type": "text", "minlength": 1, "maxlength": 200}

JOURNAL_CREATE: Final = Schema(
    "JournalCreate",
    {
        "title": {**_TITLE, "required": True},
        "description": _DESCRIPTION,
        "color": _COLOR,
        "icon": _ICON,
    },
)
JOURNAL_UPDATE: Final = Schema(
    "JournalUpdate",
    {
        "title": {**_TITLE, "nullable": True},
        "description": _DESCRIPTION,
        "color": _COLOR,
        "icon": _ICON,
        "is_favorite": {"type": "boolean", "nullable": True},
        "is_archived": {"type": "boolean", "nullable": True},
    },
)
JOURNAL: Final = Schema(
    "JournalResponse",
    {
        "id": {"type": "uuid", "required": True},
        "user_id": {"type": "uuid", "required": True},
        "title": {"type": "text", "required": True},
        "description": {"type": "text", "required": True, "nullable": True},
        "color": {**_COLOR, "required": True},
        "icon": {"type": "text", "required": True, "nullable": True},
        "is_favorite": {"type": "boolean", "required": True},
        "is_archived": {"type": "boolean", "required": True},
        "entry_count": {"type": "integer", "required": True, "min": 0},
        "total_words": {"type": "integer", "required": True, "min": 0},
        "last_entry_at": {"type": "instant", "required": True, "nullable": True},
        "created_at": {"type": "instant", "required": True},
        "updated_at": {"type": "instant", "required": True},
    },
)


class JournalRoutes:
    """Serves journals."""

    def __init__(self, journals: JournalService) -> None:
        self._journals = journals

    def routes(self) -> tuple[RouteDef, ...]:
        """Return the operations."""
        one = "/journals/{journal_id}"
        return (
            _route("POST", "/journals/", self.create, "Make a journal", 201, JOURNAL_CREATE),
            RouteDef(
                method="GET",
                path="/journals/",
                handler=self.all,
                access=Access.USER,
                summary="List journals, newest first",
                answers={200: ListOf(JOURNAL)},
                query=(Param(name="include_archived", kind="bool", default=False),),
                tag="journals",
                scope="entries:read",
            ),
            RouteDef(
                method="GET",
                path="/journals/favorites",
                handler=self.favorites,
                access=Access.USER,
                summary="List favourite journals",
                answers={200: ListOf(JOURNAL)},
                tag="journals",
                scope="entries:read",
            ),
            _route("GET", one, self.get, "Read a journal"),
            _route("PUT", one, self.change, "Change a journal", body=JOURNAL_UPDATE),
            RouteDef(
                method="DELETE",
                path=one,
                handler=self.delete,
                access=Access.USER,
                summary="Delete a journal and all its entries",
                answers={204: None},
                tag="journals",
                scope="entries:write",
            ),
            _route("POST", f"{one}/favorite", self.favorite, "Toggle favourite"),
            _route("POST", f"{one}/archive", self.archive, "Archive a journal"),
            _route("POST", f"{one}/unarchive", self.unarchive, "Take a journal out of the archive"),
        )

    async def create(self, call: Call) -> JournalRecord:
        """Make a journal."""
        return await self._journals.create(call.scope, **call.body)

    async def all(self, call: Call) -> list[JournalRecord]:
        """List journals."""
        include = call.query["include_archived"]
        return await self._journals.all(call.scope, include_archived=include)

    async def favorites(self, call: Call) -> list[JournalRecord]:
        """List favourites."""
        return await self._journals.favorites(call.scope)

    async def get(self, call: Call) -> JournalRecord:
        """Read one."""
        return await self._journals.get(call.scope, call.path["journal_id"])

    async def change(self, call: Call) -> JournalRecord:
        """Change one."""
        return await self._journals.change(call.scope, call.path["journal_id"], call.body)

    async def delete(self, call: Call) -> None:
        """Delete one."""
        await self._journals.delete(call.scope, call.path["journal_id"])

    async def favorite(self, call: Call) -> JournalRecord:
        """Toggle favourite."""
        return await self._journals.toggle_favorite(call.scope, call.path["journal_id"])

    async def archive(self, call: Call) -> JournalRecord:
        """Archive one."""
        return await self._journals.archive(call.scope, call.path["journal_id"], archived=True)

    async def unarchive(self, call: Call) -> JournalRecord:
        """Take one out of the archive."""
        return await self._journals.archive(call.scope, call.path["journal_id"], archived=False)


def _route(
    method: str,
    path: str,
    handler: Any,
    summary: str,
    status: int = 200,
    body: Schema | None = None,
) -> RouteDef:
    return RouteDef(
        method=method,
        path=path,
        handler=handler,
        access=Access.USER,
        summary=summary,
        answers={status: JOURNAL},
        body=body,
        tag="journals",
        scope="entries:read" if method == "GET" else "entries:write",
    )
