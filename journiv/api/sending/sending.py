"""Answering with the bytes of a stored file (security.md D12)."""

from __future__ import annotations

import asyncio
from datetime import datetime
from typing import Final
from urllib.parse import quote

from aiohttp import web

from journiv.api.sending.conditions import Representation, Wanted, is_unmodified, wanted_of
from journiv.api.sending.sendfile import can_sendfile, sendfile
from journiv.api.streaming import stream
from journiv.contracts.media import MediaStore
from journiv.domain.errors import NotFound
from journiv.services.stored import StoredFile

POLICY: Final = "default-src 'none'; sandbox; frame-ancestors 'none'"
SHOWN: Final = frozenset({"image", "video", "audio"})
_IN_A_NAME: Final = frozenset(
    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789 !#$&+-.^_`|~()[]"
)


class FileSending:
    """Sends what the media store keeps: a file by sendfile, anything else in chunks."""

    def __init__(self, media: MediaStore) -> None:
        self._media = media

    async def answer(
        self,
        request: web.Request,
        found: StoredFile,
        *,
        fresh_for: int | None,
        inline: bool,
        gone: str = "Media not found",
    ) -> web.StreamResponse:
        """Answer a GET or HEAD with bytes, a part of them, or that they are unchanged.

        `fresh_for` is how many seconds the person's own browser may keep them; None keeps
        them out of every cache. Raises `NotFound` with the sentence `gone`.
        """
        stored = await self._media.stat(found.key)
        if stored is None:
            raise NotFound(gone)
        modified = datetime.fromisoformat(stored.modified_at)
        representation = Representation(stored.size, found.etag, modified)
        headers = _headers(found, representation, fresh_for, inline=inline)
        if is_unmodified(request, representation):
            return web.Response(status=304, headers=headers)
        wanted = wanted_of(request, representation)
        return await self._send(request, found, wanted, representation.size, headers)

    async def _send(
        self,
        request: web.Request,
        found: StoredFile,
        wanted: Wanted,
        size: int,
        headers: dict[str, str],
    ) -> web.StreamResponse:
        headers["Content-Type"] = found.mime
        headers["Content-Length"] = str(wanted.end - wanted.start)
        if wanted.is_part:
            headers["Content-Range"] = f"bytes {wanted.start}-{wanted.end - 1}/{size}"
        response = web.StreamResponse(status=206 if wanted.is_part else 200, headers=headers)
        if request.method == "HEAD" or wanted.start == wanted.end:
            await response.prepare(request)
            await response.write_eof()
            return response
        path = self._media.local_path(found.key) if can_sendfile(request) else None
        if path is None:
            chunks = self._media.open(found.key, wanted.start, wanted.end)
            return await stream(request, response, chunks)
        with await asyncio.to_thread(path.open, "rb") as file:
            await response.prepare(request)
            await sendfile(request, file, wanted.start, wanted.end - wanted.start)
            await response.write_eof()
        return response


def _headers(
    found: StoredFile, representation: Representation, fresh_for: int | None, *, inline: bool
) -> dict[str, str]:
    shown = inline and found.kind in SHOWN
    caching = "no-store" if fresh_for is None else f"private, max-age={fresh_for}"
    return {
        "ETag": f'"{representation.etag}"',
        "Last-Modified": representation.last_modified,
        "Accept-Ranges": "bytes",
        "Cache-Control": caching,
        "Content-Disposition": disposition("inline" if shown else "attachment", found.file_name),
        "Content-Security-Policy": POLICY,
    }


def disposition(kind: str, file_name: str | None) -> str:
    """Return a `Content-Disposition` (RFC 6266): a plain name, and the real one if it differs."""
    if file_name is None:
        return kind
    plain = "".join(one if one in _IN_A_NAME else "_" for one in file_name)
    if plain == file_name:
        return f'{kind}; filename="{plain}"'
    return f"{kind}; filename=\"{plain}\"; filename*=UTF-8''{quote(file_name, safe='')}"
