"""Where the bytes of pictures, sounds and films are kept."""

from __future__ import annotations

import asyncio
from abc import ABC, abstractmethod
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from journiv.contracts.backend import Backend

_CHUNK: Final = 256 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredObject:
    """What is known of stored bytes; `modified_at` is a wire instant."""

    key: str
    size: int
    modified_at: str


class MediaStore(ABC):
    """Keeps bytes by key: `/`-separated parts of `[A-Za-z0-9._-]`, no part starting with a dot.

    What is no key (`journiv.domain.media_keys`) raises `BadRequest`, whatever is asked of it.
    """

    @abstractmethod
    async def put(self, key: str, chunks: AsyncIterator[bytes], limit: int) -> StoredObject:
        """Store bytes; visible whole or not at all. Raises `Invalid` beyond `limit` bytes."""

    @abstractmethod
    def open(self, key: str, start: int = 0, end: int | None = None) -> AsyncIterator[bytes]:
        """Yield bytes `start` to before `end`. Raises `NotFound`."""

    @abstractmethod
    async def stat(self, key: str) -> StoredObject | None:
        """Return what is known of a key."""

    @abstractmethod
    async def delete(self, key: str) -> bool:
        """Delete; False when there was nothing."""

    @abstractmethod
    def iter_keys(self, prefix: str = "") -> AsyncIterator[str]:
        """Yield every key that starts with `prefix`."""

    async def put_file(self, key: str, path: Path) -> StoredObject:
        """Store a complete file of the server; visible whole or not at all. It may be moved."""
        return await self.put(key, _chunks_of(path), (await asyncio.to_thread(path.stat)).st_size)

    def staging(self) -> Path | None:
        """Return a private folder on the disk of the bytes, from where `put_file` only moves."""
        return None

    def local_path(self, key: str) -> Path | None:
        """Return the file behind a key, for sendfile, where there is one."""
        return None

    async def ping(self) -> None:
        """Raise `Unavailable` when bytes cannot be read or written now.

        Asked before the server listens, and again for `STARTUP_TIMEOUT` seconds.
        """

    async def free_space(self) -> int | None:
        """Return free bytes, or None where that means nothing."""
        return None

    async def close(self) -> None:
        """Let go of connections, after the last use."""


async def _chunks_of(path: Path) -> AsyncIterator[bytes]:
    with await asyncio.to_thread(path.open, "rb") as file:
        while chunk := await asyncio.to_thread(file.read, _CHUNK):
            yield chunk


@dataclass(frozen=True, slots=True, kw_only=True)
class MediaBackend(Backend[MediaStore]):
    """Offers a media store for the schemes of `JOURNIV_MEDIA_URL`."""

    schemes: tuple[str, ...]
