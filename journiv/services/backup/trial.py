"""Restoring a backup as a trial: into a temporary database, where somebody signs in."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from journiv.contracts.media import MediaStore
from journiv.contracts.storage import Store
from journiv.services.backup.format import Damaged
from journiv.services.backup.restoring import restore
from journiv.services.backup.verifying import Contents
from journiv.services.backup.writing import NAMED_BY

DIGEST = "sha256"
PAGE = 1000

OpenIn = Callable[[Path], AbstractAsyncContextManager[tuple[Store, MediaStore]]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """How to open an empty place in a folder, and how somebody signs in to what is there then."""

    opened: OpenIn
    sign_in: Callable[[Store], Awaitable[None]]

    async def run(self, folder: Path, source: IO[bytes], contents: Contents) -> None:
        """Restore a verified backup in `folder` and look whether all is well.

        Of media, only `contents.sample` is restored: all were read already, and a second copy of
        them might fill the disk. Raises `Damaged`, and what signing in raises.
        """
        async with self.opened(folder) as (store, media):
            await restore(store, media, source, contents, contents.sample.__contains__)
            if wrong := await store.check():
                raise Damaged(f"The backup was restored as a trial, and: {wrong[0]}")
            for key, digest in contents.sample.items():
                if await _digest(media, key) != digest:
                    raise Damaged(f"The file {key} came back from the backup as another.")
            await _compare_rows(store, contents)
            await self.sign_in(store)


async def _digest(media: MediaStore, key: str) -> str:
    hashed = hashlib.sha256()
    async for chunk in media.open(key):
        await asyncio.to_thread(hashed.update, chunk)
    return hashed.hexdigest()


async def _compare_rows(store: Store, contents: Contents) -> None:
    """Compare the sample with what rows say of their files."""
    table, last = NAMED_BY[0], None
    async with store.copying().snapshot() as snapshot:
        columns = snapshot.columns(table)
        key, digest = columns.index(NAMED_BY[1]), columns.index(DIGEST)
        while rows := await snapshot.page(table, last, PAGE):
            last = snapshot.key(table, rows[-1])
            for row in rows:
                if contents.sample.get(row[key], row[digest]) != row[digest]:
                    raise Damaged(
                        f"The file {row[key]} in the backup is not what was uploaded: it was "
                        "damaged on the server before."
                    )
