"""The store: a pool of connections, a transaction for each unit of work."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import replace
from typing import Final, NoReturn, TypeVar

from sqlalchemy import Connection
from sqlalchemy.ext.asyncio import AsyncEngine

from journiv.contracts.copying import Copying, Layout
from journiv.contracts.findings import Finding
from journiv.contracts.storage import Capabilities, SchemaStatus, Store, Work
from journiv.domain.errors import Unavailable
from journiv.domain.scope import Scope
from journiv.sqlstore.errors import translate
from journiv.sqlstore.layouts import revision_of
from journiv.sqlstore.transaction import SqlTransaction
from journiv.sqlstore.units import carry_out
from journiv_store_postgres import checklist
from journiv_store_postgres.begin import Begin
from journiv_store_postgres.connections import Tuning, engine_for
from journiv_store_postgres.copying import PostgresCopying
from journiv_store_postgres.errors import domain_error, unreachable
from journiv_store_postgres.locks import LockingTransaction, number_of
from journiv_store_postgres.replica import NotNow, Replica
from journiv_store_postgres.schema import PostgresSchema
from journiv_store_postgres.search_trigram import TrigramIndex
from journiv_store_postgres.session import SeveralStatements
from journiv_store_postgres.single import SingleReads
from journiv_store_postgres.turns import Turns
from journiv_store_postgres.units import run_unit
from journiv_store_postgres.urls import check, place

AWAY: Final = "The database is away."
TOLD_EVERY: Final = 60.0
SEEN_AFTER: Final = 0.5
"""Seconds after which a change by another process is seen by caches."""

T = TypeVar("T")


class PostgresStore(Store):
    """Keeps everything in one PostgreSQL database, which any number of servers may share."""

    capabilities = Capabilities(full_text=True, online_backup=False, several_processes=True)

    def __init__(
        self,
        url: str,
        migration_url: str,
        log: logging.Logger,
        tuning: Tuning,
        read_url: str | None = None,
    ) -> None:
        self._url = url
        self._read_url = read_url
        self._migration_url = migration_url
        self._log = log
        self._tuning = tuning
        self._begin = Begin(tuning)
        self._turns = Turns(tuning.lock_timeout_ms / 1000)
        self._single = SingleReads(enabled=not tuning.transaction_pooler)
        self._search = TrigramIndex()
        self._engine: AsyncEngine | None = None
        self._replica: Replica | None = None
        self._told = -TOLD_EVERY
        self._writes = 0
        self._running = 0
        self._over = asyncio.Event()

    async def open(self) -> None:
        """See `Store.open`."""
        if self._engine is not None:
            return
        check(self._url, "DATABASE_URL")
        check(self._migration_url, "DATABASE_MIGRATION_URL")
        if self._read_url:
            check(self._read_url, "DATABASE_READ_URL")
        engine = engine_for(self._url, self._tuning)
        try:
            async with engine.connect():
                pass
        except BaseException as error:
            await engine.dispose()
            raise self._translated(error) from error
        self._engine = engine
        if self._read_url:
            self._replica = Replica(self._read_url, self._tuning, self._log)

    async def close(self) -> None:
        """See `Store.close`."""
        engine, self._engine = self._engine, None
        replica, self._replica = self._replica, None
        # A connection given back after `dispose` would never be closed.
        while engine is not None and self._running:
            self._over.clear()
            await self._over.wait()
        if replica is not None:
            await replica.close()
        if engine is not None:
            await engine.dispose()

    async def read(self, scope: Scope, work: Work[T], *, long: bool = False) -> T:
        """See `Store.read`."""

        def run(connection: Connection) -> T:
            return work(SqlTransaction(connection, scope, self._search))

        replica = self._replica if long else None
        if replica is not None:
            with suppress(NotNow):
                return await self._answered(lambda: replica.read(self._opened(), run))
        if not long and self._single.may_be(work):
            try:
                return await self._answered(lambda: run_unit(self._opened(), run))
            except SeveralStatements:
                self._single.is_not(work)
        return await self._answered(lambda: run_unit(self._opened(), run, self._begin.snapshot))

    async def write(self, scope: Scope, work: Work[T]) -> T:
        """See `Store.write`."""

        def run(connection: Connection) -> T:
            return carry_out(LockingTransaction(connection, scope, self._search), work)

        engine, begin = self._opened(), self._begin.write_alone(scope)

        async def in_turn() -> T:
            async with self._turns.take(number_of(scope)):
                return await run_unit(engine, run, begin)

        try:
            return await self._answered(in_turn)
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

    def copying(self, layout: Layout | None = None) -> Copying:
        """See `Store.copying`."""
        return PostgresCopying(self._opened(), self._begin, self._reached, layout)

    async def prepare(self, layout: Layout) -> None:
        """See `Store.prepare`."""
        revision = revision_of(layout)
        await self._schema(lambda schema, connection: schema.prepare(connection, revision))

    async def _schema(self, run: Callable[[PostgresSchema, Connection], T]) -> T:
        """Run one work on the whole database, as the role that may change the schema."""
        self._opened()
        schema = PostgresSchema(self._search, self._log)
        patient = replace(self._tuning, statement_timeout_ms=0)  # a large index takes its time
        engine, begin = engine_for(self._migration_url, patient), Begin(patient).write
        try:
            return await self._reached(
                lambda: run_unit(engine, lambda connection: run(schema, connection), begin)
            )
        finally:
            await engine.dispose()

    async def _answered(self, run: Callable[[], Awaitable[T]]) -> T:
        """Run a unit of work: where the database is belongs into the log, not into answers."""
        try:
            return await self._reached(run)
        except Unavailable as error:
            if not isinstance(error.__cause__, OSError):
                raise
            self._tell(error.detail)
            raise Unavailable(AWAY) from error

    def _tell(self, what: str) -> None:
        """Write a warning, once in a while."""
        now = time.monotonic()
        if now - self._told > TOLD_EVERY:
            self._told = now
            self._log.warning("The database is away: %s.", what)

    async def _reached(self, run: Callable[[], Awaitable[T]]) -> T:
        self._running += 1
        try:
            return await run()
        except Exception as error:
            known = self._translated(error)
            if known is error:
                raise
            raise known from error
        finally:
            self._running -= 1
            self._over.set()

    def _translated(self, error: BaseException) -> BaseException:
        if isinstance(error, OSError):
            return unreachable(error, place(self._url))
        return translate(error, domain_error)

    def _opened(self) -> AsyncEngine:
        return self._engine or _closed()


def _closed() -> NoReturn:
    raise Unavailable("The store is closed.")
