"""Writes numbers until it is killed, and prints each once the store has acknowledged it."""

from __future__ import annotations

import asyncio
import itertools
import logging
import os
import sys
from pathlib import Path

from journiv.domain.clock import SystemClock
from journiv.domain.scope import SYSTEM
from journiv_store_sqlite.connections import Tuning
from journiv_store_sqlite.store import SqliteStore


async def write_for_ever(path: Path) -> None:
    async with SqliteStore(path, SystemClock(), logging.getLogger(), Tuning()) as store:
        await store.migrate()
        numbers = itertools.count()
        await asyncio.gather(*(_write(store, numbers) for _ in range(8)))


async def _write(store: SqliteStore, numbers: itertools.count[int]) -> None:
    for number in numbers:
        await store.write(SYSTEM, lambda tx, n=number: tx.kv.put("kill", str(n), n))
        os.write(1, b"%d\n" % number)


asyncio.run(write_for_ever(Path(sys.argv[1])))
