"""Files go after their rows: soon what the store has marked, daily what no row names at all."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from contextlib import suppress
from datetime import timedelta
from typing import Final

from journiv.contracts.media import MediaStore
from journiv.contracts.repositories.media import StoredKey
from journiv.contracts.storage import Store, Transaction
from journiv.domain.clock import Clock, instant
from journiv.domain.errors import JournivError
from journiv.domain.scope import SYSTEM
from journiv.services.backup.marks import MAKING
from journiv.services.media.names import original_stem, owner_of, variant_keys
from journiv.services.media.pieces import KEPT
from journiv.services.media.staging import Staging
from journiv.services.server.stopping import told_to_stop

EVERY: Final = 5.0
AT_ONCE: Final = 200
ORPHAN_AGE: Final = timedelta(hours=24)

log = logging.getLogger("journiv.media")


class MediaSweeper:
    """Deletes files that belong to nothing any more, but none while a backup is being made.

    Marks are written in the transaction that deletes rows and taken away after the files, so that
    a crash in between costs nothing.
    """

    def __init__(self, store: Store, media: MediaStore, staging: Staging, clock: Clock) -> None:
        self._store = store
        self._media = media
        self._staging = staging
        self._clock = clock
        self._task: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Begin to sweep."""
        self._task = asyncio.create_task(self._run(), name="media-sweeping")

    async def stop(self) -> None:
        """Stop."""
        if self._task is not None:
            self._task.cancel()
            with suppress(asyncio.CancelledError):
                await self._task
            self._task = None

    async def _run(self) -> None:
        while True:
            try:
                while await self.empty():
                    pass
            except (Exception, asyncio.CancelledError):
                if told_to_stop():
                    raise
                log.exception("deleting files failed")
            await asyncio.sleep(EVERY)

    async def empty(self) -> int:
        """Delete some of what is marked; return how many originals went."""
        now = instant(self._clock.now())

        def work(tx: Transaction) -> Sequence[StoredKey]:
            # The backup's snapshot may have rows that are gone here.
            return () if tx.leases.is_held(MAKING, now) else tx.media_files.waste(AT_ONCE)

        marked = await self._store.read(SYSTEM, work)
        gone: list[StoredKey] = []
        for one in marked:
            try:
                for key in (*variant_keys(one.key), one.key):
                    await self._media.delete(key)
            except JournivError as error:
                log.warning("a file was not deleted: %s", error.detail)
            else:
                gone.append(one)
        if gone:
            await self._store.write(SYSTEM, lambda tx: tx.media_files.forget(gone))
        return len(gone)

    async def tidy(self) -> None:
        """Forget uploads nobody finished, and mark files that no row names and that are old."""
        await asyncio.to_thread(self._staging.sweep)
        before = instant(self._clock.now() - KEPT)
        await self._store.write(SYSTEM, lambda tx: tx.media_files.purge_uploads(before))
        batch: list[str] = []
        async for key in self._media.iter_keys():
            if owner_of(key) is not None:
                batch.append(key)
            if len(batch) >= AT_ONCE:
                await self._mark_orphans(batch)
                batch = []
        await self._mark_orphans(batch)

    async def _mark_orphans(self, keys: list[str]) -> None:
        originals = [key for key in keys if not original_stem(key)[1]]
        named = [StoredKey(owner_of(key) or "", key) for key in originals]
        known = await self._store.read(SYSTEM, lambda tx: tx.media_files.known(named), long=True)
        before = instant(self._clock.now() - ORPHAN_AGE)
        orphans: list[StoredKey] = []
        for one in named:
            found = await self._media.stat(one.key) if one not in known else None
            if found is not None and found.modified_at < before:
                orphans.append(one)
        if orphans:
            log.warning("found %d files that belong to nothing; they will go", len(orphans))
            await self._store.write(SYSTEM, lambda tx: tx.media_files.discard(orphans))
