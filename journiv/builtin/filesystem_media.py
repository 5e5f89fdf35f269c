"""Media as files in one folder; the key is the path below it."""

from __future__ import annotations

import asyncio
import os
import re
import shutil
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Final
from urllib.parse import unquote, urlsplit

from journiv.contracts.media import MediaStore, StoredObject
from journiv.domain.clock import instant
from journiv.domain.errors import ConfigError, Invalid, NotFound, Unavailable, Violation
from journiv.domain.ids import new_id

CHUNK: Final = 256 * 1024
_KEY: Final = re.compile(r"[A-Za-z0-9_-][A-Za-z0-9._-]*(/[A-Za-z0-9_-][A-Za-z0-9._-]*)*")
_TEMPORARY: Final = ".part-"


class FilesystemMedia(MediaStore):
    """Files with mode 0600 below a folder with mode 0700. Bytes appear whole or not at all."""

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        if parts.netloc or not parts.path.startswith("/"):
            raise ConfigError("JOURNIV_MEDIA_URL must name a folder: file:///absolute/path.")
        self._root = Path(unquote(parts.path))

    async def put(self, key: str, chunks: AsyncIterator[bytes], limit: int) -> StoredObject:
        """See `MediaStore`. The file is on the disk before it gets its name."""
        target = self._path(key)
        part = target.with_name(f"{_TEMPORARY}{new_id()}")
        file = await asyncio.to_thread(_create, part)
        try:
            await _copy(chunks, file, limit)
            await asyncio.to_thread(_publish, file, part, target)
        finally:
            file.close()
            part.unlink(missing_ok=True)
        stored = await self.stat(key)
        if stored is None:
            raise NotFound("Media not found")
        return stored

    async def open(self, key: str, start: int = 0, end: int | None = None) -> AsyncIterator[bytes]:
        """See `MediaStore`."""
        try:
            file = await asyncio.to_thread(self._path(key).open, "rb")
        except FileNotFoundError:
            raise NotFound("Media not found") from None
        with file:
            file.seek(start)
            left = CHUNK if end is None else end - start
            while left > 0 and (chunk := await asyncio.to_thread(file.read, min(left, CHUNK))):
                left = CHUNK if end is None else left - len(chunk)
                yield chunk

    async def stat(self, key: str) -> StoredObject | None:
        """See `MediaStore`."""
        try:
            found = await asyncio.to_thread(self._path(key).stat)
        except FileNotFoundError:
            return None
        at = instant(datetime.fromtimestamp(found.st_mtime, UTC))
        return StoredObject(key=key, size=found.st_size, modified_at=at)

    async def delete(self, key: str) -> bool:
        """See `MediaStore`."""
        try:
            await asyncio.to_thread(self._path(key).unlink)
        except FileNotFoundError:
            return False
        return True

    async def iter_keys(self, prefix: str = "") -> AsyncIterator[str]:
        """See `MediaStore`."""
        for key in await asyncio.to_thread(lambda: sorted(self._keys(prefix))):
            yield key

    def local_path(self, key: str) -> Path | None:
        """See `MediaStore`."""
        return self._path(key)

    async def ping(self) -> None:
        """See `MediaStore`. A folder that does not exist yet is made by the first `put`."""
        if self._root.exists() and not os.access(self._root, os.R_OK | os.W_OK | os.X_OK):
            raise Unavailable(f"{self._root} cannot be read and written.")

    async def free_space(self) -> int | None:
        """See `MediaStore`."""
        folder = self._root if self._root.exists() else self._root.parent
        return shutil.disk_usage(folder).free if folder.exists() else None

    def _path(self, key: str) -> Path:
        if not _KEY.fullmatch(key):
            raise NotFound("Media not found")
        return self._root / key

    def _keys(self, prefix: str) -> Iterator[str]:
        for folder, _, names in os.walk(self._root):
            for name in names:
                key = (Path(folder) / name).relative_to(self._root).as_posix()
                if key.startswith(prefix) and not name.startswith(_TEMPORARY):
                    yield key


async def _copy(chunks: AsyncIterator[bytes], file: IO[bytes], limit: int) -> None:
    size = 0
    async for chunk in chunks:
        size += len(chunk)
        if size > limit:
            raise Invalid([Violation(("body", "file"), "max_size", f"Larger than {limit} bytes")])
        await asyncio.to_thread(file.write, chunk)


def _create(part: Path) -> IO[bytes]:
    part.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    return os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb")


def _publish(file: IO[bytes], part: Path, target: Path) -> None:
    file.flush()
    os.fsync(file.fileno())
    part.replace(target)
    descriptor = os.open(target.parent, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
