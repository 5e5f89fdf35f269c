"""Running a unit of work: again when others were in its way, never once it may be committed."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable, Mapping
from typing import Any, Final, TypeVar

from sqlalchemy import Connection
from sqlalchemy.ext.asyncio import AsyncEngine

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
        async with engine.connect() as connection:
            if options:
                connection = await connection.execution_options(**options)
            async with connection.begin() as transaction:
                result = await connection.run_sync(run)
                self.committing = True
                await transaction.commit()
                return result
