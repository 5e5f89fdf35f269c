"""Bytes of stored media for a thread that writes an export."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from functools import partial
from typing import Final

from journiv.contracts.media import MediaStore
from journiv.contracts.records import MediaRecord
from journiv.contracts.transfer import ExportedMedia
from journiv.domain.errors import NotFound
from journiv.services.media.types import type_of

CHUNK: Final = 256 * 1024


class MediaBytes:
    """Reads media of a store: its files where it has some, else through the event loop."""

    def __init__(self, media: MediaStore, loop: asyncio.AbstractEventLoop) -> None:
        self._media = media
        self._loop = loop

    def of(self, key: str) -> Iterator[bytes]:
        """Yield the bytes under a key. Raises `NotFound` before the first when they are gone."""
        path = self._media.local_path(key)
        if path is None:
            yield from self._streamed(key)
            return
        try:
            file = path.open("rb")
        except FileNotFoundError:
            raise NotFound("The bytes of a medium are gone.") from None
        with file:
            while chunk := file.read(CHUNK):
                yield chunk

    def exported(self, medium: MediaRecord) -> ExportedMedia:
        """Return a medium as exporters get it."""
        return ExportedMedia(
            name=file_name_of(medium),
            kind=medium["kind"],
            mime=medium["mime"],
            size=medium["size"],
            sha256=medium["sha256"],
            chunks=partial(self.of, medium["key"]),
            file_name=medium["file_name"],
            alt_text=medium["alt_text"],
        )

    def _streamed(self, key: str) -> Iterator[bytes]:
        chunks = aiter(self._media.open(key))

        async def following() -> bytes | None:
            return await anext(chunks, None)

        while chunk := asyncio.run_coroutine_threadsafe(following(), self._loop).result():
            yield chunk


def file_name_of(medium: MediaRecord) -> str:
    """Return a name for these bytes that nothing sent has a part in; the same bytes share it."""
    return f"{medium['sha256']}{type_of(medium['mime']).extensions[0]}"
