"""Tags (api-v1 §3.7)."""

from __future__ import annotations

from typing import Any, Final

from journiv.api.paging import PAGE_PARAMS, page_of, paged
from journiv.api.v1.journal.tag_shapes import ENTRY_PREVIEW, TAG, TAG_CREATE, TAG_UPDATE
from journiv.contracts.records import EntryRecord
from journiv.contracts.routes import Access, Call, Param, RouteDef
from journiv.contracts.schema import ListOf
from journiv.domain.text import excerpt
from journiv.services.journal.tags import TagService

_ONE: Final = "/tags/{tag_id}"
_PAGE: Final = (
    Param(name="limit", kind="int", default=50, minimum=1, maximum=100),
    Param(name="offset", kind="int", default=0, minimum=0),
)
_SEARCH: Final = Param(name="search", kind="text", help="Part of the name, in any case")
_SOME: Final = Param(name="limit", kind="int", default=20, minimum=1, maximum=50)


class TagRoutes:
    """Serves a person's tags."""

    def __init__(self, tags: TagService) -> None:
        self._tags = tags

    def routes(self) -> tuple[RouteDef, ...]:
        """Return the operations below `/api/v1`."""
        return (*self._lists(), *self._one(), *self._more())

    def _lists(self) -> tuple[RouteDef, ...]:
        return (
            RouteDef(
                method="POST",
                path="/tags/",
                handler=self.create,
                access=Access.USER,
                summary="Make a tag, or get the one of that name; 1 to 100 characters",
                body=TAG_CREATE,
                answers={201: TAG},
                tag="tags",
                scope="tags:write",
            ),
            RouteDef(
                method="GET",
                path="/tags/",
                handler=self.page,
                access=Access.USER,
                summary="List tags, most used first, then by name",
                query=(*_PAGE, _SEARCH),
                answers={200: ListOf(TAG)},
                tag="tags",
                scope="tags:read",
            ),
            RouteDef(
                method="GET",
                path="/tags/popular",
                handler=self.popular,
                access=Access.USER,
                summary="List used tags, most used first",
                query=(_SOME,),
                answers={200: ListOf(TAG)},
                tag="tags",
                scope="tags:read",
            ),
            RouteDef(
                method="GET",
                path="/tags/search",
                handler=self.search,
                access=Access.USER,
                summary="Find tags by a part of their name",
                query=(Param(name="q", kind="text", required=True, minimum=1), _SOME),
                answers={200: ListOf(TAG)},
                tag="tags",
                scope="tags:read",
            ),
        )

    def _one(self) -> tuple[RouteDef, ...]:
        return (
            RouteDef(
                method="GET",
                path=_ONE,
                handler=self.get,
                access=Access.USER,
                summary="Get a tag",
                answers={200: TAG},
                tag="tags",
                scope="tags:read",
            ),
            RouteDef(
                method="PUT",
                path=_ONE,
                handler=self.rename,
                access=Access.USER,
                summary="Rename a tag; null keeps the name",
                body=TAG_UPDATE,
                answers={200: TAG},
                tag="tags",
                scope="tags:write",
            ),
            RouteDef(
                method="DELETE",
                path=_ONE,
                handler=self.delete,
                access=Access.USER,
                summary="Delete a tag; entries stay",
                answers={204: None},
                tag="tags",
                scope="tags:write",
            ),
        )

    def _more(self) -> tuple[RouteDef, ...]:
        return (
            RouteDef(
                method="POST",
                path="/tags/{source_tag_id}/merge/{target_tag_id}",
                handler=self.merge,
                access=Access.USER,
                summary="Give one tag's entries to another and delete the first",
                answers={200: TAG},
                tag="tags",
                scope="tags:write",
            ),
            RouteDef(
                method="GET",
                path="/tags/{tag_id}/entries",
                handler=self.entries,
                access=Access.USER,
                summary="List the entries of a tag, newest first",
                query=PAGE_PARAMS,
                answers={200: ListOf(ENTRY_PREVIEW)},
                tag="tags",
                scope="tags:read",
            ),
        )

    async def create(self, call: Call) -> Any:
        """Make a tag."""
        return await self._tags.create(call.scope, call.body["name"])

    async def page(self, call: Call) -> Any:
        """List tags."""
        query = call.query
        search = query["search"] or None
        return await self._tags.page(call.scope, query["limit"], query["offset"], search)

    async def popular(self, call: Call) -> Any:
        """List used tags."""
        return await self._tags.popular(call.scope, call.query["limit"])

    async def search(self, call: Call) -> Any:
        """Find tags."""
        return await self._tags.page(call.scope, call.query["limit"], 0, call.query["q"])

    async def get(self, call: Call) -> Any:
        """Get one tag."""
        return await self._tags.get(call.scope, call.path["tag_id"])

    async def rename(self, call: Call) -> Any:
        """Rename a tag."""
        return await self._tags.rename(call.scope, call.path["tag_id"], call.body.get("name"))

    async def delete(self, call: Call) -> None:
        """Delete a tag."""
        await self._tags.delete(call.scope, call.path["tag_id"])

    async def merge(self, call: Call) -> Any:
        """Merge two tags."""
        return await self._tags.merge(
            call.scope, call.path["source_tag_id"], call.path["target_tag_id"]
        )

    async def entries(self, call: Call) -> Any:
        """List the entries of a tag."""
        page = page_of(call.query)
        entries = await self._tags.entries(call.scope, call.path["tag_id"], page)
        return paged([_preview(entry) for entry in entries], page, "entry_datetime_utc")


def _preview(entry: EntryRecord) -> dict[str, Any]:
    return {
        "id": entry["id"],
        "title": entry["title"] or "Untitled",
        "content": excerpt(entry["content"]),
        "journal_id": entry["journal_id"],
        "created_at": entry["created_at"],
        "entry_date": entry["entry_date"],
        "entry_datetime_utc": entry["entry_datetime_utc"],
        "entry_timezone": entry["entry_timezone"],
    }
