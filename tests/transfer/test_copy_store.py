"""`journiv copy-store`: all of a store in another one, or a sentence and no copy."""

from __future__ import annotations

import asyncio
import contextlib
import os
import pty
import re
import shutil
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from functools import partial
from pathlib import Path

import pytest

from journiv.contracts.storage import Store, Transaction
from journiv.domain.clock import SystemClock, instant
from journiv.domain.errors import Conflict, NotSupported
from journiv.domain.ids import new_id
from journiv.domain.scope import SYSTEM, UserScope
from journiv.services.transfer.copying import CopyReport, StoreCopy
from tests.conftest import sqlite_store
from tests.ports import free_port

Journiv = Callable[..., subprocess.CompletedProcess[str]]
DiaryFile = Callable[..., Path]
HOW = ("--format", "ndjson", "--user", "pepys@example.org", "--journal", "Diary")
SAME = "tables copied; the copy is the same.\n"


@pytest.fixture
def diary(journiv: Journiv, user: UserScope, diary_file: DiaryFile) -> None:
    """Forty entries in the store of the `store` fixture."""
    records = [
        {"ref": f"r{number}", "date": "1660-01-11", "text": f"Up betimes, {number}.", "tags": ["a"]}
        for number in range(40)
    ]
    assert journiv("import", diary_file(*records), *HOW).returncode == 0


@pytest.fixture
def target(tmp_path: Path) -> Path:
    """Where the copy is going to be."""
    return tmp_path / "copy" / "journiv.db"


def copy(journiv: Journiv, target: Path, *more: str) -> subprocess.CompletedProcess[str]:
    return journiv("copy-store", "--to", f"sqlite:///{target}", *more)


def rows(path: Path, sql: str) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("PRAGMA foreign_keys=ON")
        return connection.execute(sql).fetchall()


@pytest.mark.usefixtures("diary")
def test_a_copy_has_every_row_and_finds_by_every_word(
    journiv: Journiv, database: Path, target: Path
) -> None:
    done = copy(journiv, target)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.endswith(SAME)
    for table in ("users", "journals", "moments", "tags", "entry_tags", "day_stats", "moods"):
        every = f"SELECT * FROM {table} ORDER BY 1, 2"
        assert rows(database, every) == rows(target, every), table
    about = "SELECT * FROM installation"
    assert rows(database, about) == rows(target, about)
    assert rows(target, "SELECT count(*) FROM entry_search") == [(40,)]


@pytest.mark.usefixtures("diary")
def test_a_finished_copy_is_never_written_to_again(journiv: Journiv, target: Path) -> None:
    copy(journiv, target)
    before = rows(target, "SELECT * FROM moments")
    for more in ((), ("--restart",)):
        again = copy(journiv, target, *more)
        assert again.returncode == 1
        assert again.stderr == (
            "journiv: The target is not empty, so nothing was copied. Name an empty one.\n"
        )
    assert rows(target, "SELECT * FROM moments") == before


@pytest.mark.usefixtures("diary")
def test_a_killed_copy_is_opened_by_nobody_and_goes_on_where_it_was(
    journiv: Journiv, database: Path, target: Path
) -> None:
    killed = subprocess.run(
        [sys.executable, "-m", "tests.transfer.killed", database, target, "20"],
        timeout=60,
        capture_output=True,
    )
    assert killed.returncode == -signal.SIGKILL, killed.stderr
    held = rows(target, "SELECT rowid, * FROM moments")
    assert 0 < len(held) < 40

    for mode in ("auto", "manual"):
        location = {"DATABASE_URL": f"sqlite:///{target}", "JOURNIV_MIGRATE": mode}
        refused = journiv("verify", **location)
        assert refused.returncode == 78
        assert "a copy of another one that is not finished" in refused.stderr

    done = copy(journiv, target)
    assert (done.returncode, done.stderr) == (0, "")
    assert [row for row in rows(target, "SELECT rowid, * FROM moments") if row in held] == held
    checked = journiv("verify", DATABASE_URL=f"sqlite:///{target}")
    assert checked.stdout == "Everything agrees; accounts: 1.\n"


@pytest.mark.usefixtures("diary")
@pytest.mark.parametrize(
    ("change", "difference"),
    [
        (
            "UPDATE moments SET title = 'Other' WHERE ref = 'r7'",
            "moments has other content than in the copy.",
        ),
        ("DELETE FROM moments WHERE ref = 'r7'", "moments has 39 rows, and 40 in the copy."),
    ],
)
async def test_a_source_that_changes_meanwhile_is_told_and_nothing_is_finished(
    journiv: Journiv, store: Store, database: Path, target: Path, change: str, difference: str
) -> None:
    async with sqlite_store(target) as other:
        await other.migrate()
        report = await StoreCopy(store, other).run(
            progress=lambda done: rows(database, change) and None
        )
    assert difference in report.differences
    unfinished = copy(journiv, target)
    assert unfinished.returncode == 1
    assert difference in unfinished.stderr.splitlines()
    assert "--restart" in unfinished.stderr
    assert copy(journiv, target, "--restart").stdout.endswith(SAME)


@pytest.mark.usefixtures("diary")
async def test_of_two_copies_at_once_one_is_told_and_the_other_finishes(
    store: Store, target: Path
) -> None:
    async with sqlite_store(target) as other:
        await other.migrate()
        both = await asyncio.gather(
            StoreCopy(store, other).run(), StoreCopy(store, other).run(), return_exceptions=True
        )
    told, finished = sorted(both, key=lambda one: isinstance(one, CopyReport))
    assert isinstance(told, Conflict)
    assert isinstance(finished, CopyReport)
    assert finished.differences == ()


@pytest.mark.usefixtures("diary")
def test_a_terminal_shows_how_far_it_is(user: UserScope, database: Path, target: Path) -> None:
    ours, theirs = pty.openpty()
    environment = {
        "PATH": os.environ["PATH"], "TERM": "xterm", "COLUMNS": "100", "ENVIRONMENT": "test",
        "JOURNIV_DATA": str(database.parent), "SECRET_KEY": "0123456789abcdefghijklmnopqrstuv",
    }  # fmt: skip
    command = [sys.executable, "-m", "journiv", "copy-store", "--to", f"sqlite:///{target}"]
    copying = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=theirs)
    os.close(theirs)
    shown = b""
    with contextlib.suppress(OSError):  # how a terminal ends
        while read := os.read(ours, 4096):
            shown += read
    os.close(ours)
    assert copying.communicate(timeout=60)[0].decode().endswith(SAME)
    assert b"Copying" in shown
    assert b"comparing" in shown
    counts = re.findall(rb"(\d+)/(\d+)", shown)
    assert counts[-1][0] == counts[-1][1] != b"0"


async def test_an_unfinished_copy_of_another_store_is_left_alone(
    store: Store, migrated: Path, target: Path, tmp_path: Path
) -> None:
    shutil.copy(migrated, tmp_path / "third.db")
    async with sqlite_store(target) as other, sqlite_store(tmp_path / "third.db") as third:
        await other.migrate()
        await other.copying().begin(new_id())
        for source in (store, third):
            identity, now = new_id(), instant(SystemClock().now())
            await source.write(SYSTEM, partial(_claim, identity, now))
            with pytest.raises(Conflict, match="unfinished copy of another store"):
                await StoreCopy(source, other).run()
        report = await StoreCopy(store, other).run(restart=True)
    assert report.differences == ()


def _claim(identity: str, now: str, tx: Transaction) -> None:
    tx.installation.claim(identity, now)


@pytest.mark.parametrize(
    ("url", "code", "sentence"),
    [
        ("mysql://localhost/x", 78, "DATABASE_URL starts with 'mysql:'"),
        ("sqlite://journiv.db", 78, "DATABASE_URL must name a file"),
        ("postgresql://pepys:hidden@127.0.0.1:{port}/x", 78, "127.0.0.1:{port} as pepys"),
    ],
)
def test_a_wrong_target_is_one_sentence_without_a_password(
    journiv: Journiv, user: UserScope, url: str, code: int, sentence: str
) -> None:
    port = free_port()
    done = journiv("copy-store", "--to", url.format(port=port), STARTUP_TIMEOUT="1")
    assert done.returncode == code, done.stderr
    assert sentence.format(port=port) in done.stderr
    assert "hidden" not in done.stderr
    assert "Traceback" not in done.stderr


def test_a_store_is_not_copied_onto_itself(
    journiv: Journiv, user: UserScope, database: Path
) -> None:
    done = copy(journiv, database)
    assert done.stderr == "journiv: Source and target are the same database.\n"
    assert done.returncode == 1


def test_a_target_with_a_newer_schema_is_left_alone(
    journiv: Journiv, user: UserScope, migrated: Path, target: Path
) -> None:
    target.parent.mkdir()
    shutil.copy(migrated, target)
    rows(target, "UPDATE alembic_version SET version_num = '9999'")
    done = copy(journiv, target)
    assert done.returncode == 78
    assert "has schema 9999" in done.stderr
    assert rows(target, "SELECT count(*) FROM users") == [(0,)]


def test_the_target_can_stand_in_a_file(
    journiv: Journiv, user: UserScope, target: Path, tmp_path: Path
) -> None:
    file = tmp_path / "url"
    file.write_text(f"sqlite:///{target}\n")
    assert journiv("copy-store", "--to-file", file).stdout.endswith(SAME)
    missing = journiv("copy-store", "--to-file", tmp_path / "none")
    assert missing.stderr == f"journiv: {tmp_path / 'none'} cannot be read.\n"


def test_a_store_without_tables_says_so(store: Store) -> None:
    with pytest.raises(NotSupported, match="cannot be copied"):
        Store.copying(store)
