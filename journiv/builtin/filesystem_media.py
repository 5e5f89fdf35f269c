"""The `file` media store: one file per key below a folder."""

from __future__ import annotations

import asyncio
import errno
import os
import secrets
import shutil
from collections.abc import AsyncIterator, Iterator
from contextlib import suppress
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import Final
from urllib.parse import unquote, urlsplit

import aiofiles

from journiv.contracts.media import MediaStore, StoredObject
from journiv.domain.clock import instant
from journiv.domain.errors import (
    ConfigError,
    Invalid,
    NotFound,
    StorageFull,
    Unavailable,
    Violation,
)
from journiv.domain.media_keys import checked_key

CHUNK: Final = 256 * 1024
KEYS_AT_ONCE: Final = 500
_NO_ROOM: Final = (errno.ENOSPC, errno.EDQUOT)
_NO_FILE: Final = (FileNotFoundError, IsADirectoryError, NotADirectoryError)


class FilesystemMedia(MediaStore):
    """Keeps media below the folder of a `file:` URL (RFC 8089), folders 0700 and files 0600.

    A file is written beside its place under a name no key can have, flushed to the disk and then
    renamed, so that readers and a power cut meet the old bytes or the new ones, never a part.
    """

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        if parts.netloc or not parts.path.startswith("/"):
            raise ConfigError("JOURNIV_MEDIA_URL must name a folder: file:///absolute/path.")
        self._root = Path(unquote(parts.path))

    async def put(self, key: str, chunks: AsyncIterator[bytes], limit: int) -> StoredObject:
        """See `MediaStore.put`."""
        path = self._path(key)
        partial = path.with_name(f".{secrets.token_hex(8)}.partial")
        try:
            await asyncio.to_thread(_make_folders, self._root, path.parent)
            await _write(partial, chunks, limit)
            await asyncio.to_thread(_publish, partial, path)
        except ConnectionError:
            raise  # the sender went away, not the disk
        except OSError as error:
            raise _translated(error) from error
        finally:
            with suppress(OSError):
                await asyncio.to_thread(partial.unlink)
        stored = await self.stat(key)
        if stored is None:
            raise Unavailable("The stored file is gone again.")
        return stored

    async def put_file(self, key: str, path: Path) -> StoredObject:
        """See `MediaStore.put_file`. Between disks the file is copied."""
        target = self._path(key)
        try:
            stored = await asyncio.to_thread(_keep, self._root, key, path, target)
        except OSError as error:
            if error.errno == errno.EXDEV:
                return await super().put_file(key, path)
            raise _translated(error) from error
        if stored is None:
            raise Unavailable("The stored file is gone again.")
        return stored

    def staging(self) -> Path:
        """See `MediaStore.staging`."""
        return self._root / ".staging"

    async def open(self, key: str, start: int = 0, end: int | None = None) -> AsyncIterator[bytes]:
        """See `MediaStore.open`."""
        path = self._path(key)
        left = None if end is None else max(0, end - start)
        try:
            async with aiofiles.open(path, "rb") as file:
                await file.seek(start)
                while chunk := await file.read(CHUNK if left is None else min(CHUNK, left)):
                    yield chunk
                    left = None if left is None else left - len(chunk)
        except _NO_FILE as error:
            raise NotFound("Media not found") from error
        except OSError as error:
            raise _translated(error) from error

    async def stat(self, key: str) -> StoredObject | None:
        """See `MediaStore.stat`."""
        path = self._path(key)
        return await asyncio.to_thread(_stat, key, path)

    async def delete(self, key: str) -> bool:
        """See `MediaStore.delete`."""
        path = self._path(key)
        try:
            await asyncio.to_thread(path.unlink)
        except _NO_FILE:
            return False
        except OSError as error:
            raise _translated(error) from error
        return True

    async def iter_keys(self, prefix: str = "") -> AsyncIterator[str]:
        """See `MediaStore.iter_keys`."""
        keys = _keys(self._root, prefix)
        while batch := await asyncio.to_thread(lambda: list(islice(keys, KEYS_AT_ONCE))):
            for key in batch:
                yield key

    def local_path(self, key: str) -> Path | None:
        """See `MediaStore.local_path`."""
        path = self._path(key)
        return path if path.is_file() else None

    async def ping(self) -> None:
        """See `MediaStore.ping`."""
        probe = self._root / f".{secrets.token_hex(8)}.probe"
        try:
            await asyncio.to_thread(_make_folders, self._root, self._root)
            await asyncio.to_thread(probe.touch)
            await asyncio.to_thread(probe.unlink)
        except OSError as error:
            raise _translated(error) from error

    async def free_space(self) -> int | None:
        """See `MediaStore.free_space`."""
        nearest = next(place for place in (self._root, *self._root.parents) if place.exists())
        return (await asyncio.to_thread(shutil.disk_usage, nearest)).free

    def _path(self, key: str) -> Path:
        return self._root / checked_key(key)


async def _write(partial: Path, chunks: AsyncIterator[bytes], limit: int) -> None:
    written = 0
    async with aiofiles.open(partial, "xb", opener=_open_private) as file:
        async for chunk in chunks:
            written += len(chunk)
            if written > limit:
                sentence = f"The file is larger than {limit} bytes."
                raise Invalid([Violation(("body", "file"), "too_large", sentence)])
            await file.write(chunk)
        await file.flush()
        await asyncio.to_thread(os.fsync, file.fileno())


def _open_private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


def _make_folders(root: Path, folder: Path) -> None:
    if folder.is_dir():
        return
    root.mkdir(mode=0o700, parents=True, exist_ok=True)
    missing = [place for place in (folder, *folder.parents) if place.is_relative_to(root)]
    for place in reversed(missing):
        place.mkdir(mode=0o700, exist_ok=True)


def _keep(root: Path, key: str, path: Path, target: Path) -> StoredObject | None:
    _make_folders(root, target.parent)
    _flush(path)
    _publish(path, target)
    return _stat(key, target)


def _flush(path: Path) -> None:
    path.chmod(0o600)
    file = os.open(path, os.O_RDONLY)
    try:
        os.fsync(file)
    finally:
        os.close(file)


def _publish(partial: Path, path: Path) -> None:
    """Give a complete file its name; the folder is flushed so that the name survives too."""
    partial.replace(path)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def _stat(key: str, path: Path) -> StoredObject | None:
    try:
        found = path.stat()
    except _NO_FILE:
        return None
    except OSError as error:
        raise _translated(error) from error
    if not path.is_file():
        return None
    changed = datetime.fromtimestamp(found.st_mtime, UTC)
    return StoredObject(key=key, size=found.st_size, modified_at=instant(changed))


def _keys(root: Path, prefix: str) -> Iterator[str]:
    for folder, folders, files in os.walk(root):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(files):
            key = Path(folder, name).relative_to(root).as_posix()
            if not name.startswith(".") and key.startswith(prefix):
                yield key


def _translated(error: OSError) -> StorageFull | Unavailable:
    if error.errno in _NO_ROOM:
        return StorageFull("The disk is full.")
    return Unavailable(f"The media folder does not work: {error.strerror or error}.")
