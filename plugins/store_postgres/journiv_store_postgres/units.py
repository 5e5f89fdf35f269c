"""Running a unit of work: again when others were in its way, never once it may be committed."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable
from contextlib import suppress
from typing import Final, TypeVar

from sqlalchemy import Connection, Engine
from sqlalchemy.ext.asyncio import AsyncEngine
from sqlalchemy.util import greenlet_spawn

from journiv_store_postgres.errors import is_lost, may_repeat
from journiv_store_postgres.session import SeveralStatements, session_of

TRIES: Final = 4
_PAUSE: Final = 0.02

T = TypeVar("T")


async def run_unit(
    engine: AsyncEngine, run: Callable[[Connection], T], begin: str | None = None
) -> T:
    """Run a function on a connection, in a transaction of its own, and return its result.

    `begin` are the statements that begin the transaction. Without, `run` may execute one statement,
    which is a transaction by itself; raises `SeveralStatements` at the second.

    It runs again, a few times, when the server undid it because of other transactions, and when a
    pooled connection turns out dead before anything can have been committed.
    """
    for left in reversed(range(TRIES)):
        unit = _Unit(engine.sync_engine, begin)
        try:
            # One greenlet for all of it: AsyncConnection would make ten for each unit.
            return await greenlet_spawn(unit.run, run)
        except Exception as error:
            lost = is_lost(error)
            if lost and engine.pool is unit.pool:
                await engine.dispose()  # the other connections have lost the same server
            if not left or not (may_repeat(error) or (lost and not unit.committing)):
                raise
        await asyncio.sleep(_PAUSE * (TRIES - left) * (0.5 + random.random()))  # noqa: S311 jitter
    raise AssertionError("unreachable")


class _Unit:
    """One try, and whether its commit has been sent."""

    def __init__(self, engine: Engine, begin: str | None) -> None:
        self.committing = False
        self.pool = engine.pool
        self._engine = engine
        self._begin = begin

    def run(self, run: Callable[[Connection], T]) -> T:
        with self._engine.connect() as connection:
            try:
                if self._begin is None:
                    return self._alone(connection, run)
                return self._transaction(connection, self._begin, run)
            except SeveralStatements:
                raise
            except BaseException as error:
                if self._begin is not None or not isinstance(error, Exception):
                    _roll_back(connection)
                raise

    def _alone(self, connection: Connection, run: Callable[[Connection], T]) -> T:
        session = session_of(connection)
        session.allow(1)
        try:
            return run(connection)
        finally:
            session.allow(None)

    def _transaction(self, connection: Connection, begin: str, run: Callable[[Connection], T]) -> T:
        session = session_of(connection)
        session.run(begin)
        result = run(connection)
        self.committing = True
        session.run("COMMIT")
        return result


def _roll_back(connection: Connection) -> None:
    """Leave no transaction open; a connection that cannot be asked to end it is thrown away.

    Who was cancelled does not know how far the server has got, so it is told in any case.
    """
    ended = False
    with suppress(Exception):  # whatever it is, the first error is the one to report
        session = session_of(connection)
        if not session.is_lost():
            ended = session.roll_back()
    if not ended:
        connection.invalidate()
