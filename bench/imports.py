"""The speed of `journiv import`, beside a bare sqlite3 loop that fills the same tables."""

from __future__ import annotations

import gzip
import json
import os
import sqlite3
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any, Final

from bench.client import PERSON, Client
from bench.datasets import DATABASE
from bench.processes import ROOT, SETTINGS, journiv
from journiv.domain.ids import new_id
from journiv.domain.text import fold

DIARY: Final = ROOT / "tests" / "data" / "pepys.ndjson.gz"
BATCH: Final = 200
_PRAGMAS: Final = ("journal_mode=WAL", "synchronous=FULL", "cache_size=-16384")
_MOMENT: Final = """
    INSERT INTO moments (user_id, id, status, at, zone, day, is_pinned, is_draft, version,
      word_count, importer, ref, created_at, updated_at, title, content)
    VALUES (?, ?, 'entry', ?, 'Europe/London', ?, 0, 0, 1, ?, 'ndjson', ?, ?, ?, ?, ?)
"""
_FOLDED: Final = "INSERT INTO entry_search (rid, user_id, entry_id, folded) VALUES (?, ?, ?, ?)"
_WORDS: Final = "INSERT INTO entry_search_fts (rowid, folded) VALUES (?, ?)"


@dataclass(frozen=True, slots=True)
class Speed:
    """Seconds for the whole diary, and how fast the import is as a share of the bare loop."""

    imported: float
    bare: float
    share: float


def measure(rounds: int) -> Speed:
    """Import the diary and fill the same tables by hand, in turn, each into a fresh database."""
    imported, bare = [], []
    for _ in range(rounds):
        with tempfile.TemporaryDirectory() as folder:
            imported.append(_import(fresh(Path(folder) / "import")))
            bare.append(_timed_loop(fresh(Path(folder) / "bare")))
    shares = [loop / whole for whole, loop in zip(imported, bare, strict=True)]
    return Speed(median(imported), median(bare), median(shares))


def fresh(folder: Path) -> Path:
    """Make a database with the schema and one account."""
    with journiv(folder) as server:
        Client(server).register()
    return folder


def _import(folder: Path) -> float:
    command = [
        sys.executable, "-m", "journiv", "import", str(DIARY), "--format", "ndjson",
        "--user", PERSON["email"], "--journal", "Diary", "--zone", "Europe/London",
    ]  # fmt: skip
    environment = {"PATH": os.environ["PATH"], "JOURNIV_DATA": str(folder), **SETTINGS}
    began = time.perf_counter()
    subprocess.run(command, env=environment, check=True, capture_output=True, cwd=ROOT)
    return time.perf_counter() - began


def _timed_loop(folder: Path) -> float:
    command = [sys.executable, "-m", "bench.imports", str(folder / DATABASE)]
    began = time.perf_counter()
    subprocess.run(command, check=True, cwd=ROOT)
    return time.perf_counter() - began


def loop(database: Path) -> None:
    """Fill the text and the search index as fast as Python's sqlite3 goes."""
    connection = sqlite3.connect(database, isolation_level=None)
    for pragma in _PRAGMAS:
        connection.execute(f"PRAGMA {pragma}")
    (user_id,) = connection.execute("SELECT id FROM users").fetchone()
    connection.execute("BEGIN")
    with gzip.open(DIARY) as file:
        for number, line in enumerate(file, 1):
            _add(connection, user_id, number, json.loads(line))
            if number % BATCH == 0:
                connection.execute("COMMIT")
                connection.execute("BEGIN")
    connection.execute("COMMIT")
    connection.close()


def _add(connection: sqlite3.Connection, user_id: str, number: int, line: dict[str, Any]) -> None:
    entry_id, title, text = new_id(), line["title"], line["text"]
    at = f"{line['date']}T12:01:15.000000Z"
    folded = f"{fold(title)}\n{fold(text)}"
    words = len(text.split())
    connection.execute(
        _MOMENT, (user_id, entry_id, at, line["date"], words, line["ref"], at, at, title, text)
    )
    connection.execute(_FOLDED, (number, user_id, entry_id, folded))
    connection.execute(_WORDS, (number, folded))


if __name__ == "__main__":
    loop(Path(sys.argv[1]))
