"""What a server has stored, read past it: to find no secret there, and to make things old."""

from __future__ import annotations

import sqlite3
import subprocess
from contextlib import closing
from typing import Any

from devtools import programs
from tests.api.server import ServerProcess


def dump(server: ServerProcess) -> str:
    """Return everything that is stored, as SQL."""
    if server.database_url is not None:
        return _printed("pg_dump", "--inserts", server.database_url)
    with closing(_connected(server)) as connection:
        return "".join(connection.iterdump())


def run(server: ServerProcess, sql: str) -> list[tuple[Any, ...]]:
    """Run one statement; values come as text from PostgreSQL."""
    if server.database_url is not None:
        printed = _printed("psql", "-qAt", "-v", "ON_ERROR_STOP=1", "-c", sql, server.database_url)
        return [tuple(line.split("|")) for line in printed.splitlines()]
    with closing(_connected(server)) as connection, connection:
        return connection.execute(sql).fetchall()


def _connected(server: ServerProcess) -> sqlite3.Connection:
    [database] = server.folder.rglob("journiv.db")
    return sqlite3.connect(database)


def _printed(name: str, *arguments: str) -> str:
    program = programs.locate(programs.POSTGRES._replace(name=name))
    assert program is not None
    done = subprocess.run(
        [program, *arguments], capture_output=True, text=True, check=False, timeout=60
    )
    assert done.returncode == 0, done.stderr
    return done.stdout
