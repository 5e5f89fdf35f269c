"""Putting another file in the place of the database, while nobody has it open."""

from __future__ import annotations

import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import Final

from journiv.domain.errors import Conflict, Unavailable
from journiv_store_sqlite.copies import flush

IN_USE: Final = (
    "{path} is open in a server or another program, so nothing was changed. Stop it first."
)
_BESIDE: Final = ("-wal", "-shm")


def refuse_open(path: Path) -> None:
    """Raise `Conflict` when another connection has the database open."""
    with _alone(path):
        return


def switch(path: Path, fresh: Path, kept: Path) -> None:
    """Put `fresh` in the place of `path` by one rename; what was there is `kept` from then on.

    Raises `Conflict` as `refuse_open` does.
    """
    with _alone(fresh):
        flush(fresh)
    with _alone(path):
        _keep(path, kept)
        # Whoever opens it now waits for this connection, then finds the new file.
        try:
            fresh.replace(path)
        except OSError as error:
            raise Unavailable(f"{path} was not replaced: {error.strerror}.") from error
        flush(path.parent)


@contextmanager
def _alone(path: Path) -> Iterator[None]:
    """Have the database to oneself: its log is written back and gone, and the file is complete."""
    if not path.exists():
        raise Conflict(f"There is no database at {path} that could be replaced.")
    with closing(sqlite3.connect(path, isolation_level=None, timeout=0.5)) as connection:
        try:
            connection.execute("PRAGMA journal_mode=DELETE")
            connection.execute("BEGIN EXCLUSIVE")
        except sqlite3.OperationalError as error:
            raise Conflict(IN_USE.format(path=path)) from error
        for suffix in _BESIDE:
            path.with_name(path.name + suffix).unlink(missing_ok=True)
        yield
        with suppress(sqlite3.Error):
            connection.execute("ROLLBACK")


def _keep(path: Path, kept: Path) -> None:
    try:
        os.link(path, kept)
    except OSError:  # a file system without hard links
        shutil.copyfile(path, kept)
        kept.chmod(0o600)
        flush(kept)
    flush(kept.parent)
