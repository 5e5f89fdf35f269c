"""What SQLite's result codes mean to a caller (https://sqlite.org/rescode.html)."""

from __future__ import annotations

import errno
import sqlite3
from typing import Final

from journiv.domain.errors import Conflict, JournivError, StorageFull, Unavailable

_PRIMARY: Final = 0xFF
_CLOSED: Final = "Cannot operate on a closed database."


def domain_error(error: BaseException) -> JournivError | None:
    """Return the domain's error for one of the driver's, or None when it is not about the file."""
    if isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT):
        return StorageFull("The disk is full: nothing was changed.")
    if not isinstance(error, sqlite3.Error):
        return None
    code = getattr(error, "sqlite_errorcode", None)
    if code is None:
        return Unavailable("The database is closed.") if _CLOSED in str(error) else None
    match code & _PRIMARY:
        case sqlite3.SQLITE_FULL:
            return StorageFull("The disk is full: nothing was changed.")
        case sqlite3.SQLITE_CONSTRAINT:
            return Conflict("This clashes with what is stored.")
        case sqlite3.SQLITE_BUSY | sqlite3.SQLITE_LOCKED:
            return Unavailable("The database is busy.")
        case sqlite3.SQLITE_IOERR | sqlite3.SQLITE_CANTOPEN | sqlite3.SQLITE_READONLY:
            return Unavailable(f"The database cannot be used: {error}.")
        case sqlite3.SQLITE_CORRUPT | sqlite3.SQLITE_NOTADB:
            return Unavailable("The database file is damaged: restore a backup.")
    return None


def read_error(error: BaseException) -> BaseException | None:
    """Return what `domain_error` does; a write in a read transaction is the caller's mistake."""
    if getattr(error, "sqlite_errorcode", None) == sqlite3.SQLITE_READONLY:
        return RuntimeError("a unit of work wrote in a read transaction")
    return domain_error(error)


def cut_short(error: BaseException) -> bool:
    """Say whether a statement was stopped by its progress handler, or met a lock."""
    code = getattr(error, "sqlite_errorcode", None)
    return code is not None and code & _PRIMARY in (sqlite3.SQLITE_INTERRUPT, sqlite3.SQLITE_BUSY)
