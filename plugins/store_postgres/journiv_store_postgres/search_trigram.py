"""Search by folded substrings: `LIKE` over one table, with a trigram index where it is allowed.

`entry_search` keeps folded text and instant of live entries. PostgreSQL chooses for each search
between walking a person's entries newest first (common words) and the trigram index (rare ones).
The index needs the extensions pg_trgm and btree_gin, which a database's owner may create
(PostgreSQL 13 and newer); without them every search walks, and gives the same answers.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from sqlalchemy import Connection, Row, text
from sqlalchemy.exc import DBAPIError

from journiv.contracts.records import EntryRecord
from journiv.contracts.repositories.entries import EntrySearch, Page
from journiv.domain.text import fold
from journiv.sqlstore.search import SearchIndex
from journiv_store_postgres import search_query
from journiv_store_postgres.errors import sqlstate

_TABLES: Final = (
    "DROP TABLE IF EXISTS entry_search, entry_search_meta",
    "CREATE TABLE entry_search_meta (version integer NOT NULL)",
    "CREATE TABLE entry_search (user_id uuid NOT NULL, entry_id uuid NOT NULL,"
    ' at timestamptz NOT NULL, folded text COLLATE "C" NOT NULL, PRIMARY KEY (user_id, entry_id))',
    "CREATE INDEX ix_entry_search_time ON entry_search (user_id, at DESC, entry_id DESC)",
)
_TRIGRAMS: Final = (
    "CREATE EXTENSION IF NOT EXISTS pg_trgm",
    "CREATE EXTENSION IF NOT EXISTS btree_gin",
    "CREATE INDEX ix_entry_search_trigrams ON entry_search USING gin"
    " (user_id, folded gin_trgm_ops) WITH (fastupdate = off)",
)
_VERSION: Final = text("SELECT version FROM entry_search_meta")
_SET_VERSION: Final = text("INSERT INTO entry_search_meta (version) VALUES (:version)")
_HAS_META: Final = text("SELECT to_regclass('entry_search_meta') IS NOT NULL")
_PUT: Final = text(
    "INSERT INTO entry_search (user_id, entry_id, at, folded)"
    " SELECT user_id, id, at, :folded FROM moments"
    " WHERE user_id = CAST(:user_id AS uuid) AND id = CAST(:entry_id AS uuid)"
    " ON CONFLICT (user_id, entry_id) DO UPDATE SET at = excluded.at, folded = excluded.folded"
)
_REMOVE: Final = text(
    "DELETE FROM entry_search WHERE user_id = CAST(:user_id AS uuid)"
    " AND entry_id = ANY (CAST(:entry_ids AS uuid[]))"
)
_REMOVE_USER: Final = text("DELETE FROM entry_search WHERE user_id = CAST(:user_id AS uuid)")
_ENTRIES: Final = text(
    "SELECT user_id, id, title, content FROM moments WHERE status = 'entry' AND (user_id, id) >"
    " (CAST(:user_id AS uuid), CAST(:entry_id AS uuid)) ORDER BY user_id, id LIMIT :chunk"
)
_DIFFERENT: Final = text(
    "SELECT m.user_id, m.id FROM moments m FULL JOIN entry_search s"
    " ON s.user_id = m.user_id AND s.entry_id = m.id"
    " WHERE (m.status = 'entry') IS DISTINCT FROM (s.entry_id IS NOT NULL) AND"
    " (m.status = 'entry' OR s.entry_id IS NOT NULL) OR s.at <> m.at"
)
_FOLDED: Final = text(
    "SELECT folded FROM entry_search WHERE user_id = CAST(:user_id AS uuid)"
    " AND entry_id = CAST(:entry_id AS uuid)"
)
_NOT_ALLOWED: Final = frozenset({"42501", "58P01", "0A000"})
"""No right to create the extension, not installed, not supported."""

_CHUNK: Final = 500
_FIRST: Final = "00000000-0000-0000-0000-000000000000"


class TrigramIndex(SearchIndex):
    """See `SearchIndex`."""

    version = 1

    def ready(self, connection: Connection) -> bool:
        """See `SearchIndex.ready`."""
        if not connection.execute(_HAS_META).scalar():
            return False
        return connection.execute(_VERSION).scalar() == self.version

    def rebuild(self, connection: Connection) -> None:
        """See `SearchIndex.rebuild`."""
        for statement in _TABLES:
            connection.execute(text(statement))
        for rows in _chunks(connection):
            connection.execute(_PUT, [
                {"user_id": row.user_id, "entry_id": row.id, "folded": _folded(row)}
                for row in rows
            ])  # fmt: skip
        _add_trigrams(connection)
        connection.execute(_SET_VERSION, {"version": self.version})

    def put(self, connection: Connection, user_id: str, entry_id: str, folded: str) -> None:
        """See `SearchIndex.put`."""
        row = {"user_id": user_id, "entry_id": entry_id, "folded": folded}
        connection.execute(_PUT, row)

    def put_new(self, connection: Connection, user_id: str, folded: Mapping[str, str]) -> None:
        """See `SearchIndex.put_new`."""
        rows = [
            {"user_id": user_id, "entry_id": entry_id, "folded": words}
            for entry_id, words in folded.items()
        ]
        if rows:
            connection.execute(_PUT, rows)

    def remove(self, connection: Connection, user_id: str, entry_ids: list[str]) -> None:
        """See `SearchIndex.remove`."""
        connection.execute(_REMOVE, {"user_id": user_id, "entry_ids": entry_ids})

    def remove_user(self, connection: Connection, user_id: str) -> None:
        """See `SearchIndex.remove_user`."""
        connection.execute(_REMOVE_USER, {"user_id": user_id})

    def find(
        self, connection: Connection, user_id: str, query: EntrySearch, page: Page
    ) -> list[EntryRecord]:
        """See `SearchIndex.find`."""
        return search_query.find(connection, user_id, query, page)

    def drift(self, connection: Connection) -> list[str]:
        """See `SearchIndex.drift`."""
        if not self.ready(connection):
            return ["The search index is missing or of another version."]
        found = [
            f"Search does not know entry {row.id} of {row.user_id} as it is."
            for row in connection.execute(_DIFFERENT)
        ]
        for rows in _chunks(connection):
            for row in rows:
                key = {"user_id": row.user_id, "entry_id": row.id}
                stored = connection.execute(_FOLDED, key).scalar()
                if stored is not None and stored != _folded(row):
                    found.append(f"Search finds other words in entry {row.id} of {row.user_id}.")
        return found


def _add_trigrams(connection: Connection) -> None:
    """Make the trigram index, unless this role may not have the extensions."""
    try:
        with connection.begin_nested():
            for statement in _TRIGRAMS:
                connection.execute(text(statement))
    except DBAPIError as error:
        if sqlstate(error) not in _NOT_ALLOWED:
            raise


def _chunks(connection: Connection) -> Iterator[Sequence[Row[Any]]]:
    """Yield all entries, some at a time."""
    last = {"user_id": _FIRST, "entry_id": _FIRST}
    while rows := connection.execute(_ENTRIES, {**last, "chunk": _CHUNK}).fetchall():
        yield rows
        last = {"user_id": rows[-1].user_id, "entry_id": rows[-1].id}


def _folded(row: Row[Any]) -> str:
    return "\n".join((fold(row.title or ""), fold(row.content or "")))
