from __future__ import annotations

import json
import sqlite3
import stat
import subprocess
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

Journiv = Callable[..., subprocess.CompletedProcess[str]]
NOON = "2026-01-01T12:00:00.000000Z"


@pytest.fixture
def database(tmp_path: Path, journiv: Journiv) -> Path:
    """A database with one account and one journal entry that nothing was counted of."""
    assert journiv("migrate").returncode == 0
    path = tmp_path / "data" / "journiv.db"
    stamps = {"created_at": NOON, "updated_at": NOON}
    account = {"id": "u", "email": "a@example.org", "role": "user", "is_active": 1}
    moment = {"user_id": "u", "id": "e", "status": "entry", "at": NOON, "zone": "UTC"}
    texts = {"day": "2026-01-01", "title": "Light", "content": "one two", "word_count": 2}
    flags = {"is_pinned": 0, "is_draft": 0, "version": 1}
    preferences = {
        "daily_prompt_enabled": 1,
        "time_zone": "UTC",
        "push_notifications": 1,
        "writing_goal_daily": 0,
        "theme": "light",
        "start_of_week_day": 0,
        "time_format": "24h",
        "keep_media_metadata": False,
    }
    insert(path, "users", {**account, "security_version": 1, **stamps})
    insert(path, "settings", {"user_id": "u", **preferences, **stamps})
    insert(path, "moments", {**moment, **texts, **flags, **stamps})
    return path


def insert(path: Path, table: str, row: dict[str, object]) -> None:
    names, marks = ", ".join(row), ", ".join("?" * len(row))
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute(f"INSERT INTO {table} ({names}) VALUES ({marks})", tuple(row.values()))


def test_drift_is_named_and_mended_by_rebuilding(database: Path, journiv: Journiv) -> None:
    found = journiv("verify")
    assert found.returncode == 1, found.stderr
    assert "Search does not know entry e of u as it is." in found.stdout
    assert "day_stats of account u" in found.stdout
    listed = json.loads(journiv("verify", "--json").stdout)
    assert listed["accounts"] == 1
    assert listed["files"] == ["Search does not know entry e of u as it is."]
    assert {"journal_stats", "streaks"} & {drift["table"] for drift in listed["counters"]}
    mended = journiv("verify", "--rebuild")
    assert (mended.returncode, mended.stdout) == (0, "Everything agrees; accounts: 1.\n")
    assert journiv("verify").returncode == 0


def test_a_backup_is_written_once_and_for_its_owner_alone(
    database: Path, journiv: Journiv, tmp_path: Path
) -> None:
    target = tmp_path / "copy.db"
    written = journiv("sqlite-backup", str(target))
    assert written.returncode == 0, written.stderr
    assert written.stdout.startswith(f"Wrote {target}, ")
    assert stat.S_IMODE(target.stat().st_mode) == 0o600
    with closing(sqlite3.connect(target)) as copy:
        assert copy.execute("SELECT content FROM moments").fetchall() == [("one two",)]
    again = journiv("sqlite-backup", str(target))
    assert (again.returncode, again.stderr) == (1, f"journiv: {target} exists already.\n")


def test_no_backup_is_made_of_nothing(journiv: Journiv, tmp_path: Path) -> None:
    refused = journiv("sqlite-backup", str(tmp_path / "copy.db"))
    assert refused.returncode == 1
    assert "There is no database at " in refused.stderr
    assert not (tmp_path / "copy.db").exists()
    assert not (tmp_path / "data" / "journiv.db").exists()
