"""The tables of the search index: made, filled and checked as a whole."""

from __future__ import annotations

from itertools import groupby
from typing import Final

from sqlalchemy import Connection, select, text
from sqlalchemy.exc import DatabaseError

from journiv.domain.text import fold
from journiv.sqlstore.tables import moments

VERSION: Final = 1
_RANGE_BITS: Final = 32
_CHUNK: Final = 500

_TABLES: Final = (
    "CREATE TABLE entry_search_meta (version INTEGER NOT NULL)",
    "CREATE TABLE entry_search_users (number INTEGER PRIMARY KEY, user_id TEXT NOT NULL UNIQUE)",
    "CREATE TABLE entry_search (rid INTEGER PRIMARY KEY, user_id TEXT NOT NULL,"
    " entry_id TEXT NOT NULL, folded TEXT NOT NULL, UNIQUE (user_id, entry_id))",
    "CREATE VIRTUAL TABLE entry_search_fts USING fts5(folded, content='entry_search',"
    " content_rowid='rid', tokenize='trigram case_sensitive 1', detail=none)",
)
_NAMES: Final = ("entry_search_fts", "entry_search", "entry_search_users", "entry_search_meta")
_HAS_META: Final = text("SELECT 1 FROM sqlite_master WHERE name = 'entry_search_meta'")
_VERSION: Final = text("SELECT version FROM entry_search_meta")
_SET_VERSION: Final = text("INSERT INTO entry_search_meta (version) VALUES (:version)")
_ADD_USER: Final = text("INSERT INTO entry_search_users (user_id) VALUES (:user_id)")
_ADD: Final = text(
    "INSERT INTO entry_search (rid, user_id, entry_id, folded)"
    " VALUES (:rid, :user_id, :entry_id, :folded)"
)
_FILL: Final = text("INSERT INTO entry_search_fts (entry_search_fts) VALUES ('rebuild')")
_CHECK: Final = text(
    "INSERT INTO entry_search_fts (entry_search_fts, rank) VALUES ('integrity-check', 1)"
)
_GONE: Final = text(
    "SELECT user_id, entry_id FROM entry_search s WHERE NOT EXISTS (SELECT 1 FROM moments m"
    " WHERE m.user_id = s.user_id AND m.id = s.entry_id AND m.status = 'entry')"
)
_ENTRIES: Final = (
    select(moments.c.user_id, moments.c.id, moments.c.title, moments.c.content)
    .where(moments.c.status == "entry")
    .order_by(moments.c.user_id, moments.c.id)
    .execution_options(yield_per=_CHUNK)
)
_STORED: Final = text(
    "SELECT folded FROM entry_search WHERE user_id = :user_id AND entry_id = :entry_id"
)


def rid_range(number: int) -> tuple[int, int]:
    """Return the first and the last row number of an account."""
    return number << _RANGE_BITS, (number + 1 << _RANGE_BITS) - 1


def stored_version(connection: Connection) -> int | None:
    """Return the version of the index in the file, or None without one."""
    if connection.execute(_HAS_META).first() is None:
        return None
    return connection.execute(_VERSION).scalar()


def rebuild(connection: Connection) -> None:
    """Make the index anew from the moments of every account."""
    for name in _NAMES:
        connection.execute(text(f"DROP TABLE IF EXISTS {name}"))
    for statement in _TABLES:
        connection.execute(text(statement))
    rows = connection.execute(_ENTRIES)
    for user_id, entries in groupby(rows, key=lambda row: str(row.user_id)):
        number = connection.execute(_ADD_USER, {"user_id": user_id}).lastrowid
        first, _ = rid_range(number)
        for offset, row in enumerate(entries):
            values = {"rid": first + offset, "user_id": user_id}
            connection.execute(
                _ADD, {**values, "entry_id": row.id, "folded": _folded(row.title, row.content)}
            )
    connection.execute(_FILL)
    connection.execute(_SET_VERSION, {"version": VERSION})


def drift(connection: Connection) -> list[str]:
    """Return what differs between the index and the moments, a sentence each."""
    found = [
        f"Search finds entry {entry_id} of {user_id}, which is not there."
        for user_id, entry_id in connection.execute(_GONE)
    ]
    for row in connection.execute(_ENTRIES):
        key = {"user_id": row.user_id, "entry_id": row.id}
        if connection.execute(_STORED, key).scalar() != _folded(row.title, row.content):
            found.append(f"Search knows another text of entry {row.id} of {row.user_id}.")
    try:
        connection.execute(_CHECK)
    except DatabaseError:
        found.append("The trigrams of the search index differ from its texts.")
    return found


def _folded(title: str | None, content: str | None) -> str:
    return f"{fold(title or '')}\n{fold(content or '')}"
