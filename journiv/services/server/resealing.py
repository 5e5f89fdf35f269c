"""Encrypting stored secrets anew after `SECRET_KEY` has changed, so that the old key can go."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from journiv.contracts.storage import Store, Transaction
from journiv.domain.clock import Clock
from journiv.domain.errors import Unavailable
from journiv.domain.scope import SYSTEM
from journiv.services.factors.second_factor import SecondFactor

BATCH: Final = 200
PAUSE: Final = 0.05
"""Seconds between batches, in which a running server writes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Resealed:
    """How many secrets were encrypted anew, and the accounts whose secret no key opens."""

    count: int
    unreadable: tuple[str, ...]


class Resealing:
    """Finds secrets that an earlier key encrypted, and encrypts them with the current one."""

    def __init__(self, store: Store, clock: Clock, factor: SecondFactor) -> None:
        self._store = store
        self._clock = clock
        self._factor = factor

    async def outdated(self) -> list[str]:
        """Return the accounts whose second factor is not encrypted with the current key."""
        now, factor = self._clock.now(), self._factor

        def work(tx: Transaction) -> list[str]:
            return [one for one in factor.holders(tx, now) if not factor.is_current(tx, one, now)]

        return await self._store.read(SYSTEM, work, long=True)

    async def run(self) -> Resealed:
        """Encrypt everything anew, in batches, beside a running server or alone."""
        waiting, count = await self.outdated(), 0
        unreadable: list[str] = []
        for start in range(0, len(waiting), BATCH):
            batch = waiting[start : start + BATCH]
            failed = await self._batch(batch, self._clock.now())
            unreadable += failed
            count += len(batch) - len(failed)
            await asyncio.sleep(PAUSE)
        return Resealed(count=count, unreadable=tuple(unreadable))

    async def _batch(self, accounts: Sequence[str], now: datetime) -> list[str]:
        def work(tx: Transaction) -> list[str]:
            failed = []
            for user_id in accounts:
                try:
                    self._factor.reseal(tx, user_id, now)
                except Unavailable:
                    failed.append(user_id)
            return failed

        return await self._store.write(SYSTEM, work)
