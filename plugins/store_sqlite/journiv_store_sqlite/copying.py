"""The file as tables, for `journiv copy-store`."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager, closing
from typing import TypeVar

from sqlalchemy import Connection, Engine, Table, insert
from sqlalchemy.exc import SQLAlchemyError

from journiv.contracts.copying import Layout, Row, Snapshot
from journiv.sqlstore.copying import SqlCopying, SqlSnapshot
from journiv.sqlstore.errors import translate
from journiv_store_sqlite.connections import Tuning, open_handle
from journiv_store_sqlite.errors import domain_error

T = TypeVar("T")


class SqliteCopying(SqlCopying):
    """Reads on a connection of its own, writes with one for each batch."""

    collation = "BINARY"

    def __init__(self, engine: Engine, tuning: Tuning, layout: Layout | None) -> None:
        super().__init__(layout)
        self._engine = engine
        self._tuning = tuning

    @asynccontextmanager
    async def snapshot(self) -> AsyncIterator[Snapshot]:
        """See `Copying.snapshot`."""
        handle = await asyncio.to_thread(open_handle, self._engine, self._tuning, read_only=True)
        with closing(handle):
            handle.raw.execute("BEGIN")

            async def run(work: Callable[[Connection], T], /) -> T:
                return await _in_thread(lambda: work(handle.connection))

            yield SqlSnapshot(run, self.collation, self.seen)

    async def write(self, work: Callable[[Connection], T]) -> T:
        """See `SqlCopying.write`."""
        return await _in_thread(lambda: self._write(work))

    def add(self, connection: Connection, table: Table, rows: Sequence[Row]) -> None:
        """See `SqlCopying.add`: rows in wire form are what the file keeps."""
        statement = str(insert(table).compile(dialect=connection.dialect))
        connection.exec_driver_sql(statement, list(rows))

    def _write(self, work: Callable[[Connection], T]) -> T:
        with closing(open_handle(self._engine, self._tuning)) as handle:
            handle.raw.execute("BEGIN IMMEDIATE")
            result = work(handle.connection)
            handle.raw.execute("COMMIT")
            return result


async def _in_thread(run: Callable[[], T]) -> T:
    try:
        return await asyncio.to_thread(run)
    except (OSError, sqlite3.Error, SQLAlchemyError) as error:
        raise translate(error, domain_error) from error
