"""A copy that dies as by a power cut: `python -m tests.transfer.killed SOURCE TARGET ROWS`.

SOURCE is a SQLite file, TARGET another one or the URL of a PostgreSQL database.
"""

from __future__ import annotations

import asyncio
import logging
import os
import signal
import sys
from contextlib import AbstractAsyncContextManager
from pathlib import Path

from journiv.contracts.storage import Store
from journiv.services.transfer import copying
from journiv_store_postgres.connections import Tuning
from journiv_store_postgres.store import PostgresStore
from tests.conftest import sqlite_store


def at(place: str) -> AbstractAsyncContextManager[Store]:
    if place.startswith("postgresql:"):
        return PostgresStore(place, place, logging.getLogger("journiv.tests"), Tuning())
    return sqlite_store(Path(place))


async def die(source: str, target: str, rows: int) -> None:
    """Copy in batches of a quarter of `rows`, and die when more than these are in."""

    def told(done: int) -> None:
        if done > rows:
            os.kill(os.getpid(), signal.SIGKILL)

    copying.BATCH = rows // 4
    async with at(source) as old, at(target) as new:
        await new.migrate()
        await copying.StoreCopy(old, new).run(progress=told)


if __name__ == "__main__":
    asyncio.run(die(sys.argv[1], sys.argv[2], int(sys.argv[3])))
