"""Where the files of transfers are: in the media store, so that every process finds them.

Keys are `transfers/<user>/<transfer>/source` (what was uploaded) and `…/result` (what was written).
Importers and exporters need a file of their own machine: a store that keeps files lends them, any
other is copied to the scratch folder and back.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import IO, Final

from journiv.contracts.media import MediaStore, StoredObject
from journiv.domain.errors import NotFound, StorageFull, Unavailable

PREFIX: Final = "transfers/"
RESERVE: Final = 512 * 1024 * 1024
LARGEST: Final = 1 << 44


class TransferFiles:
    """The uploaded and the written files of transfers; `scratch` is a folder of this machine."""

    def __init__(self, media: MediaStore, scratch: Path) -> None:
        self._media = media
        self._scratch = scratch

    @staticmethod
    def source_key(user_id: str, transfer_id: str) -> str:
        """Return the key of an uploaded file."""
        return f"{PREFIX}{user_id}/{transfer_id}/source"

    @staticmethod
    def result_key(user_id: str, transfer_id: str) -> str:
        """Return the key of a written file."""
        return f"{PREFIX}{user_id}/{transfer_id}/result"

    async def require_room(self, size: int = 0) -> None:
        """Raise `StorageFull` unless `size` bytes fit and half a gigabyte stays free."""
        free = await self._media.free_space()
        if free is not None and free < size + RESERVE:
            raise StorageFull("The disk has too little room for this.")

    async def receive(self, key: str, chunks: AsyncIterator[bytes]) -> StoredObject:
        """Store what is uploaded; visible whole or not at all. What `chunks` raises is raised."""
        return await self._media.put(key, chunks, LARGEST)

    async def keep(self, key: str, path: Path) -> StoredObject:
        """Store a finished file of this machine, and remove it there."""
        try:
            return await self._media.put_file(key, path)
        finally:
            await asyncio.to_thread(path.unlink, missing_ok=True)

    @asynccontextmanager
    async def lent(self, key: str) -> AsyncIterator[Path]:
        """Lend a stored file as a file of this machine. Raises `NotFound`."""
        path = await asyncio.to_thread(self._media.local_path, key)
        if path is not None:
            yield path
            return
        copy = self.scratch(key.replace("/", "-"))
        try:
            await self._fetch(key, copy)
            yield copy
        finally:
            await asyncio.to_thread(copy.unlink, missing_ok=True)

    def scratch(self, name: str) -> Path:
        """Return a path in the scratch folder for a file that is about to be written."""
        self._scratch.mkdir(mode=0o700, parents=True, exist_ok=True)
        return self._scratch / name

    def clear_scratch(self, name: str = "") -> None:
        """Remove what runs that were cut off left behind; of one transfer, or of all."""
        with suppress(FileNotFoundError):
            for path in self._scratch.iterdir():
                if name in path.name:
                    path.unlink(missing_ok=True)

    async def delete(self, *keys: str | None) -> None:
        """Delete files; keys without one are fine."""
        for key in keys:
            if key is not None:
                await self._media.delete(key)

    async def all_keys(self) -> list[str]:
        """Return the keys of every transfer's files."""
        return [key async for key in self._media.iter_keys(PREFIX)]

    async def _fetch(self, key: str, path: Path) -> None:
        stored = await self._media.stat(key)
        if stored is None:
            raise NotFound("The uploaded file is gone.")
        await asyncio.to_thread(path.unlink, missing_ok=True)
        file = await asyncio.to_thread(_create, path)
        try:
            async for chunk in self._media.open(key):
                await asyncio.to_thread(file.write, chunk)
            await asyncio.to_thread(file.flush)
        except OSError as error:
            raise Unavailable(f"The scratch folder does not work: {error.strerror}.") from error
        finally:
            await asyncio.to_thread(file.close)


def _create(path: Path) -> IO[bytes]:
    return os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb")
