from __future__ import annotations

import asyncio
import signal
import sqlite3
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from journiv.contracts.storage import Transaction
from journiv.domain.errors import ConfigError, Conflict, StorageFull, Unavailable
from journiv.domain.scope import SYSTEM, UserScope
from journiv.sqlstore.transaction import SqlTransaction
from journiv_store_sqlite.store import SqliteStore

NOON = "2026-01-01T12:00:00.000000Z"
WRITER = Path(__file__).parent / "endless_writer.py"


def put(key: str, value: object = True) -> Any:
    return lambda tx: tx.kv.put("test", key, value)


def keys(tx: Transaction) -> set[str]:
    return {key for key in ("a", "b", "c", "big") if tx.kv.get("test", key, NOON) is not None}


async def together(store: SqliteStore, *units: Any) -> list[Any]:
    """Run units in one batch: they arrive while the writer is busy with another."""
    started, go = threading.Event(), threading.Event()

    def hold(tx: Transaction) -> None:
        started.set()
        go.wait(5)

    first = asyncio.create_task(store.write(SYSTEM, hold))
    await asyncio.to_thread(started.wait, 5)
    rest = [asyncio.create_task(store.write(SYSTEM, unit)) for unit in units]
    await asyncio.sleep(0)
    go.set()
    await first
    return await asyncio.gather(*rest, return_exceptions=True)


def fill_disk(store: SqliteStore) -> None:
    """Let the file grow no further."""
    assert store._opened is not None
    raw = store._opened.writer._raw
    pages = raw.execute("PRAGMA page_count").fetchone()[0]
    raw.execute(f"PRAGMA max_page_count={pages + 2}")


async def test_a_full_disk_refuses_the_write_and_reading_goes_on(store: SqliteStore) -> None:
    await store.write(SYSTEM, put("a"))
    fill_disk(store)
    with pytest.raises(StorageFull):
        await store.write(SYSTEM, put("big", "x" * 100_000))
    assert await store.read(SYSTEM, keys) == {"a"}
    await store.write(SYSTEM, put("b"))
    assert await store.read(SYSTEM, keys) == {"a", "b"}


async def test_on_a_full_disk_the_units_that_fit_are_kept(store: SqliteStore) -> None:
    fill_disk(store)
    results = await together(store, put("a"), put("big", "x" * 100_000), put("b"))
    assert [type(result) for result in results] == [type(None), StorageFull, type(None)]
    assert await store.read(SYSTEM, keys) == {"a", "b"}


async def test_a_failed_commit_fails_every_unit_of_the_batch(store: SqliteStore) -> None:
    def orphan(tx: Transaction) -> None:
        assert isinstance(tx, SqlTransaction)
        tx._bound.connection.execute(text("PRAGMA defer_foreign_keys = ON"))
        tx._bound.connection.execute(
            text("INSERT INTO replies VALUES ('nobody', 'k', 'h', 200, '', :noon)"), {"noon": NOON}
        )

    results = await together(store, put("a"), orphan, put("b"))
    assert [type(result) for result in results] == [Conflict] * 3
    assert await store.read(SYSTEM, keys) == set()
    await store.write(SYSTEM, put("c"))
    assert await store.read(SYSTEM, keys) == {"c"}


async def test_units_lost_to_a_rollback_of_the_whole_batch_are_run_again(
    store: SqliteStore, user: UserScope
) -> None:
    def roll_all_back(tx: Transaction) -> None:
        assert isinstance(tx, SqlTransaction)
        again = text("INSERT OR ROLLBACK INTO users SELECT * FROM users WHERE id = :id")
        tx._bound.connection.execute(again, {"id": user.user_id})

    results = await together(store, put("a"), roll_all_back, put("b"))
    assert [type(result) for result in results] == [type(None), Conflict, type(None)]
    assert await store.read(SYSTEM, keys) == {"a", "b"}


@pytest.mark.parametrize("suffix", ["", "-wal"])
async def test_a_file_deleted_under_the_store_refuses_writes(
    store: SqliteStore, suffix: str
) -> None:
    await store.write(SYSTEM, put("a"))
    Path(f"{store.path}{suffix}").unlink()
    with pytest.raises(Unavailable, match="moved, deleted or replaced"):
        await store.write(SYSTEM, put("b"))
    assert await store.read(SYSTEM, keys) == {"a"}


async def test_a_file_put_in_the_place_of_the_open_one_refuses_writes(store: SqliteStore) -> None:
    other = store.path.with_name("restored.db")
    other.write_bytes(store.path.read_bytes())
    other.replace(store.path)
    with pytest.raises(Unavailable, match="moved, deleted or replaced"):
        await store.write(SYSTEM, put("b"))


async def test_a_file_that_is_put_back_takes_writes_again(store: SqliteStore) -> None:
    aside = store.path.with_name("aside.db")
    store.path.rename(aside)
    with pytest.raises(Unavailable):
        await store.write(SYSTEM, put("a"))
    aside.rename(store.path)
    await store.write(SYSTEM, put("c"))
    assert await store.read(SYSTEM, keys) == {"c"}


async def test_a_file_that_is_no_database_is_refused(database: Path, store_at: Any) -> None:
    write_prose(database)
    with pytest.raises(Unavailable, match="damaged"):
        await store_at(database).open()


async def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path, store_at: Any) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(ConfigError, match=r"file/journiv\.db cannot be opened"):
        await store_at(tmp_path / "file" / "journiv.db").open()


def write_prose(path: Path) -> None:
    path.parent.mkdir(mode=0o700)
    path.write_bytes(b"Dear diary, " * 1000)
    path.chmod(0o600)


def write_until_killed(path: Path, acknowledged: int) -> list[int]:
    """Kill a writing process after so many writes; return the numbers it acknowledged."""
    command = [sys.executable, str(WRITER), str(path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        heard = [int(process.stdout.readline()) for _ in range(acknowledged)]
        process.send_signal(signal.SIGKILL)
        heard += [int(line) for line in process.stdout.read().split("\n")[:-1]]
    assert process.returncode == -signal.SIGKILL
    return heard


@pytest.mark.parametrize("acknowledged", [1, 40, 200])
async def test_acknowledged_writes_survive_kill_9(
    database: Path, store_at: Any, acknowledged: int
) -> None:
    heard = write_until_killed(database, acknowledged)
    async with store_at(database) as store:
        status = await store.migrate()
        assert status.up_to_date
        assert await store.check() == []
        missing = await store.read(SYSTEM, lambda tx: _missing(tx, heard), long=True)
    assert missing == []


def _missing(tx: Transaction, numbers: list[int]) -> list[int]:
    return [number for number in numbers if tx.kv.get("kill", str(number), NOON) != number]


async def test_a_row_that_refers_to_nothing_is_found(store: SqliteStore) -> None:
    beside = sqlite3.connect(store.path)
    beside.execute("INSERT INTO replies VALUES ('nobody', 'k', 'h', 200, '', ?)", (NOON,))
    beside.commit()
    beside.close()
    assert await store.check() == ["Row 1 of replies refers to a row of users that is gone."]
