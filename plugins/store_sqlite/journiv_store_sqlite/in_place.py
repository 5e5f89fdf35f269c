"""Notices that the open database no longer is the one its name leads to."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Final, TypeAlias

from journiv.domain.errors import Unavailable

_Identity: TypeAlias = "tuple[int, int] | None"

GONE: Final = (
    "{path} was moved, deleted or replaced while it was open: nothing was changed. "
    "Put the file back or restart the server."
)


class InPlace:
    """The database file and its write-ahead log, as they were when the connection was new.

    A process goes on writing into a file that has lost its name, and loses all of it when it
    ends; SQLite looks for that only outside WAL mode (`SQLITE_READONLY_DBMOVED`). Make one after
    the first statement of a connection: by then the log exists.
    """

    def __init__(self, path: Path) -> None:
        self._path = str(path)
        self._log = f"{path}-wal"
        self._known = (_identity(self._path), _identity(self._log))

    def check(self) -> None:
        """Raise `Unavailable` when another file, or none, bears one of the names."""
        if (_identity(self._path), _identity(self._log)) != self._known:
            raise Unavailable(GONE.format(path=self._path))


def _identity(path: str) -> _Identity:
    try:
        found = os.stat(path)  # noqa: PTH116 - once in every commit: half the time of Path.stat
    except FileNotFoundError:
        return None
    return found.st_dev, found.st_ino
