"""Where backups are kept: a media store of their own, each backup under its moment's name."""

from __future__ import annotations

import asyncio
import hashlib
import re
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from journiv.contracts.media import MediaStore, StoredObject
from journiv.domain.errors import NotFound
from journiv.services.backup.keeping import Keep
from journiv.services.backup.scratch import FORGOTTEN, private_folder, sweep

AGE: Final = ".age"
KEY: Final = ".key"
MAKING: Final = "making-"
READING: Final = "reading-"
_NAME: Final = re.compile(r"journiv-(\d{8}T\d{12})Z\.tar(\.age)?", re.ASCII)


def name_of(at: str, *, encrypted: bool) -> str:
    """Return the name of a backup made at an instant (wire form)."""
    return f"journiv-{re.sub('[-:.]', '', at)}.tar{AGE if encrypted else ''}"


def moment_of(name: str) -> datetime:
    """Return when a backup was made. Raises `NotFound` for what is no name of one."""
    match = _NAME.fullmatch(name)
    if match is None:
        raise NotFound(f"There is no backup {name}.")
    return datetime.strptime(match[1], "%Y%m%dT%H%M%S%f").replace(tzinfo=UTC)


class Target:
    """Backups at their place. `scratch` is a private folder of this machine."""

    def __init__(self, kept: MediaStore, scratch: Path) -> None:
        self._kept = kept
        self._scratch = scratch

    async def all(self) -> list[StoredObject]:
        """Return what backups there are, the oldest first."""
        names = [key async for key in self._kept.iter_keys() if _NAME.fullmatch(key)]
        found = [await self._kept.stat(name) for name in sorted(names, key=moment_of)]
        return [one for one in found if one is not None]

    async def put(self, name: str, path: Path, key: bytes | None) -> None:
        """Move a complete backup here; the key that opens it with a passphrase comes first."""
        if key is not None:
            beside = path.with_name("key")
            await asyncio.to_thread(beside.write_bytes, key)
            await self._kept.put_file(name + KEY, beside)
        await self._kept.put_file(name, path)

    async def delete(self, name: str) -> None:
        """Delete a backup and its key."""
        await self._kept.delete(name)
        await self._kept.delete(name + KEY)

    async def prune(self, keep: Keep, good: datetime | None) -> list[str]:
        """Delete what need not stay, and return the names.

        The one made at `good` stays whatever comes after it, for that is known to be whole. Keys
        without a backup go too, unless one newer than all backups: that is being written.
        """
        moments = {one.key: moment_of(one.key) for one in await self.all()}
        staying = keep.chosen(moments.values()) | {good}
        old = [name for name, at in moments.items() if at not in staying]
        for name in old:
            await self.delete(name)
        async for key in self._kept.iter_keys():
            name = key.removesuffix(KEY)
            is_alone = name != key and _NAME.fullmatch(name) and name not in moments
            if is_alone and any(moment_of(name) < at for at in moments.values()):
                await self._kept.delete(key)
        return old

    async def digest(self, name: str) -> str:
        """Read a backup and return its SHA-256. Raises `NotFound`."""
        local = self._kept.local_path(name)
        if local is not None:
            return await asyncio.to_thread(_digest, local)
        hashed = hashlib.sha256()
        async for chunk in self._kept.open(name):
            await asyncio.to_thread(hashed.update, chunk)
        return hashed.hexdigest()

    async def key(self, name: str) -> bytes | None:
        """Return what opens a backup with a passphrase, None when there is nothing of the kind."""
        if await self._kept.stat(name + KEY) is None:
            return None
        return b"".join([chunk async for chunk in self._kept.open(name + KEY)])

    @asynccontextmanager
    async def lent(self, name: str) -> AsyncIterator[Path]:
        """Lend a backup as a file, fetched first when it is elsewhere. Raises `NotFound`."""
        if _NAME.fullmatch(name) is None or await self._kept.stat(name) is None:
            raise NotFound(f"There is no backup {name}.")
        local = self._kept.local_path(name)
        if local is not None:
            yield local
            return
        async with private_folder(self._place(), READING) as folder:
            with (folder / name).open("xb") as file:
                async for chunk in self._kept.open(name):
                    await asyncio.to_thread(file.write, chunk)
            yield folder / name

    def making(self) -> AbstractAsyncContextManager[Path]:
        """Make a folder for a backup, from where `put` only moves where that is possible."""
        return private_folder(self._place(), MAKING)

    async def sweep(self) -> None:
        """Delete what killed processes left; nobody else may be making a backup."""
        await sweep(self._place(), MAKING)
        await sweep(self._place(), READING, FORGOTTEN)

    async def close(self) -> None:
        """Let go of the place."""
        await self._kept.close()

    def _place(self) -> Path:
        return self._kept.staging() or self._scratch


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
