"""The tables of the search index: made, filled and checked as a whole."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import Any, Final

from sqlalchemy import Connection, Row, select, text
from sqlalchemy.exc import DatabaseError

from journiv.domain.text import fold
from journiv.sqlstore.tables import moments
from journiv_store_sqlite.search_layout import minute_of, minute_span, spare_span

VERSION: Final = 3
PADDING: Final = "\x1f\x1f"
"""Ends every text, so that its last letters begin a trigram too."""

_CHUNK: Final = 500
_TABLES: Final = (
    "CREATE TABLE entry_search_meta (version INTEGER NOT NULL)",
    "CREATE TABLE entry_search_users (number INTEGER PRIMARY KEY, user_id TEXT NOT NULL UNIQUE)",
    "CREATE TABLE entry_search (rid INTEGER PRIMARY KEY, user_id TEXT NOT NULL,"
    " entry_id TEXT NOT NULL, folded TEXT NOT NULL, UNIQUE (user_id, entry_id))",
    "CREATE VIRTUAL TABLE entry_search_fts USING fts5(folded, content='entry_search',"
    " content_rowid='rid', tokenize='trigram case_sensitive 1', detail=none, columnsize=0)",
    "CREATE VIRTUAL TABLE entry_search_terms USING fts5vocab(entry_search_fts, row)",
)
_NAMES: Final = (
    "entry_search_terms",
    "entry_search_fts",
    "entry_search",
    "entry_search_users",
    "entry_search_meta",
)
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
    select(moments.c.user_id, moments.c.id, moments.c.at, moments.c.title, moments.c.content)
    .where(moments.c.status == "entry")
    .order_by(moments.c.user_id, moments.c.at, moments.c.id)
    .execution_options(yield_per=_CHUNK)
)
_STORED: Final = text(
    "SELECT s.rid, s.folded, u.number FROM entry_search s JOIN entry_search_users u USING (user_id)"
    " WHERE s.user_id = :user_id AND s.entry_id = :entry_id"
)


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
    entries = connection.execute(_ENTRIES)
    for user_id, rows in groupby(entries, key=lambda row: str(row.user_id)):
        account = connection.execute(_ADD_USER, {"user_id": user_id}).lastrowid
        for rid, row in _numbered(account, rows):
            folded = padded(fold(row.title or ""), fold(row.content or ""))
            values = {"rid": rid, "user_id": user_id, "entry_id": row.id, "folded": folded}
            connection.execute(_ADD, values)
    connection.execute(_FILL)
    connection.execute(_SET_VERSION, {"version": VERSION})


def padded(*folded: str) -> str:
    """Return a folded text as the index keeps it."""
    return "\n".join(folded) + PADDING


def drift(connection: Connection) -> list[str]:
    """Return what differs between the index and the moments, a sentence each."""
    found = [
        f"Search finds entry {entry_id} of {user_id}, which is not there."
        for user_id, entry_id in connection.execute(_GONE)
    ]
    for entry in connection.execute(_ENTRIES):
        key = {"user_id": entry.user_id, "entry_id": entry.id}
        if not _same(connection.execute(_STORED, key).first(), entry):
            found.append(f"Search does not know entry {entry.id} of {entry.user_id} as it is.")
    try:
        connection.execute(_CHECK)
    except DatabaseError:
        found.append("The trigrams of the search index differ from its texts.")
    return found


def _same(stored: Row[Any] | None, entry: Any) -> bool:
    if stored is None:
        return False
    spans = (minute_span(stored.number, minute_of(entry.at)), spare_span(stored.number))
    return any(first <= stored.rid <= last for first, last in spans) and (
        stored.folded == padded(fold(entry.title or ""), fold(entry.content or ""))
    )


def _numbered(account: int, rows: Iterable[Any]) -> Iterator[tuple[int, Any]]:
    spare, _ = spare_span(account)
    for minute, entries in groupby(rows, key=lambda row: minute_of(row.at)):
        rid, last = minute_span(account, minute)
        for entry in entries:
            if rid <= last:
                yield rid, entry
                rid += 1
            else:
                yield spare, entry
                spare += 1
