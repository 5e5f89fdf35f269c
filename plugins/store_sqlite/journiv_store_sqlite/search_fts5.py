"""Search by an FTS5 trigram index over folded text (https://sqlite.org/fts5.html).

`entry_search` keeps the folded text, `entry_search_fts` the trigrams of it (external content,
`detail=none`). A row's number says whose it is: each account has a range of its own, so that FTS5
looks only there and other people's hits cost nothing.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Final

from sqlalchemy import Connection, text

from journiv.contracts.records import EntryRecord
from journiv.contracts.repositories.entries import EntrySearch, Page
from journiv.sqlstore.search import SearchIndex
from journiv_store_sqlite import search_index, search_query

_STORED: Final = text(
    "SELECT rid, folded FROM entry_search WHERE user_id = :user_id AND entry_id = :entry_id"
)
_NUMBER: Final = text(
    "INSERT INTO entry_search_users (user_id) VALUES (:user_id)"
    " ON CONFLICT (user_id) DO UPDATE SET user_id = user_id RETURNING number"
)
_LAST: Final = text("SELECT max(rid) FROM entry_search WHERE rid BETWEEN :first AND :last")
_ADD: Final = text(
    "INSERT INTO entry_search (rid, user_id, entry_id, folded)"
    " VALUES (:rid, :user_id, :entry_id, :folded)"
)
_CHANGE: Final = text("UPDATE entry_search SET folded = :folded WHERE rid = :rid")
_ADD_WORDS: Final = text("INSERT INTO entry_search_fts (rowid, folded) VALUES (:rid, :folded)")
_DROP_WORDS: Final = (
    "INSERT INTO entry_search_fts (entry_search_fts, rowid, folded)"
    " SELECT 'delete', rid, folded FROM entry_search WHERE user_id = :user_id"
)
_AMONG: Final = " AND entry_id IN (SELECT value FROM json_each(:entry_ids))"
_DROP: Final = "DELETE FROM entry_search WHERE user_id = :user_id"
_REMOVE: Final = (text(_DROP_WORDS + _AMONG), text(_DROP + _AMONG))
_REMOVE_USER: Final = (
    text(_DROP_WORDS),
    text(_DROP),
    text("DELETE FROM entry_search_users WHERE user_id = :user_id"),
)


class Fts5Index(SearchIndex):
    """See `SearchIndex`."""

    version = search_index.VERSION

    def ready(self, connection: Connection) -> bool:
        """See `SearchIndex.ready`."""
        return search_index.stored_version(connection) == self.version

    def rebuild(self, connection: Connection) -> None:
        """See `SearchIndex.rebuild`."""
        search_index.rebuild(connection)

    def put(self, connection: Connection, user_id: str, entry_id: str, folded: str) -> None:
        """See `SearchIndex.put`."""
        key = {"user_id": user_id, "entry_id": entry_id}
        stored = connection.execute(_STORED, key).first()
        if stored is None:
            row = {"rid": _next_rid(connection, user_id), "folded": folded}
            connection.execute(_ADD, {**key, **row})
        elif stored.folded == folded:
            return
        else:
            row = {"rid": stored.rid, "folded": folded}
            connection.execute(
                _REMOVE[0], {"user_id": user_id, "entry_ids": json.dumps([entry_id])}
            )
            connection.execute(_CHANGE, row)
        connection.execute(_ADD_WORDS, row)

    def put_new(self, connection: Connection, user_id: str, folded: Mapping[str, str]) -> None:
        """See `SearchIndex.put_new`."""
        if not folded:
            return
        first = _next_rid(connection, user_id)
        rows = [
            {"rid": rid, "user_id": user_id, "entry_id": entry_id, "folded": text}
            for rid, (entry_id, text) in enumerate(folded.items(), first)
        ]
        connection.execute(_ADD, rows)
        connection.execute(_ADD_WORDS, rows)

    def remove(self, connection: Connection, user_id: str, entry_ids: list[str]) -> None:
        """See `SearchIndex.remove`."""
        which = {"user_id": user_id, "entry_ids": json.dumps(entry_ids)}
        for statement in _REMOVE:
            connection.execute(statement, which)

    def remove_user(self, connection: Connection, user_id: str) -> None:
        """See `SearchIndex.remove_user`."""
        for statement in _REMOVE_USER:
            connection.execute(statement, {"user_id": user_id})

    def find(
        self, connection: Connection, user_id: str, query: EntrySearch, page: Page
    ) -> list[EntryRecord]:
        """See `SearchIndex.find`."""
        return search_query.find(connection, user_id, query, page)

    def drift(self, connection: Connection) -> list[str]:
        """See `SearchIndex.drift`."""
        if not self.ready(connection):
            return ["The search index is missing or of another version."]
        return search_index.drift(connection)


def _next_rid(connection: Connection, user_id: str) -> int:
    number = connection.execute(_NUMBER, {"user_id": user_id}).scalar_one()
    first, last = search_index.rid_range(number)
    bounds = {"first": first, "last": last}
    newest = connection.execute(_LAST, bounds).scalar()
    return first if newest is None else int(newest) + 1
