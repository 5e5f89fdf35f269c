"""A connection as a unit of work uses it: transactions by hand, hot statements by the driver.

SQLAlchemy's own BEGIN and COMMIT are a message each way; here BEGIN travels together with the lock
it is for, and a read of one statement needs neither.
"""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine, Sequence
from contextlib import suppress
from typing import Any, Final, cast

import asyncpg
from sqlalchemy import Connection, event
from sqlalchemy.ext.asyncio import AsyncEngine
from sqlalchemy.util import await_only

from journiv.sqlstore.prepared import DIRECT, Direct, Row

PATIENCE: Final = 3.0
"""Seconds in which the server has to end a transaction that is given up."""

_UNLIMITED: Final = -1


class SeveralStatements(BaseException):
    """A read without a transaction has asked for a second statement: it has to run in one.

    No `Exception`, so that no repository takes it for one of its own.
    """


class Session(Direct):
    """Lives as long as its connection. Its methods run inside SQLAlchemy's greenlet."""

    def __init__(self, driver: asyncpg.Connection) -> None:
        self._driver = driver
        self._left = _UNLIMITED

    def run(self, sql: str) -> None:
        """Run statements without parameters, in one message."""
        await_only(self._driver.execute(sql))

    def roll_back(self) -> bool:
        """End the transaction, even if the caller is cancelled again; say whether it ended."""
        return await_only(_carried_through(self._driver.execute("ROLLBACK")))

    def fetch(self, sql: str, values: Sequence[Any]) -> Sequence[Row]:
        """See `Direct.fetch`."""
        self.count()
        return cast("Sequence[Row]", await_only(self._driver.fetch(sql, *values)))

    def change(self, sql: str, values: Sequence[Any]) -> int:
        """See `Direct.change`."""
        self.count()
        status: str = await_only(self._driver.execute(sql, *values))
        return int(status.rpartition(" ")[2])

    def allow(self, statements: int | None) -> None:
        """Set how many more statements may run; None for any number."""
        self._left = _UNLIMITED if statements is None else statements

    def count(self) -> None:
        """Count one statement. Raises `SeveralStatements` when it is one too many."""
        if self._left == 0:
            raise SeveralStatements
        if self._left > 0:
            self._left -= 1

    def is_lost(self) -> bool:
        """Say whether the server has hung up."""
        return bool(self._driver.is_closed())


async def _carried_through(asked: Coroutine[Any, Any, object]) -> bool:
    """Await to the end. A connection dropped halfway would leave the server at work, with locks."""
    answer = asyncio.ensure_future(asked)
    clock = asyncio.get_running_loop().time
    until = clock() + PATIENCE
    while not answer.done() and clock() < until:
        # Whoever gives a unit up is on the way out already: its first error is raised on.
        with suppress(asyncio.CancelledError):
            await asyncio.wait({answer}, timeout=until - clock())
    if not answer.done():
        answer.cancel()
        return False
    return answer.exception() is None


def session_of(connection: Connection) -> Session:
    """Return the session of a connection of an engine that `attach` has seen."""
    return cast("Session", connection.info[DIRECT])


def attach(engine: AsyncEngine) -> None:
    """Give every connection that the engine will make its session."""

    def connected(dbapi_connection: Any, record: Any) -> None:
        record.info[DIRECT] = Session(dbapi_connection.driver_connection)

    def executing(connection: Connection, *_: Any) -> None:
        session_of(connection).count()

    event.listen(engine.sync_engine, "connect", connected)
    event.listen(engine.sync_engine, "before_cursor_execute", executing)
