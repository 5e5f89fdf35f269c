"""`/media`: what is known of files, and changing it."""

from __future__ import annotations

from typing import Any, Final

from journiv.api.v1.media import shapes
from journiv.contracts.repositories.entries import Cursor
from journiv.contracts.repositories.media import MediaQuery
from journiv.contracts.routes import Access, Call, Param, RouteDef
from journiv.contracts.schema import Schema
from journiv.domain.errors import Invalid, Violation
from journiv.services.media.adding import UploadLimits
from journiv.services.media.media import Caller, MediaService
from journiv.services.media.types import type_of

_ONE: Final = "/media/{media_id}"
_LIBRARY: Final = (
    Param(name="limit", kind="int", default=60, minimum=1, maximum=200),
    Param(name="cursor_created_at", kind="instant"),
    Param(name="cursor_id", kind="uuid"),
    Param(name="journal_id", kind="uuid"),
    Param(name="media_type", kind="choice", choices=shapes.MEDIA_KINDS),
    Param(name="order", kind="choice", default="added", choices=shapes.ORDERS),
)


class MediaRoutes:
    """Serves what is known of media; `limits` says what an upload may be."""

    def __init__(self, media: MediaService, limits: UploadLimits) -> None:
        self._media = media
        self._limits = limits

    def routes(self) -> tuple[RouteDef, ...]:
        """Return the operations."""
        return (
            _read("/media", self.page, "List media, newest first", shapes.LIBRARY, _LIBRARY),
            _read("/media/formats", self.formats, "The types that are taken", shapes.FORMATS),
            _read("/media/usage", self.usage, "How much is kept", shapes.USAGE),
            _read(f"{_ONE}/info", self.info, "What is known of a medium", shapes.INFO),
            _read(f"{_ONE}/details", self.get, "A medium as lists show it", shapes.MEDIUM),
            _read(
                "/entries/{entry_id}/media", self.of_entry, "List an entry's media", shapes.MEDIA
            ),
            _write("PUT", _ONE, self.change, "Say what is seen", shapes.MEDIUM,
                   shapes.MEDIUM_UPDATE),
            _write("DELETE", _ONE, self.delete, "Delete a medium", shapes.DELETED),
            _write("POST", "/media/process/{entry_id}", self.process,
                   "Nothing to do: media are processed by themselves", shapes.PROCESSED),
        )  # fmt: skip

    async def page(self, call: Call) -> dict[str, Any]:
        """List media; the instant of the cursor is the entry's when the order goes by entries."""
        query = _library_query(call)
        items = await self._media.page(caller_of(call), query)
        last = items[-1] if len(items) == query.limit else None
        at = last and last["entry_at" if query.by_moment else "created_at"]
        return {
            "items": items,
            "next_cursor_created_at": at,
            "next_cursor_id": last and last["id"],
        }

    async def formats(self, call: Call) -> dict[str, list[str]]:
        """Say which types are taken."""
        by_kind: dict[str, list[str]] = {"image": [], "video": [], "audio": [], "document": []}
        for mime in sorted(self._limits.types.mimes):
            by_kind[type_of(mime).kind].append(mime)
        return {
            "images": by_kind["image"],
            "videos": by_kind["video"],
            "audio": by_kind["audio"],
            "documents": by_kind["document"],
        }

    async def usage(self, call: Call) -> dict[str, int | None]:
        """Say how much is kept."""
        usage = await self._media.usage(call.scope)
        return {
            "files": usage.files,
            "bytes": usage.size,
            "quota_bytes": self._limits.quota or None,
            "max_files": self._limits.files,
            "max_file_bytes": self._limits.file,
        }

    async def info(self, call: Call) -> dict[str, Any]:
        """Say what is known of a medium."""
        medium = await self._media.get(caller_of(call), call.path["media_id"])
        names = (
            "file_path", "file_size", "mime_type", "media_type", "width", "height", "duration",
            "created_at",
        )  # fmt: skip
        known: dict[str, Any] = {**medium}
        return {**{name: known[name] for name in names}, "modified_at": medium["updated_at"]}

    async def get(self, call: Call) -> Any:
        """Show a medium."""
        return await self._media.get(caller_of(call), call.path["media_id"])

    async def of_entry(self, call: Call) -> Any:
        """List an entry's media."""
        return await self._media.of_entry(caller_of(call), call.path["entry_id"])

    async def change(self, call: Call) -> Any:
        """Change what is said of a medium."""
        return await self._media.change(caller_of(call), call.path["media_id"], call.body)

    async def delete(self, call: Call) -> dict[str, str]:
        """Delete a medium."""
        media_id = call.path["media_id"]
        await self._media.delete(call.scope, media_id)
        return {"message": "Media deleted successfully", "media_id": media_id}

    async def process(self, call: Call) -> dict[str, str]:
        """Answer who asks for what happens anyway."""
        entry_id = call.path["entry_id"]
        media = await self._media.of_entry(caller_of(call), entry_id)
        return {"message": f"Processed {len(media)} media files", "entry_id": entry_id}


def caller_of(call: Call) -> Caller:
    """Return who looks at media."""
    return Caller(scope=call.scope, security_version=call.principal.security_version)


def _library_query(call: Call) -> MediaQuery:
    query = call.query
    at, last_id = query["cursor_created_at"], query["cursor_id"]
    if (at is None) != (last_id is None):
        name = "cursor_id" if last_id is None else "cursor_created_at"
        msg = "Send both halves of the cursor, or neither."
        raise Invalid([Violation(("query", name), "missing", msg)])
    kind = query["media_type"]
    return MediaQuery(
        limit=query["limit"],
        after=None if at is None else Cursor(at, last_id),
        journal_id=query["journal_id"],
        kind="document" if kind == "unknown" else kind,
        by_moment=query["order"] == "entry",
    )


def _read(
    path: str, handler: Any, summary: str, shape: Any, query: tuple[Param, ...] = ()
) -> RouteDef:
    return RouteDef(
        method="GET",
        path=path,
        handler=handler,
        access=Access.USER,
        summary=summary,
        answers={200: shape},
        query=query,
        tag="media",
        scope="media:read",
    )


def _write(
    method: str, path: str, handler: Any, summary: str, shape: Schema, body: Schema | None = None
) -> RouteDef:
    return RouteDef(
        method=method,
        path=path,
        handler=handler,
        access=Access.USER,
        summary=summary,
        answers={200: shape},
        body=body,
        tag="media",
        scope="media:write",
    )
