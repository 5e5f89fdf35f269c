from __future__ import annotations

import logging
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from alembic.config import Config
from alembic.script import ScriptDirectory

from journiv.contracts.storage import Store
from journiv.domain.clock import SystemClock
from journiv.domain.errors import ConfigError
from journiv.sqlstore import migrate
from journiv_store_sqlite import search_index
from journiv_store_sqlite.connections import Tuning, engine_for, open_handle
from journiv_store_sqlite.store import SqliteStore

HEAD = migrate.REVISIONS[-1]
NOON = "2026-01-01T12:00:00.000000Z"
NEXT = """
from alembic import op
from sqlalchemy import Column, String

revision = "9000"
down_revision = "HEAD"


def upgrade():
    with op.batch_alter_table("users", recreate="always") as batch:
        batch.add_column(Column("pronoun", String(20)))
""".replace("HEAD", migrate.REVISIONS[-1])
COLUMNS = (
    "user_id, daily_prompt_enabled, time_zone, push_notifications, reminder_time,"
    " writing_goal_daily, theme, start_of_week_day, time_format, created_at, updated_at"
)
BROKEN = NEXT.replace("with op", 'op.execute("DELETE FROM users")\n    with op')


def open_at(path: Path) -> SqliteStore:
    return SqliteStore(path, SystemClock(), logging.getLogger("journiv.tests"), Tuning())


def execute(path: Path, *statements: str) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(path)) as connection, connection:
        rows = [connection.execute(statement).fetchall() for statement in statements]
    return rows[-1]


@pytest.fixture
async def old(database: Path) -> Path:
    """A database of this release with an account and its preferences."""
    await _with_a_person(database)
    return database


async def _with_a_person(database: Path) -> None:
    async with open_at(database) as store:
        await store.migrate()
    person = f"'u', 'a@example.org', NULL, 'user', 1, NULL, NULL, 1, '{NOON}', '{NOON}'"
    preferences = f"'u', 1, 'UTC', 1, NULL, 1, 'light', 1, '24h', '{NOON}', '{NOON}'"
    execute(
        database,
        f"INSERT INTO users VALUES ({person})",
        f"INSERT INTO settings ({COLUMNS}) VALUES ({preferences})",
    )


@pytest.fixture
def next_release(old: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A history with one more revision than `old` has; the test may write its file anew."""
    history = tmp_path / "history"
    shutil.copytree(migrate._HERE, history, ignore=shutil.ignore_patterns("__pycache__"))
    (history / "versions" / "9000_next.py").write_text(NEXT)
    with monkeypatch.context() as patch:
        patch.setattr(migrate, "_HERE", history)
        patch.setattr(migrate, "REVISIONS", (*migrate.REVISIONS, "9000"))
        yield history / "versions" / "9000_next.py"


def test_the_history_is_one_line_and_is_the_one_named_in_the_code() -> None:
    config = Config()
    config.set_main_option("script_location", str(migrate._HERE))
    config.set_main_option("path_separator", "os")
    history = ScriptDirectory.from_config(config)
    found = [script.revision for script in history.walk_revisions()]
    assert history.get_heads() == [migrate.REVISIONS[-1]]
    assert tuple(reversed(found)) == migrate.REVISIONS


async def test_the_history_makes_the_tables_that_the_code_describes(
    store: Store, database: Path
) -> None:
    engine = engine_for(database)
    handle = open_handle(engine, Tuning())
    differences = migrate.drift(handle.connection)
    handle.raw.execute("ALTER TABLE users ADD COLUMN surplus TEXT")
    planted = migrate.drift(handle.connection)
    handle.close()
    assert differences == []
    assert len(planted) == 1


async def test_a_new_database_is_of_no_revision_until_it_is_migrated(database: Path) -> None:
    async with open_at(database) as store:
        status = await store.schema_status()
        assert (status.current, status.compatible, status.up_to_date) == (None, True, False)
        assert (await store.migrate()).up_to_date
        assert (await store.migrate()).up_to_date
    assert execute(database, "SELECT count(*) FROM installation") == [(1,)]


async def test_a_database_of_the_first_release_keeps_its_rows(
    database: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    history = tmp_path / "first"
    shutil.copytree(
        migrate._HERE, history, ignore=shutil.ignore_patterns("__pycache__", "000[2-9]*")
    )
    with monkeypatch.context() as patch:
        patch.setattr(migrate, "_HERE", history)
        patch.setattr(migrate, "REVISIONS", ("0001",))
        await _with_a_person(database)
    async with open_at(database) as store:
        assert (await store.schema_status()).current == "0001"
        assert (await store.migrate()).up_to_date
        assert await store.check() == []
    assert execute(database, "SELECT id FROM users") == [("u",)]
    assert execute(database, "SELECT count(*) FROM settings") == [(1,)]
    assert execute(database, "SELECT count(*) FROM access_tokens") == [(0,)]


@pytest.mark.usefixtures("next_release")
async def test_a_migration_keeps_the_rows_of_child_tables_and_copies_first(old: Path) -> None:
    async with open_at(old) as store:
        assert (await store.schema_status()).current == HEAD
        assert (await store.migrate()).current == "9000"
        assert await store.check() == []
    assert execute(old, "SELECT count(*) FROM settings WHERE user_id = 'u'") == [(1,)]
    assert execute(old, "SELECT pronoun FROM users") == [(None,)]
    (copy,) = old.parent.glob(f"journiv.db.before-*-from-{HEAD}")
    assert execute(copy, "SELECT version_num FROM alembic_version") == [(HEAD,)]
    assert execute(copy, "SELECT id FROM users") == [("u",)]


async def test_a_migration_that_would_lose_rows_is_undone(old: Path, next_release: Path) -> None:
    next_release.write_text(BROKEN)
    async with open_at(old) as store:
        with pytest.raises(Exception, match="The migration was undone"):
            await store.migrate()
        assert (await store.schema_status()).current == HEAD
    assert execute(old, "SELECT id FROM users") == [("u",)]


async def test_a_database_of_a_newer_release_is_refused_and_not_touched(old: Path) -> None:
    execute(
        old,
        "UPDATE alembic_version SET version_num = '0099'",
        "UPDATE installation SET opened_by = '7.1.0'",
    )
    async with open_at(old) as store:
        assert not (await store.schema_status()).compatible
        with pytest.raises(ConfigError, match=r"last opened by journiv 7\.1\.0.* schema 0099"):
            await store.migrate()
    assert execute(old, "SELECT version_num FROM alembic_version") == [("0099",)]


async def test_a_database_that_a_newer_release_no_longer_shares_is_refused(old: Path) -> None:
    execute(old, f"UPDATE installation SET schema_compat = {migrate.SCHEMA_COMPAT + 1}")
    async with open_at(old) as store:
        with pytest.raises(ConfigError, match="or restore the copy"):
            await store.migrate()


async def test_a_database_of_another_program_is_refused_and_not_touched(database: Path) -> None:
    database.parent.mkdir(mode=0o700)
    execute(database, "CREATE TABLE alembic_version (version_num TEXT)", "CREATE TABLE users (id)")
    async with open_at(database) as store:
        with pytest.raises(ConfigError, match="another program"):
            await store.migrate()
    tables = execute(database, "SELECT count(*) FROM sqlite_master")
    assert tables == [(2,)]


async def test_a_search_index_of_another_version_is_made_anew(old: Path) -> None:
    execute(old, "UPDATE entry_search_meta SET version = 0")
    async with open_at(old) as store:
        assert await store.check() == ["The search index is missing or of another version."]
        await store.migrate()
        assert await store.check() == []
    assert execute(old, "SELECT version FROM entry_search_meta") == [(search_index.VERSION,)]
