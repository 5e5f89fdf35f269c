"""Tags on entries (api-v1 §3.4, §3.7)."""

from __future__ import annotations

from typing import Any, Final

from journiv.api.v1.journal.tag_shapes import TAG, TAG_LINK, TAG_NAMES
from journiv.contracts.routes import Access, Call, RouteDef
from journiv.contracts.schema import ListOf
from journiv.domain.errors import BadRequest
from journiv.services.journal.tags import TagService

_LINK: Final = "/tags/entry/{entry_id}/tag/{tag_id}"
_PUT_NAMES: Final = "Put tags on an entry by name, making missing ones; at most 50 an entry"


class EntryTagRoutes:
    """Serves the tags of entries, under the entry and under the tags."""

    def __init__(self, tags: TagService) -> None:
        self._tags = tags

    def routes(self) -> tuple[RouteDef, ...]:
        """Return the operations below `/api/v1`."""
        return (
            self._of_entry("/entries/{entry_id}/tags"),
            RouteDef(
                method="POST",
                path="/entries/{entry_id}/tags/bulk",
                handler=self.put_names,
                access=Access.USER,
                summary=_PUT_NAMES,
                body=TAG_NAMES,
                answers={200: ListOf(TAG)},
                tag="entries",
                scope="tags:write",
            ),
            self._of_entry("/tags/entry/{entry_id}"),
            RouteDef(
                method="POST",
                path="/tags/entry/{entry_id}/bulk",
                handler=self.put_some_names,
                access=Access.USER,
                summary=_PUT_NAMES,
                body=TAG_NAMES,
                answers={200: ListOf(TAG)},
                tag="tags",
                scope="tags:write",
            ),
            *self._links(),
        )

    def _of_entry(self, path: str) -> RouteDef:
        return RouteDef(
            method="GET",
            path=path,
            handler=self.of_entry,
            access=Access.USER,
            summary="List the tags of an entry by name",
            answers={200: ListOf(TAG)},
            tag="tags",
            scope="tags:read",
        )

    def _links(self) -> tuple[RouteDef, ...]:
        return (
            RouteDef(
                method="POST",
                path=_LINK,
                handler=self.link,
                access=Access.USER,
                summary="Put a tag on an entry; again gives the same link",
                answers={201: TAG_LINK},
                tag="tags",
                scope="tags:write",
            ),
            RouteDef(
                method="DELETE",
                path=_LINK,
                handler=self.unlink,
                access=Access.USER,
                summary="Take a tag off an entry, if it is on it",
                answers={204: None},
                tag="tags",
                scope="tags:write",
            ),
        )

    async def of_entry(self, call: Call) -> Any:
        """List the tags of an entry."""
        return await self._tags.of_entry(call.scope, call.path["entry_id"])

    async def put_names(self, call: Call) -> Any:
        """Put tags on an entry; an empty list changes nothing."""
        return await self._tags.put_names(call.scope, call.path["entry_id"], call.body)

    async def put_some_names(self, call: Call) -> Any:
        """Put tags on an entry; an empty list is refused."""
        if not call.body:
            raise BadRequest("Tag names list cannot be empty")
        return await self.put_names(call)

    async def link(self, call: Call) -> Any:
        """Put one tag on an entry."""
        return await self._tags.link(call.scope, call.path["entry_id"], call.path["tag_id"])

    async def unlink(self, call: Call) -> None:
        """Take one tag off an entry."""
        await self._tags.unlink(call.scope, call.path["entry_id"], call.path["tag_id"])
