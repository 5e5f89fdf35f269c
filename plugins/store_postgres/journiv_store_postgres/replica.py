"""Long reads on a replica that streams from the database, and never an older state than there was.

Where a person's next request goes, nobody knows: to any server, before the replica has what the
last one wrote. So a read asks the primary how far its log had got when the read began, and runs on
the replica once that is replayed there; when it is not soon, or the replica is away, it runs on the
primary. Nothing is remembered, so nothing can be forgotten. For short reads the question alone
would cost as much as the answer: they stay on the primary.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable
from typing import Final, TypeVar

from sqlalchemy import Connection, text
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.ext.asyncio import AsyncEngine

from journiv_store_postgres.begin import Begin
from journiv_store_postgres.connections import Tuning, engine_for
from journiv_store_postgres.errors import is_away, sqlstate
from journiv_store_postgres.units import run_unit
from journiv_store_postgres.urls import place

PATIENCE: Final = 0.2
"""Seconds a read waits for the replica to have what the primary had."""
REST: Final = 10.0
"""Seconds the replica is left alone after it failed."""
SHORT_REST: Final = 1.0
"""Seconds it is left alone after it lagged."""
_PAUSE: Final = 0.005

_WRITTEN: Final = text(
    "SELECT CAST(pg_current_wal_flush_lsn() AS text),"
    " (SELECT system_identifier FROM pg_control_system())"
)
# NULL when this is no replica, or one of another database.
_HAS: Final = text(
    "SELECT pg_last_wal_replay_lsn() >= CAST(CAST(:position AS text) AS pg_lsn)"
    " WHERE pg_is_in_recovery() AND (SELECT system_identifier FROM pg_control_system()) = :system"
)

T = TypeVar("T")


class NotNow(Exception):
    """The replica cannot answer; the primary has to."""


class Replica:
    """One replica, named by `DATABASE_READ_URL`."""

    def __init__(self, url: str, tuning: Tuning, log: logging.Logger) -> None:
        self._place = place(url)
        self._begin = Begin(tuning)
        self._log = log
        self._engine = engine_for(url, tuning)
        self._rests_until = 0.0

    async def close(self) -> None:
        """Let go of the connections."""
        await self._engine.dispose()

    async def read(self, primary: AsyncEngine, run: Callable[[Connection], T]) -> T:
        """Run a function on a snapshot no older than this call. Raises `NotNow`, or what it raises.

        A failure of the primary, which is asked how far it is, is raised as it is.
        """
        if time.monotonic() < self._rests_until:
            raise NotNow
        written = await run_unit(
            primary, lambda connection: connection.execute(_WRITTEN).one(), self._begin.snapshot
        )
        try:
            await self._catch_up(written[0], written[1])
            return await run_unit(self._engine, run, self._begin.snapshot)
        except (OSError, PoolTimeout) as error:
            raise self._failed(error) from error
        except Exception as error:
            if is_away(error):
                raise self._failed(error) from error
            raise

    async def _catch_up(self, position: str, system: int) -> None:
        values = {"position": position, "system": system}
        deadline = time.monotonic() + PATIENCE
        while not (has := await self._has(values)):
            if has is None:
                raise self._failed(LookupError("it is no replica of DATABASE_URL"))
            if time.monotonic() > deadline:
                self._rests_until = time.monotonic() + SHORT_REST
                raise NotNow
            await asyncio.sleep(_PAUSE)

    async def _has(self, values: dict[str, object]) -> bool | None:
        return await run_unit(
            self._engine,
            lambda connection: connection.execute(_HAS, values).scalar(),
            self._begin.snapshot,
        )

    def _failed(self, error: Exception) -> NotNow:
        self._rests_until = time.monotonic() + REST
        reason = error if isinstance(error, LookupError) else sqlstate(error)
        self._log.warning(
            "The replica %s is not used for %g s: %s. Long reads go to the primary.",
            self._place, REST, reason or type(error).__name__,
        )  # fmt: skip
        return NotNow()
