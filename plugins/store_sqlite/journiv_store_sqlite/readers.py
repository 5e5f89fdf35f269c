"""Reads: one snapshot each, inline on the event loop when they are short, else in a pool."""

from __future__ import annotations

import asyncio
import sqlite3
from concurrent.futures import ThreadPoolExecutor
from queue import SimpleQueue
from typing import Final, TypeVar

from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from journiv.contracts.storage import Transaction, Work
from journiv.domain.scope import Scope
from journiv.sqlstore.errors import translate
from journiv.sqlstore.search import SearchIndex
from journiv.sqlstore.transaction import SqlTransaction
from journiv_store_sqlite.connections import Handle, Tuning, open_handle
from journiv_store_sqlite.errors import cut_short, read_error

INLINE_READS: Final = True
"""Whether short reads run on the event loop, without a hop to another thread and back."""

INLINE_STEPS: Final = 30_000
"""How many instructions of SQLite's machine an inline read may take: about a millisecond."""

_STEPS_A_CALL: Final = 1_000
_UNLIMITED: Final = 1 << 62

T = TypeVar("T")


class OverBudget(Exception):
    """An inline read took too long, or would have had to wait; the pool has to run it."""


def snapshot(handle: Handle, scope: Scope, search: SearchIndex, work: Work[T]) -> T:
    """Run a unit of work on one state of the database."""
    handle.raw.execute("BEGIN")
    try:
        return work(SqlTransaction(handle.connection, scope, search))
    finally:
        if handle.raw.in_transaction:
            handle.raw.execute("COMMIT")


class InlineReader:
    """Runs short reads on the calling thread, stopped after a budget of instructions."""

    def __init__(self, engine: Engine, tuning: Tuning, search: SearchIndex) -> None:
        self._handle = open_handle(engine, tuning, read_only=True)
        self._search = search
        self._left = _UNLIMITED
        # Waiting for a lock would stop every other request: the pool waits instead.
        self._handle.raw.execute("PRAGMA busy_timeout=0")
        self._handle.raw.set_progress_handler(self._spend, _STEPS_A_CALL)

    def run(self, scope: Scope, work: Work[T]) -> T:
        """Run a unit of work. Raises `OverBudget` when the pool has to."""
        try:
            return snapshot(self._handle, scope, self._search, self._within_budget(work))
        except (sqlite3.Error, SQLAlchemyError) as error:
            if cut_short(getattr(error, "orig", error)):
                raise OverBudget from error
            raise

    def revision(self) -> int:
        """Return SQLite's `data_version`: it changes with any other connection's commit."""
        row = self._handle.raw.execute("PRAGMA data_version").fetchone()
        return int(row[0])

    def close(self) -> None:
        """Let go of the connection."""
        self._handle.close()

    def _within_budget(self, work: Work[T]) -> Work[T]:
        """Return a unit that is stopped when it takes too long; BEGIN and COMMIT never are."""

        def bounded(tx: Transaction) -> T:
            self._left = INLINE_STEPS // _STEPS_A_CALL
            try:
                return work(tx)
            finally:
                self._left = _UNLIMITED

        return bounded

    def _spend(self) -> bool:
        self._left -= 1
        return self._left < 0


class ReaderPool:
    """Runs reads in a few threads, each on a connection of its own."""

    def __init__(self, engine: Engine, tuning: Tuning, search: SearchIndex, size: int) -> None:
        self._search = search
        self._handles = [open_handle(engine, tuning, read_only=True) for _ in range(size)]
        self._idle: SimpleQueue[Handle] = SimpleQueue()
        for handle in self._handles:
            self._idle.put(handle)
        self._threads = ThreadPoolExecutor(size, thread_name_prefix="journiv-reader")

    async def run(self, scope: Scope, work: Work[T]) -> T:
        """Run a unit of work in one of the threads."""
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._threads, self._run, scope, work)

    def _run(self, scope: Scope, work: Work[T]) -> T:
        handle = self._idle.get()
        try:
            return snapshot(handle, scope, self._search, work)
        except (sqlite3.Error, SQLAlchemyError) as error:
            raise translate(error, read_error) from error
        finally:
            self._idle.put(handle)

    def close(self) -> None:
        """Finish what runs and let go of the connections."""
        self._threads.shutdown(wait=True)
        for handle in self._handles:
            handle.close()
