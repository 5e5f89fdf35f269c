"""Connections to the file: held for the store's whole life, transactions begun by hand."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from pathlib import Path
from typing import Final, cast

from sqlalchemy import Connection, Engine, create_engine
from sqlalchemy.pool import NullPool

_PRAGMAS: Final = (
    "journal_mode=WAL",
    "synchronous=FULL",
    "foreign_keys=ON",
    "trusted_schema=OFF",
    "cell_size_check=ON",
    "temp_store=MEMORY",
    "journal_size_limit=67108864",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Tuning:
    """Memory and patience of one connection.

    With `cell_size_check` a mapped page is checked at every use and not only when it is read, which
    makes reads a good third slower; so nothing is mapped unless asked for.
    """

    cache_mib: int = 16
    mmap_mib: int = 0
    busy_timeout_ms: int = 5000


@dataclass(frozen=True, slots=True)
class Handle:
    """One connection, as SQLAlchemy sees it and as the driver does.

    SQLAlchemy begins its own, empty transaction at the first statement and keeps it: with
    `isolation_level=None` the driver sends no BEGIN of its own, and ours go to `raw`.
    """

    connection: Connection
    raw: sqlite3.Connection

    def close(self) -> None:
        """Let go of the connection."""
        self.connection.close()


def engine_for(path: Path) -> Engine:
    """Make an engine whose connections share one cache of compiled statements.

    Its errors quote statements without the values, which may be a diary's text.
    """

    def connect() -> sqlite3.Connection:
        return sqlite3.connect(
            path, isolation_level=None, check_same_thread=False, cached_statements=256
        )

    return create_engine("sqlite://", creator=connect, poolclass=NullPool, hide_parameters=True)


def open_handle(engine: Engine, tuning: Tuning, *, read_only: bool = False) -> Handle:
    """Connect. A read-only connection refuses every statement that writes."""
    connection = engine.connect()
    raw = cast("sqlite3.Connection", connection.connection.driver_connection)
    try:
        raw.execute(f"PRAGMA busy_timeout={tuning.busy_timeout_ms}")
        for pragma in _PRAGMAS:
            raw.execute(f"PRAGMA {pragma}")
        raw.execute(f"PRAGMA cache_size={-1024 * tuning.cache_mib}")
        raw.execute(f"PRAGMA mmap_size={tuning.mmap_mib << 20}")
        if read_only:
            raw.execute("PRAGMA query_only=ON")
    except sqlite3.Error:
        connection.close()
        raise
    return Handle(connection, raw)
