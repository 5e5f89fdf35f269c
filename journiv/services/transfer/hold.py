"""One process's hold on one transfer: the lease, and how far the work is."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from datetime import timedelta
from typing import Final

from journiv.contracts.records import TransferRecord
from journiv.contracts.repositories.transfers import Ending, Progress
from journiv.contracts.storage import Store, Transaction
from journiv.domain.clock import Clock, instant
from journiv.domain.errors import JournivError
from journiv.domain.scope import UserScope

LEASE: Final = timedelta(seconds=30)
HEARTBEAT: Final = 5.0
MOST_SENTENCES: Final = 1000

log = logging.getLogger("journiv.transfers")


class HoldLost(Exception):
    """Another process has the transfer now, or its person cancelled it: stop, write nothing."""


class Hold:
    """What the work on a transfer is told by and tells to; `tell` and `check` suit any thread."""

    def __init__(self, store: Store, clock: Clock, record: TransferRecord, owner: str) -> None:
        self.record = record
        self.scope = UserScope(record["user_id"])
        self._store = store
        self._clock = clock
        self._owner = owner
        self._progress = Progress(stage="waiting", done=0, total=0)
        self._is_lost = False

    @property
    def transfer_id(self) -> str:
        """Which transfer."""
        return self.record["id"]

    def tell(self, stage: str, done: int, total: int) -> None:
        """Say what is being done; written with the next batch or heartbeat. Raises `HoldLost`."""
        self._progress = Progress(stage=stage, done=done, total=total)
        self.check()

    def check(self) -> None:
        """Raise `HoldLost` when the hold is known to be lost."""
        if self._is_lost:
            raise HoldLost

    def mark(self, tx: Transaction, progress: Progress | None = None) -> None:
        """Prolong the hold within a batch's transaction, which `HoldLost` undoes when it is lost.

        So a batch is written by whoever holds the transfer, and by nobody else.
        """
        until = instant(self._clock.now() + LEASE)
        noted = progress or self._progress
        if not tx.transfers.advance(self.transfer_id, self._owner, until, noted):
            self._is_lost = True
            raise HoldLost
        self._progress = noted

    async def beat(self) -> None:
        """Prolong the hold until cancelled, or until it is lost."""
        while not self._is_lost:
            await asyncio.sleep(HEARTBEAT)
            try:
                await self._store.write(self.scope, self.mark)
            except HoldLost:
                return
            except JournivError as error:
                log.warning("a transfer's lease was not prolonged: %s", error.detail)

    async def end(self, ending: Ending) -> bool:
        """Note the end; False when another process has the transfer."""

        def work(tx: Transaction) -> bool:
            return tx.transfers.finish(self.transfer_id, self._owner, ending, self._progress)

        return await self._store.write(self.scope, work)

    async def is_cancelled(self) -> bool:
        """Say whether the person cancelled, which is one way of losing the hold."""
        found = await self._store.read(self.scope, lambda tx: tx.transfers.get(self.transfer_id))
        return found is not None and found["is_cancelled"] and found["owner"] == self._owner


def bounded(sentences: Sequence[str]) -> list[str]:
    """Return the sentences of a report, and how many more there are beyond a thousand."""
    more = len(sentences) - MOST_SENTENCES
    shown = list(sentences[:MOST_SENTENCES])
    return [*shown, f"... and {more:,} more"] if more > 0 else shown
