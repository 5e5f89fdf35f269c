"""The store: a pool of connections, a transaction for each unit of work."""

from __future__ import annotations

import logging
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from typing import Final, NoReturn, TypeVar

from sqlalchemy import Connection
from sqlalchemy.ext.asyncio import AsyncEngine

from journiv.contracts.copying import Copying
from journiv.contracts.findings import Finding
from journiv.contracts.storage import Capabilities, SchemaStatus, Store, Work
from journiv.domain.errors import Unavailable
from journiv.domain.scope import Scope
from journiv.sqlstore.errors import translate
from journiv.sqlstore.transaction import SqlTransaction
from journiv.sqlstore.units import carry_out
from journiv_store_postgres import checklist
from journiv_store_postgres.connections import Tuning, engine_for, place
from journiv_store_postgres.copying import PostgresCopying
from journiv_store_postgres.errors import domain_error, unreachable
from journiv_store_postgres.locks import LockingTransaction, lock_scope
from journiv_store_postgres.schema import PostgresSchema
from journiv_store_postgres.search_trigram import TrigramIndex
from journiv_store_postgres.units import run_unit

SEEN_AFTER: Final = 0.5
"""Seconds after which a change by another process is seen by caches."""

T = TypeVar("T")


class PostgresStore(Store):
    """Keeps everything in one PostgreSQL database, which any number of servers may share."""

    capabilities = Capabilities(full_text=True, online_backup=False, several_processes=True)

    def __init__(self, url: str, migration_url: str, log: logging.Logger, tuning: Tuning) -> None:
        self._url = url
        self._migration_url = migration_url
        self._log = log
        self._tuning = tuning
        self._search = TrigramIndex()
        self._engine: AsyncEngine | None = None
        self._writes = 0

    async def open(self) -> None:
        """See `Store.open`."""
        if self._engine is not None:
            return
        engine = engine_for(self._url, self._tuning)
        try:
            async with engine.connect():
                pass
        except BaseException as error:
            await engine.dispose()
            raise self._translated(error) from error
        self._engine = engine

    async def close(self) -> None:
        """See `Store.close`."""
        engine, self._engine = self._engine, None
        if engine is not None:
            await engine.dispose()

    async def read(self, scope: Scope, work: Work[T], *, long: bool = False) -> T:
        """See `Store.read`."""

        def run(connection: Connection) -> T:
            return work(SqlTransaction(connection, scope, self._search))

        snapshot = {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
        return await self._reached(lambda: run_unit(self._opened(), run, snapshot))

    async def write(self, scope: Scope, work: Work[T]) -> T:
        """See `Store.write`."""

        def run(connection: Connection) -> T:
            lock_scope(connection, scope)
            return carry_out(LockingTransaction(connection, scope, self._search), work)

        try:
            return await self._reached(
                lambda: run_unit(self._opened(), run, {"isolation_level": "READ COMMITTED"})
            )
        finally:
            self._writes += 1

    def revision(self) -> object:
        """See `Store.revision`: own writes at once, others' after `SEEN_AFTER` seconds."""
        return self._writes, int(time.monotonic() / SEEN_AFTER)

    async def schema_status(self) -> SchemaStatus:
        """See `Store.schema_status`."""
        return await self._schema(PostgresSchema.status)

    async def migrate(self) -> SchemaStatus:
        """See `Store.migrate`."""
        return await self._schema(PostgresSchema.migrate)

    async def check(self) -> list[str]:
        """See `Store.check`."""
        return await self._schema(PostgresSchema.check)

    async def findings(self) -> Sequence[Finding]:
        """See `Store.findings`."""
        return await checklist.findings(self._url)

    async def reindex(self) -> None:
        """See `Store.reindex`."""
        await self._schema(PostgresSchema.reindex)

    def copying(self) -> Copying:
        """See `Store.copying`."""
        return PostgresCopying(self._opened(), self._reached)

    async def _schema(self, run: Callable[[PostgresSchema, Connection], T]) -> T:
        """Run one work on the whole database, as the role that may change the schema."""
        self._opened()
        schema = PostgresSchema(self._search, self._log)
        patient = replace(self._tuning, statement_timeout_ms=600_000)
        engine = engine_for(self._migration_url, patient)
        try:
            return await self._reached(
                lambda: run_unit(engine, lambda connection: run(schema, connection), {})
            )
        finally:
            await engine.dispose()

    async def _reached(self, run: Callable[[], Awaitable[T]]) -> T:
        try:
            return await run()
        except Exception as error:
            known = self._translated(error)
            if known is error:
                raise
            raise known from error

    def _translated(self, error: BaseException) -> BaseException:
        if isinstance(error, OSError):
            return unreachable(error, place(self._url))
        return translate(error, domain_error)

    def _opened(self) -> AsyncEngine:
        return self._engine or _closed()


def _closed() -> NoReturn:
    raise Unavailable("The store is closed.")
