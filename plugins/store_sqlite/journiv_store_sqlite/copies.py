"""Copies of a database in use, by SQLite's online backup."""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from datetime import datetime
from pathlib import Path
from typing import Final

from journiv.domain.errors import BadRequest

KEPT: Final = 3


def copy_database(source: Path, target: Path) -> None:
    """Write a consistent copy, mode 0600. Raises `BadRequest` when it would replace a file."""
    partial = target.with_name(target.name + ".partial")
    if not source.exists():
        raise BadRequest(f"There is no database at {source}.")
    if target.exists():
        raise BadRequest(f"{target} exists already.")
    partial.unlink(missing_ok=True)
    os.close(os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    try:
        with (
            closing(sqlite3.connect(source, isolation_level=None)) as reading,
            closing(sqlite3.connect(partial, isolation_level=None)) as writing,
        ):
            # In one step: between steps, a busy server would make it start again and again.
            reading.backup(writing)
            # A copy in WAL mode would need a file beside it as soon as somebody looks at it.
            writing.execute("PRAGMA journal_mode=DELETE")
        flush(partial)
        partial.rename(target)
    finally:
        partial.unlink(missing_ok=True)


def copy_before_migration(source: Path, revision: str, now: datetime) -> Path:
    """Copy the database beside itself and delete all but the last `KEPT` such copies."""
    stem = f"{source.name}.before-"
    target = source.with_name(f"{stem}{now:%Y%m%dT%H%M%S%f}-from-{revision}")
    copy_database(source, target)
    copies = sorted(source.parent.glob(f"{stem}*"))
    for old in copies[:-KEPT]:
        old.unlink()
    return target


def flush(file: Path) -> None:
    """See that a file, or the names in a folder, are on the disk."""
    descriptor = os.open(file, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
