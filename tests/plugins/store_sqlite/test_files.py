from __future__ import annotations

import asyncio
import sqlite3
import stat
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from journiv.contracts.storage import Transaction
from journiv.domain.errors import BadRequest, ConfigError
from journiv.domain.scope import SYSTEM
from journiv_store_sqlite.copies import KEPT, copy_before_migration, copy_database
from journiv_store_sqlite.location import database_path
from journiv_store_sqlite.store import SqliteStore

NOON = "2026-01-01T12:00:00.000000Z"


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


@pytest.mark.parametrize(
    ("url", "path"),
    [
        ("sqlite:////srv/diary/journiv.db", "/srv/diary/journiv.db"),
        ("sqlite:///journiv.db", "/data/journiv.db"),
        ("sqlite:///a%20b/journiv.db?timeout=5", "/data/a b/journiv.db"),
        ("sqlite+aiosqlite:////data/x.db", "/data/x.db"),
    ],
)
def test_a_url_names_a_file(url: str, path: str) -> None:
    assert database_path(url, Path("/data")) == Path(path)


@pytest.mark.parametrize(
    "url", ["sqlite://", "sqlite:///", "sqlite://host.db", "sqlite:///:memory:", "sqlite:////d/"]
)
def test_a_url_without_a_file_is_refused_in_a_sentence(url: str) -> None:
    with pytest.raises(ConfigError, match="names no file"):
        database_path(url, Path("/data"))


def test_the_password_of_another_database_is_not_shown() -> None:
    with pytest.raises(ConfigError, match="no SQLite file") as refused:
        database_path("postgresql://journiv:hidden-word@db/journiv", Path("/data"))
    assert "hidden-word" not in str(refused.value)


async def test_file_and_folder_are_made_for_the_owner_alone(
    store: SqliteStore, database: Path
) -> None:
    await store.write(SYSTEM, lambda tx: tx.kv.put("test", "k", 1))
    assert mode(database.parent) == 0o700
    assert {mode(file) for file in database.parent.iterdir()} == {0o600}


async def test_a_file_open_to_others_is_closed_to_them(
    database: Path, store_at: Any, caplog: pytest.LogCaptureFixture
) -> None:
    loosen(database)
    async with store_at(database):
        assert mode(database) == 0o600
        assert mode(database.parent) == 0o755
    assert [record.levelname for record in caplog.records] == ["WARNING", "WARNING"]
    assert "its mode is now 0600" in caplog.text
    assert "make it 0700" in caplog.text


def loosen(database: Path) -> None:
    database.parent.mkdir()
    database.parent.chmod(0o755)
    database.touch()
    database.chmod(0o644)


async def test_a_backup_made_while_writing_is_consistent_and_private(
    store: SqliteStore, tmp_path: Path
) -> None:
    def both(tx: Transaction, number: int) -> None:
        tx.kv.put("test", "left", number)
        tx.kv.put("test", "right", number)
        tx.kv.put("test", f"padding{number}", "x" * 20_000)

    async def write() -> None:
        for number in range(60):
            await store.write(SYSTEM, lambda tx, number=number: both(tx, number))

    await store.write(SYSTEM, lambda tx: both(tx, -1))
    writing = asyncio.create_task(write())
    for number in range(3):
        await store.backup(tmp_path / f"copy{number}.db")
    await writing
    for number in range(3):
        left, right = values(tmp_path / f"copy{number}.db")
        assert left == right
        assert mode(tmp_path / f"copy{number}.db") == 0o600
    assert not list(tmp_path.glob("*.partial*"))


def values(copy: Path) -> list[str]:
    connection = sqlite3.connect(copy)
    assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    found = connection.execute(
        "SELECT value FROM key_values WHERE key IN ('left', 'right') ORDER BY key"
    ).fetchall()
    connection.close()
    return [row[0] for row in found]


async def test_a_backup_replaces_nothing(store: SqliteStore, tmp_path: Path) -> None:
    await store.backup(tmp_path / "copy.db")
    with pytest.raises(BadRequest, match="exists already"):
        await store.backup(tmp_path / "copy.db")


def test_the_last_copies_before_migrations_are_kept(tmp_path: Path) -> None:
    source = tmp_path / "journiv.db"
    sqlite3.connect(source).close()
    made = [
        copy_before_migration(source, "0001", datetime(2026, 1, day, tzinfo=UTC))
        for day in range(1, KEPT + 3)
    ]
    assert sorted(tmp_path.glob("journiv.db.before-*")) == made[-KEPT:]


def test_copying_a_file_that_is_gone_makes_none(tmp_path: Path) -> None:
    with pytest.raises(BadRequest, match="no database"):
        copy_database(tmp_path / "gone.db", tmp_path / "copy.db")
    assert list(tmp_path.iterdir()) == []
