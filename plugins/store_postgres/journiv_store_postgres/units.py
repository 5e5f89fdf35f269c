"""Running a unit of work: again when others were in its way, never once it may be committed."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable, Mapping
from typing import Any, Final, TypeVar

from sqlalchemy import Connection, Engine
from sqlalchemy.ext.asyncio import AsyncEngine
from sqlalchemy.util import greenlet_spawn

from journiv_store_postgres.errors import is_lost, may_repeat

TRIES: Final = 4
_PAUSE: Final = 0.02

T = TypeVar("T")


async def run_unit(
    engine: AsyncEngine, run: Callable[[Connection], T], options: Mapping[str, Any]
) -> T:
    """Run a function on a connection in a transaction of its own and return its result.

    It runs again, a few times, when the server undid it because of other transactions, and when a
    pooled connection turns out dead before anything can have been committed.
    """
    for left in reversed(range(TRIES)):
        unit = _Unit()
        try:
            return await unit.run(engine, run, options)
        except Exception as error:
            lost = is_lost(error)
            if lost:
                await engine.dispose()  # the other connections have lost the same server
            if not left or not (may_repeat(error) or (lost and not unit.committing)):
                raise
        await asyncio.sleep(_PAUSE * (TRIES - left) * (0.5 + random.random()))  # noqa: S311 jitter
    raise AssertionError("unreachable")


class _Unit:
    """One try, and whether its commit has been sent."""

    committing = False

    async def run(
        self, engine: AsyncEngine, run: Callable[[Connection], T], options: Mapping[str, Any]
    ) -> T:
        # One greenlet for all of it: AsyncConnection would make ten for each unit.
        return await greenlet_spawn(self._run, engine.sync_engine, run, options)

    def _run(self, engine: Engine, run: Callable[[Connection], T], options: Mapping[str, Any]) -> T:
        with engine.connect() as connection:
            if options:
                connection.execution_options(**options)
            with connection.begin() as transaction:
                result = run(connection)
                self.committing = True
                transaction.commit()
                return result
