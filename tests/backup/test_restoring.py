"""Restoring: backups of other releases, beside a journal, and from an object store."""

from __future__ import annotations

import logging
import os
import pty
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from journiv.builtin.filesystem_media import FilesystemMedia
from journiv.domain.clock import SystemClock
from journiv.domain.errors import BadRequest
from journiv.domain.scope import SYSTEM
from journiv.services.backup.backups import Backups, Locks
from journiv.services.backup.encryption import identity_in, locked_identity
from journiv.services.backup.target import Target
from journiv.sqlstore import migrate
from journiv_store_sqlite.connections import Tuning, engine_for, open_handle
from journiv_store_sqlite.store import SqliteStore
from tests.backup.test_backups import add_account, migrated
from tests.services.s3 import KEY_ID, SECRET, S3Server

SECRET_WORDS = "of man's first disobedience"
PERSON = "'u', 'a@example.org', NULL, 'user', 1, NULL, NULL, 1, '{0}', '{0}'".format(
    "2026-01-01T12:00:00.000000Z"
)
OLDER = migrate.REVISIONS[-2]


def store_at(folder: Path) -> SqliteStore:
    path = folder / "data" / "journiv.db"
    return SqliteStore(path, SystemClock(), logging.getLogger("journiv.tests"), Tuning())


def media_at(folder: Path) -> FilesystemMedia:
    return FilesystemMedia(f"file://{folder}/media")


def backups_at(folder: Path) -> Backups:
    target = Target(FilesystemMedia(f"file://{folder}/target"), folder / "scratch")
    return Backups(target, folder / "scratch", SystemClock(), "0", Locks())


def rows(path: Path, question: str) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(path)) as connection:
        return connection.execute(question).fetchall()


async def test_a_backup_of_the_release_before_becomes_one_of_this_release(tmp_path: Path) -> None:
    """The older release is its migrations and a layout without what came since."""
    old, new = tmp_path / "old", tmp_path / "new"
    with pytest.MonkeyPatch.context() as patch:
        before = migrate.REVISIONS[:-1]
        patch.setattr(migrate, "REVISIONS", before)
        async with store_at(old) as store:
            present = store.copying().layout
            columns = _columns_at(OLDER, tmp_path)
            layout = type(present)(
                f"journiv.sqlstore {OLDER}",
                {
                    name: tuple(one for one in known if one in columns[name])
                    for name, known in present.tables.items()
                    if name in columns
                },
                tuple(one for one in present.about if one in columns["installation"]),
            )
            await store.prepare(layout)
            with closing(sqlite3.connect(store.path)) as connection, connection:
                connection.execute(f"INSERT INTO users VALUES ({PERSON})")
            patch.setattr(store, "copying", lambda asked=None: SqliteStore.copying(store, layout))
            name, _ = await backups_at(tmp_path).create(store, media_at(old))
    async with store_at(new) as store:
        await backups_at(tmp_path).restore(name, store, media_at(new))
        assert (await store.schema_status()).up_to_date
        assert await store.check() == []
        assert await store.read(SYSTEM, lambda tx: tx.users.count()) == 1


def _columns_at(revision: str, folder: Path) -> dict[str, set[str]]:
    """Return what the tables of a revision have, made by its migrations alone."""
    path = folder / "columns.db"
    with closing(open_handle(engine_for(path), Tuning())) as handle:
        migrate.prepare(handle.connection, revision, "0")
        names = [row[0] for row in handle.raw.execute("SELECT name FROM sqlite_master")]
        return {
            name: {row[1] for row in handle.raw.execute(f"PRAGMA table_info({name})")}
            for name in names
        }


async def test_a_backup_of_a_later_release_is_refused_before_anything_is_touched(
    tmp_path: Path,
) -> None:
    old, new = tmp_path / "old", tmp_path / "new"
    async with store_at(old) as store:
        await store.migrate()
        layout = store.copying().layout
        later = type(layout)("journiv.sqlstore 9000", layout.tables, layout.about)
        copying = store.copying()
        copying.layout = later
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(store, "copying", lambda asked=None: copying)
            name, _ = await backups_at(tmp_path).create(store, media_at(old))
    async with store_at(new) as store:
        with pytest.raises(BadRequest, match="newer release"):
            await backups_at(tmp_path).restore(name, store, media_at(new))
        assert (await store.schema_status()).current is None
    assert not (new / "media").exists()


def test_a_restored_journal_takes_the_place_of_another_which_is_kept(tmp_path, journiv) -> None:
    place = migrated(journiv, tmp_path)
    data = tmp_path / "data"
    photograph = data / "media" / "u" / "photograph.jpg"
    photograph.parent.mkdir(parents=True)
    photograph.write_bytes(b"as it was")
    assert journiv("backup", "create", **place).returncode == 0
    add_account(journiv, place, tmp_path)
    photograph.write_bytes(b"rotten")
    later = photograph.with_name("later.jpg")
    later.write_bytes(b"later")
    assert journiv("backup", "restore", **place).returncode == 1
    done = journiv("backup", "restore", "--replace", **place)
    assert done.returncode == 0, done.stderr
    (kept,) = data.glob("before-restore-*")
    assert rows(data / "journiv.db", "SELECT * FROM users") == []
    assert len(rows(kept / "journiv.db", "SELECT * FROM users")) == 1
    assert photograph.read_bytes() == b"as it was"
    assert (kept / "media" / "u" / "photograph.jpg").read_bytes() == b"rotten"
    assert (kept / "media" / "u" / "later.jpg").read_bytes() == b"later"
    assert not [path for path in data.iterdir() if path.name.startswith("restoring")]


async def test_nothing_is_replaced_while_a_server_runs(tmp_path, serve, journiv) -> None:
    server = serve("old")
    assert journiv("backup", "create", **server.location).returncode == 0
    refused = journiv("backup", "restore", "--replace", **server.location)
    assert refused.returncode == 1
    assert "Stop it first" in refused.stderr
    assert server.get("/api/v1/instance/config")
    data = server.folder / "data"
    assert not [path for path in data.iterdir() if "restor" in path.name]


def test_on_postgresql_nothing_is_put_aside(tmp_path, journiv, postgres) -> None:
    place = {"JOURNIV_DATA": str(tmp_path / "data"), "DATABASE_URL": postgres.new_database()}
    assert journiv("migrate", **place).returncode == 0
    assert journiv("backup", "create", **place).returncode == 0
    refused = journiv("backup", "restore", "--replace", **place)
    assert refused.returncode == 1
    assert "Make an empty database" in refused.stderr


@pytest.fixture
def s3(tmp_path: Path) -> Iterator[S3Server]:
    server = S3Server(tmp_path)
    server.start()
    yield server
    server.stop()


def test_backups_live_in_a_bucket(tmp_path, journiv, s3) -> None:
    place = migrated(journiv, tmp_path) | {
        "BACKUP_TARGET": s3.url("backups"),
        "AWS_ACCESS_KEY_ID": KEY_ID,
        "AWS_SECRET_ACCESS_KEY": SECRET,
        "BACKUP_KEEP": "1",
    }
    for _ in range(2):
        made = journiv("backup", "create", **place)
        assert made.returncode == 0, made.stderr
    assert len(journiv("backup", "list", **place).stdout.splitlines()) == 2
    verified = journiv("backup", "verify", **place)
    assert verified.returncode == 0, verified.stderr
    assert journiv("backup", "prune", **place).returncode == 0
    (left,) = s3.files()
    elsewhere = place | {"JOURNIV_DATA": str(tmp_path / "new")}
    restored = journiv("backup", "restore", **elsewhere)
    assert restored.returncode == 0, restored.stderr
    assert Path(left).name in restored.stdout
    assert not [path for path in tmp_path.rglob("scratch/*") if path.is_dir()]


def test_the_stock_program_opens_the_key_of_a_passphrase(tmp_path: Path) -> None:
    recipient, locked = locked_identity(SECRET_WORDS)
    key = tmp_path / "backup.key"
    key.write_bytes(locked)
    opened = _typed(["age", "-d", "-o", str(tmp_path / "identity.txt"), str(key)], SECRET_WORDS)
    assert opened == 0
    identity = identity_in((tmp_path / "identity.txt").read_bytes(), None)
    assert str(identity.to_public()) == str(recipient)


def _typed(command: list[str], text: str) -> int:
    """Run a program that asks its terminal for something, and type that."""
    child, terminal = pty.fork()
    if child == 0:
        os.execvp(command[0], command)
    asked = b""
    while b":" not in asked:
        asked += os.read(terminal, 1000)
    os.write(terminal, text.encode() + b"\n")
    try:
        while os.read(terminal, 1000):
            pass
    except OSError:  # the terminal of an ended program
        os.close(terminal)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
