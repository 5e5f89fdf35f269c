"""Forgetting transfers that have had their time, and files that belong to none."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta
from typing import Final

from journiv.contracts.media import MediaStore
from journiv.contracts.storage import Store, Transaction
from journiv.domain.clock import Clock, instant
from journiv.domain.scope import SYSTEM
from journiv.services.transfer.files import PREFIX

UPLOADING: Final = timedelta(hours=24)

log = logging.getLogger("journiv.transfers")


class TransferCleaning:
    """A repeating job: transfers go `days` after their end (0 or less: never), files with them.

    A file whose transfer is not there goes too, once it is a day old: an upload under way has none
    yet.
    """

    def __init__(self, store: Store, clock: Clock, media: MediaStore, days: int) -> None:
        self._store = store
        self._clock = clock
        self._media = media
        self._days = days

    async def run(self) -> None:
        """Clean up once."""
        now = self._clock.now()
        if self._days > 0:
            before = instant(now - timedelta(days=self._days))
            await self._store.write(SYSTEM, lambda tx: tx.transfers.purge(before))
        gone = 0
        async for key in self._media.iter_keys(PREFIX):
            if await self._is_orphan(key, now):
                gone += await self._media.delete(key)
        if gone:
            log.info("removed %d files of imports and exports that are gone", gone)

    async def _is_orphan(self, key: str, now: datetime) -> bool:
        transfer_id = key.split("/")[-2]
        stored = await self._media.stat(key)
        if stored is None or stored.modified_at > instant(now - UPLOADING):
            return False

        def work(tx: Transaction) -> bool:
            return tx.transfers.owner_of(transfer_id) is None

        return await self._store.read(SYSTEM, work)
