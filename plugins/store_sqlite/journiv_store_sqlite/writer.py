"""The one writer: a thread that commits many units of work at once.

Units wait in a queue. The thread takes up to `BATCH` of them into one BEGIN IMMEDIATE, commits, and
only then tells the callers: what was acknowledged is on the disk. When a unit fails, the batch is
rolled back and run again with a savepoint for each, so that only the failing ones are undone.
(Not at once: at every savepoint, FTS5 writes out what it has gathered, which costs more than all
the rest of a small unit.)
"""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Callable
from dataclasses import dataclass
from queue import Empty, SimpleQueue
from threading import Thread
from typing import Any, Final, TypeVar, cast

from journiv.contracts.storage import Work
from journiv.domain.errors import Unavailable
from journiv.domain.scope import Scope
from journiv.sqlstore.errors import translate
from journiv.sqlstore.search import SearchIndex
from journiv.sqlstore.transaction import SqlTransaction
from journiv.sqlstore.units import carry_out
from journiv_store_sqlite.connections import Handle
from journiv_store_sqlite.errors import domain_error
from journiv_store_sqlite.in_place import InPlace

BATCH: Final = 64

T = TypeVar("T")


@dataclass(eq=False, slots=True)
class Unit:
    """A unit of work on its way, and what became of it."""

    scope: Scope
    work: Work[Any]
    future: asyncio.Future[Any]
    result: Any = None
    error: BaseException | None = None


class UnitFailed(Exception):
    """A unit of the batch raised something."""


class Lost(Exception):
    """SQLite rolled the whole transaction back, not only the unit that failed."""


class Writer:
    """Runs units of work in order of arrival. Start it inside a running event loop."""

    def __init__(self, handle: Handle, in_place: InPlace, search: SearchIndex) -> None:
        self._handle = handle
        self._raw = handle.raw
        self._in_place = in_place
        self._search = search
        self._queue: SimpleQueue[Unit | None] = SimpleQueue()
        self._loop = asyncio.get_running_loop()
        self._open = True
        self._thread = Thread(target=self._run, name="journiv-writer", daemon=True)
        self._thread.start()

    async def write(self, scope: Scope, work: Work[T]) -> T:
        """Run a unit of work; returns once it is durable."""
        if not self._open:
            raise Unavailable("The store is closed.")
        future: asyncio.Future[T] = self._loop.create_future()
        self._queue.put(Unit(scope, work, future))
        return await future

    async def close(self) -> None:
        """Finish what was accepted, then let go of the connection."""
        if not self._open:
            return
        self._open = False
        self._queue.put(None)
        await asyncio.to_thread(self._thread.join)
        self._handle.close()

    def _run(self) -> None:
        ended = False
        while not ended:
            batch, ended = self._take()
            if batch:
                self._commit(batch)
                self._answer(batch)

    def _take(self) -> tuple[list[Unit], bool]:
        unit = self._queue.get()
        batch: list[Unit] = []
        while unit is not None:
            if not unit.future.cancelled():
                batch.append(unit)
            if len(batch) == BATCH:
                return batch, False
            try:
                unit = self._queue.get_nowait()
            except Empty:
                return batch, False
        return batch, True

    def _commit(self, batch: list[Unit]) -> None:
        if len(batch) == 1:
            self._alone(batch[0])
            return
        try:
            try:
                self._transaction(lambda: self._all(batch))
            except UnitFailed:
                self._transaction(lambda: self._each(batch))
        except Lost:
            for unit in batch:
                self._alone(unit)
        except BaseException as error:  # whatever it is, nobody may wait for ever
            for unit in batch:
                unit.error = translate(error, domain_error)

    def _alone(self, unit: Unit) -> None:
        unit.error = None
        try:
            self._transaction(lambda: self._attempt(unit))
        except BaseException as error:  # whatever it is, nobody may wait for ever
            unit.error = translate(error, domain_error)

    def _all(self, batch: list[Unit]) -> None:
        try:
            for unit in batch:
                self._attempt(unit)
        except BaseException as error:  # `_each` finds out whose it is
            raise UnitFailed from error

    def _each(self, batch: list[Unit]) -> None:
        execute = self._raw.execute
        for unit in batch:
            execute("SAVEPOINT unit")
            try:
                self._attempt(unit)
            except BaseException as error:  # whatever it is, it belongs to this unit's caller
                if not self._raw.in_transaction:
                    raise Lost from error
                unit.error = translate(error, domain_error)
                execute("ROLLBACK TO unit")
            execute("RELEASE unit")

    def _attempt(self, unit: Unit) -> None:
        tx = SqlTransaction(self._handle.connection, unit.scope, self._search)
        unit.result = carry_out(tx, unit.work)

    def _transaction(self, run: Callable[[], None]) -> None:
        self._raw.execute("BEGIN IMMEDIATE")
        try:
            run()
            self._in_place.check()
            self._raw.execute("COMMIT")
        except BaseException:
            self._roll_back()
            raise

    def _roll_back(self) -> None:
        if self._raw.in_transaction:
            try:
                self._raw.execute("ROLLBACK")
            except sqlite3.Error:
                # SQLite has rolled back by itself; the first error is the one to report.
                return

    def _answer(self, batch: list[Unit]) -> None:
        try:
            self._loop.call_soon_threadsafe(_resolve, batch)
        except RuntimeError:
            # The loop is closed: nobody is waiting any more.
            return


def _resolve(batch: list[Unit]) -> None:
    for unit in batch:
        if unit.future.done():
            continue
        if unit.error is None:
            unit.future.set_result(unit.result)
        elif isinstance(unit.error, StopIteration):
            unit.future.set_exception(RuntimeError("a unit of work raised StopIteration"))
        else:
            unit.future.set_exception(cast("Exception", unit.error))
