"""The database as tables, for `journiv copy-store`: rows go in by COPY."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from typing import Any, Final, Protocol, TypeVar

from sqlalchemy import Connection, Table
from sqlalchemy.ext.asyncio import AsyncEngine
from sqlalchemy.util import await_only

from journiv.contracts.copying import Layout, Row, Snapshot
from journiv.sqlstore.copying import SqlCopying, SqlSnapshot
from journiv_store_postgres.begin import Begin
from journiv_store_postgres.units import run_unit

_PATIENTLY: Final = (
    "SET LOCAL statement_timeout = 0",
    "SET LOCAL idle_in_transaction_session_timeout = 0",
)

T = TypeVar("T")


class Reached(Protocol):
    """Awaits, and turns the driver's errors into the domain's."""

    def __call__(self, run: Callable[[], Awaitable[T]], /) -> Awaitable[T]:
        """Return what `run` returns."""


class PostgresCopying(SqlCopying):
    """Uses the store's connections; its statements may take as long as they need."""

    collation = "C"

    def __init__(
        self, engine: AsyncEngine, begin: Begin, reached: Reached, layout: Layout | None
    ) -> None:
        super().__init__(layout)
        self._engine = engine
        self._begin = begin
        self._reached = reached

    @asynccontextmanager
    async def snapshot(self) -> AsyncIterator[Snapshot]:
        """See `Copying.snapshot`."""
        async with self._engine.connect() as plain:
            connection = await plain.execution_options(
                isolation_level="REPEATABLE READ", postgresql_readonly=True
            )

            async def run(work: Callable[[Connection], T], /) -> T:
                return await self._reached(lambda: connection.run_sync(work))

            await run(_be_patient)
            yield SqlSnapshot(run, self.collation, self.seen)

    async def write(self, work: Callable[[Connection], T]) -> T:
        """See `SqlCopying.write`."""

        def run(connection: Connection) -> T:
            _be_patient(connection)
            return work(connection)

        return await self._reached(lambda: run_unit(self._engine, run, self._begin.write))

    def add(self, connection: Connection, table: Table, rows: Sequence[Row]) -> None:
        """See `SqlCopying.add`: inside the transaction that `write` has begun."""
        driver: Any = connection.connection.driver_connection
        names = [column.name for column in table.columns]
        records = _native(connection, table, rows)
        await_only(driver.copy_records_to_table(table.name, records=records, columns=names))


def _be_patient(connection: Connection) -> None:
    for statement in _PATIENTLY:
        connection.exec_driver_sql(statement)


def _native(connection: Connection, table: Table, rows: Sequence[Row]) -> list[tuple[Any, ...]]:
    """Return rows as asyncpg takes them, converted column by column."""
    columns: list[Sequence[Any]] = list(zip(*rows, strict=True))
    for number, column in enumerate(table.columns):
        convert = column.type.dialect_impl(connection.dialect).bind_processor(connection.dialect)
        if convert is not None:
            columns[number] = [convert(value) for value in columns[number]]
    return list(zip(*columns, strict=True))
