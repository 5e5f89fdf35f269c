from __future__ import annotations

import asyncio
import sqlite3
import threading
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from journiv.contracts.storage import Store, Transaction
from journiv.domain.errors import Conflict, Unavailable
from journiv.domain.scope import SYSTEM, UserScope
from journiv.sqlstore.transaction import SqlTransaction
from journiv_store_sqlite import readers, writer
from journiv_store_sqlite.store import SqliteStore

NOON = "2026-01-01T12:00:00.000000Z"


def value(tx: Transaction) -> Any:
    return tx.kv.get("test", "n", NOON)


def increment(tx: Transaction) -> int:
    number = int(value(tx) or 0) + 1
    tx.kv.put("test", "n", number)
    return number


def rows_read(tx: Transaction, rows: int) -> int:
    """Count up to `rows` inside SQLite: as slow as one likes."""
    assert isinstance(tx, SqlTransaction)
    counting = text(
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < :rows)"
        " SELECT count(*) FROM n"
    )
    return int(tx._bound.connection.execute(counting, {"rows": rows}).scalar_one())


async def test_a_migrated_store_is_up_to_date_and_whole(store: Store, user: UserScope) -> None:
    status = await store.schema_status()
    assert status.up_to_date
    assert status.compatible
    assert await store.check() == []


async def test_concurrent_read_modify_writes_lose_nothing(store: Store) -> None:
    results = await asyncio.gather(*(store.write(SYSTEM, increment) for _ in range(100)))
    assert sorted(results) == list(range(1, 101))
    assert await store.read(SYSTEM, value) == 100


async def test_two_stores_on_one_file_lose_nothing(store: SqliteStore, store_at: Any) -> None:
    async with store_at(store.path) as beside:
        for _ in range(20):
            await asyncio.gather(store.write(SYSTEM, increment), beside.write(SYSTEM, increment))
    assert await store.read(SYSTEM, value) == 40


async def test_a_failing_unit_leaves_the_others_of_its_batch_alone(store: Store) -> None:
    def fail(tx: Transaction) -> None:
        tx.kv.put("test", "half", True)
        increment(tx)
        raise LookupError("on purpose")

    units = [store.write(SYSTEM, fail if n == 7 else increment) for n in range(20)]
    results = await asyncio.gather(*units, return_exceptions=True)
    assert isinstance(results[7], LookupError)
    assert sum(isinstance(result, BaseException) for result in results) == 1
    assert await store.read(SYSTEM, value) == 19
    assert await store.read(SYSTEM, lambda tx: tx.kv.get("test", "half", NOON)) is None


async def test_a_unit_that_fails_alone_is_rolled_back(store: Store) -> None:
    def fail(tx: Transaction) -> None:
        increment(tx)
        raise StopIteration

    with pytest.raises(RuntimeError, match="StopIteration"):
        await store.write(SYSTEM, fail)
    assert await store.read(SYSTEM, value) is None
    assert await store.write(SYSTEM, increment) == 1


async def test_many_units_are_committed_at_once(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    commits: list[int] = []
    commit = writer.Writer._commit
    monkeypatch.setattr(
        writer.Writer,
        "_commit",
        lambda self, batch: (commits.append(len(batch)), commit(self, batch)),
    )
    started, go = threading.Event(), threading.Event()

    def hold(tx: Transaction) -> None:
        started.set()
        go.wait(5)

    first = asyncio.create_task(store.write(SYSTEM, hold))
    await asyncio.to_thread(started.wait, 5)
    rest = [asyncio.create_task(store.write(SYSTEM, increment)) for _ in range(100)]
    await asyncio.sleep(0)
    go.set()
    await asyncio.gather(first, *rest)
    assert commits == [1, writer.BATCH, 100 - writer.BATCH]


async def test_nobody_is_answered_before_the_commit(
    store: SqliteStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[object] = []
    answer = writer.Writer._answer

    def look(self: writer.Writer, batch: list[writer.Unit]) -> None:
        with sqlite3.connect(store.path) as beside:
            seen.extend(beside.execute("SELECT value FROM key_values").fetchall())
        beside.close()
        answer(self, batch)

    monkeypatch.setattr(writer.Writer, "_answer", look)
    await store.write(SYSTEM, increment)
    assert seen == [("1",)]


async def test_a_unit_whose_caller_left_is_not_run(store: Store) -> None:
    started, go = threading.Event(), threading.Event()

    def hold(tx: Transaction) -> None:
        started.set()
        go.wait(5)

    first = asyncio.create_task(store.write(SYSTEM, hold))
    await asyncio.to_thread(started.wait, 5)
    left = asyncio.create_task(store.write(SYSTEM, increment))
    await asyncio.sleep(0)
    left.cancel()
    await asyncio.gather(left, return_exceptions=True)
    go.set()
    await first
    assert await store.read(SYSTEM, value) is None


@pytest.mark.parametrize("long", [False, True])
async def test_writing_in_a_read_transaction_is_refused(store: Store, long: bool) -> None:
    with pytest.raises(RuntimeError, match="read transaction"):
        await store.read(SYSTEM, increment, long=long)
    assert await store.read(SYSTEM, value) is None
    assert await store.write(SYSTEM, increment) == 1


async def test_a_read_sees_one_state_of_the_database(store: Store) -> None:
    between, go = threading.Event(), threading.Event()

    def twice(tx: Transaction) -> tuple[Any, Any]:
        before = value(tx)
        between.set()
        go.wait(5)
        return before, value(tx)

    reading = asyncio.create_task(store.read(SYSTEM, twice, long=True))
    await asyncio.to_thread(between.wait, 5)
    await store.write(SYSTEM, increment)
    go.set()
    assert await reading == (None, None)
    assert await store.read(SYSTEM, value, long=True) == 1


async def test_a_short_read_runs_on_the_calling_thread(store: Store) -> None:
    def thread(tx: Transaction) -> str:
        rows_read(tx, 10)
        return threading.current_thread().name

    assert await store.read(SYSTEM, thread) == threading.current_thread().name
    assert (await store.read(SYSTEM, thread, long=True)).startswith("journiv-reader")


async def test_a_long_read_is_handed_over_to_the_pool(store: Store) -> None:
    threads: list[str] = []

    def slow(tx: Transaction) -> int:
        threads.append(threading.current_thread().name)
        return rows_read(tx, readers.INLINE_STEPS)

    assert await store.read(SYSTEM, slow) == readers.INLINE_STEPS
    assert threads[0] == threading.current_thread().name
    assert threads[1].startswith("journiv-reader")
    assert await store.read(SYSTEM, value) is None


async def test_an_inline_read_that_meets_a_lock_waits_in_the_pool(store: Store) -> None:
    threads: list[str] = []

    def locked_at_first(tx: Transaction) -> Any:
        threads.append(threading.current_thread().name)
        if len(threads) == 1:
            error = sqlite3.OperationalError("database is locked")
            error.sqlite_errorcode = sqlite3.SQLITE_BUSY
            raise error
        return value(tx)

    assert await store.read(SYSTEM, locked_at_first) is None
    assert threads[1].startswith("journiv-reader")


async def test_reads_cut_short_leave_the_inline_connection_usable(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(readers, "INLINE_STEPS", 0)
    for _ in range(500):
        assert await store.read(SYSTEM, lambda tx: rows_read(tx, 1000)) == 1000
    monkeypatch.undo()
    await store.write(SYSTEM, increment)
    assert await store.read(SYSTEM, value) == 1


async def test_a_commit_is_never_cut_short(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(readers, "INLINE_STEPS", 0)
    for _ in range(2000):
        assert await store.read(SYSTEM, value) is None


async def test_a_broken_rule_is_a_conflict_and_nothing_else_is_hidden(
    store: Store, user: UserScope
) -> None:
    def duplicate(tx: Transaction) -> None:
        assert isinstance(tx, SqlTransaction)
        copying = text("INSERT INTO users SELECT * FROM users WHERE id = :id")
        tx._bound.connection.execute(copying, {"id": user.user_id})

    with pytest.raises(Conflict):
        await store.write(SYSTEM, duplicate)
    with pytest.raises(ZeroDivisionError):
        await store.read(SYSTEM, lambda tx: 1 // 0)


async def test_the_revision_changes_with_every_commit_of_anybody(store: SqliteStore) -> None:
    seen = [store.revision(), store.revision()]
    assert seen[0] == seen[1]
    await store.write(SYSTEM, increment)
    seen.append(store.revision())
    beside = sqlite3.connect(store.path)
    beside.execute("UPDATE key_values SET value = '9'")
    beside.commit()
    beside.close()
    seen.append(store.revision())
    assert len(set(seen)) == 3


async def test_a_database_locked_by_another_process_is_unavailable_and_then_usable(
    database: Path, store_at: Any
) -> None:
    async with store_at(database, busy_timeout_ms=20) as store:
        await store.migrate()
        other = sqlite3.connect(database, isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        units = [store.write(SYSTEM, increment) for _ in range(3)]
        results = await asyncio.gather(*units, return_exceptions=True)
        assert [type(result) for result in results] == [Unavailable] * 3
        assert await store.read(SYSTEM, value) is None
        other.execute("ROLLBACK")
        other.close()
        assert await store.write(SYSTEM, increment) == 1


async def test_a_closed_store_is_unavailable(store: Store) -> None:
    await store.close()
    with pytest.raises(Unavailable, match="closed"):
        await store.read(SYSTEM, value)
    with pytest.raises(Unavailable, match="closed"):
        await store.write(SYSTEM, increment)
    with pytest.raises(Unavailable, match="closed"):
        await store.schema_status()


async def test_closing_finishes_what_was_accepted(store: SqliteStore, store_at: Any) -> None:
    writes = [asyncio.create_task(store.write(SYSTEM, increment)) for _ in range(200)]
    await asyncio.sleep(0)
    await store.close()
    await asyncio.gather(*writes)
    async with store_at(store.path) as again:
        assert await again.read(SYSTEM, value) == 200
