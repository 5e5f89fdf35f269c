"""One backup at a time, whoever makes it: a server, several of them, or the command line."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Final

from journiv.contracts.storage import Store
from journiv.domain.clock import Clock, instant
from journiv.domain.errors import Conflict, JournivError
from journiv.domain.ids import new_id
from journiv.domain.scope import SYSTEM
from journiv.services.backup.marks import MAKING

LEASE: Final = timedelta(minutes=10)

log = logging.getLogger("journiv.backup")


@asynccontextmanager
async def turn(store: Store, clock: Clock) -> AsyncIterator[None]:
    """Make no backup while another is being made. Raises `Conflict`.

    The lease of a process that died runs out after `LEASE`.
    """
    owner = new_id()
    if not await _take(store, clock, owner):
        raise Conflict(
            "Another backup is being made. If that was cut short, the next can begin "
            "ten minutes later."
        )
    keeper = asyncio.create_task(_keep(store, clock, owner))
    try:
        yield
    finally:
        keeper.cancel()
        await store.write(SYSTEM, lambda tx: tx.leases.release(MAKING, owner))


async def _take(store: Store, clock: Clock, owner: str) -> bool:
    now = clock.now()
    at, until = instant(now), instant(now + LEASE)
    return await store.write(SYSTEM, lambda tx: tx.leases.take(MAKING, owner, at, until))


async def _keep(store: Store, clock: Clock, owner: str) -> None:
    while True:
        await asyncio.sleep(LEASE.total_seconds() / 4)
        try:
            await _take(store, clock, owner)
        except JournivError as error:
            log.warning("the lease of the backup was not prolonged: %s", error.detail)
