"""Where files lie until it is known what they are: outside every list, gone at any failure."""

from __future__ import annotations

import asyncio
import errno
import hashlib
import os
import secrets
import shutil
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Final

from journiv.contracts.media import MediaStore
from journiv.domain.errors import StorageFull, TooLarge, Unavailable

BLOCK: Final = 512 * 1024
FORGOTTEN_AFTER: Final = 3600.0
_NO_ROOM: Final = (errno.ENOSPC, errno.EDQUOT)


@dataclass(frozen=True, slots=True)
class Staged:
    """A complete file that nobody sees yet."""

    path: Path
    size: int
    sha256: str


class Staging:
    """A private folder, on the disk of the media store where it has one.

    Names begin with a dot, so that no media store takes them for keys.
    """

    def __init__(self, media: MediaStore, spare: Path) -> None:
        self._folder = media.staging() or spare

    @asynccontextmanager
    async def folder(self) -> AsyncIterator[Path]:
        """Give a new, private folder and delete it with all that is in it."""
        place = self._folder / f".{secrets.token_hex(12)}"
        with _told():
            await asyncio.to_thread(_make, place)
        try:
            yield place
        finally:
            await asyncio.to_thread(shutil.rmtree, place, ignore_errors=True)

    def sweep(self) -> int:
        """Delete what a dead process left an hour ago or earlier; return how much. Blocks."""
        before, gone = time.time() - FORGOTTEN_AFTER, 0
        with suppress(FileNotFoundError):
            for place in list(self._folder.iterdir()):
                if place.name.startswith(".") and place.stat().st_mtime < before:
                    shutil.rmtree(place, ignore_errors=True)
                    gone += 1
        return gone


async def receive(folder: Path, chunks: AsyncIterator[bytes], limit: int) -> Staged:
    """Write what arrives to a new file in `folder`, hashing it on the way.

    Memory stays flat, and the event loop free. Raises `TooLarge` beyond `limit` bytes,
    `StorageFull` without room.
    """
    path = folder / f".{secrets.token_hex(8)}"
    hashed, size = hashlib.sha256(), 0
    with _told():
        file = await asyncio.to_thread(_create, path)
        try:
            async for block in _blocks(chunks):
                size += sum(map(len, block))
                if size > limit:
                    raise TooLarge(f"The file is larger than {limit} bytes.")
                await asyncio.to_thread(_take, file, hashed, block)
        finally:
            await asyncio.to_thread(file.close)
    return Staged(path, size, hashed.hexdigest())


def measured(path: Path) -> Staged:
    """Describe a file that was written by somebody else. Blocks."""
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    return Staged(path, path.stat().st_size, digest)


def head_of(path: Path, length: int) -> bytes:
    """Return the first bytes of a file. Blocks."""
    with path.open("rb") as file:
        return file.read(length)


async def _blocks(chunks: AsyncIterator[bytes]) -> AsyncIterator[list[bytes]]:
    """Gather small chunks, so that a thread is asked for each 512 KiB and not for each packet."""
    waiting, size = list[bytes](), 0
    async for chunk in chunks:
        waiting.append(chunk)
        size += len(chunk)
        if size >= BLOCK:
            yield waiting
            waiting, size = [], 0
    if waiting:
        yield waiting


def _make(place: Path) -> None:
    place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    place.mkdir(mode=0o700)


def _create(path: Path) -> BinaryIO:
    return os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb", 0)


def _take(file: BinaryIO, hashed: hashlib._Hash, block: list[bytes]) -> None:
    for chunk in block:
        hashed.update(chunk)
        rest = memoryview(chunk)
        while rest:
            rest = rest[file.write(rest) :]


@contextmanager
def _told() -> Iterator[None]:
    """Say in the words of the domain what the disk says."""
    try:
        yield
    except ConnectionError:
        raise  # the sender went away, not the disk
    except OSError as error:
        if error.errno in _NO_ROOM:
            raise StorageFull("The disk is full.") from error
        raise Unavailable(f"Files cannot be kept now: {error.strerror or error}.") from error
