"""Search by an FTS5 trigram index over folded text (https://sqlite.org/fts5.html).

`entry_search` keeps the folded text, `entry_search_fts` the trigrams of it (external content,
`detail=none`); `search_layout` says how their rows are numbered.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from operator import itemgetter
from typing import Final

from sqlalchemy import Connection, text

from journiv.contracts.records import EntryRecord
from journiv.contracts.repositories.entries import EntrySearch, Page
from journiv.sqlstore.search import SearchIndex
from journiv_store_sqlite import search_index, search_query
from journiv_store_sqlite.search_layout import minute_of, minute_span
from journiv_store_sqlite.search_numbers import FreeNumbers

_ATS: Final = text(
    "SELECT id, at FROM moments WHERE user_id = :user_id"
    " AND id IN (SELECT value FROM json_each(:entry_ids))"
)
_AT: Final = text("SELECT at FROM moments WHERE user_id = :user_id AND id = :entry_id")
_STORED: Final = text(
    "SELECT rid, folded FROM entry_search WHERE user_id = :user_id AND entry_id = :entry_id"
)
_NUMBER: Final = text("SELECT number FROM entry_search_users WHERE user_id = :user_id")
_ADD_USER: Final = text("INSERT INTO entry_search_users (user_id) VALUES (:user_id)")
_ADD: Final = text(
    "INSERT INTO entry_search (rid, user_id, entry_id, folded)"
    " VALUES (:rid, :user_id, :entry_id, :folded)"
)
_CHANGE: Final = text("UPDATE entry_search SET rid = :rid, folded = :folded WHERE rid = :old_rid")
_ADD_WORDS: Final = text("INSERT INTO entry_search_fts (rowid, folded) VALUES (:rid, :folded)")
_DROP_WORDS: Final = text(
    "INSERT INTO entry_search_fts (entry_search_fts, rowid, folded)"
    " VALUES ('delete', :rid, :folded)"
)
_DROP_WORDS_OF: Final = (
    "INSERT INTO entry_search_fts (entry_search_fts, rowid, folded)"
    " SELECT 'delete', rid, folded FROM entry_search WHERE user_id = :user_id"
)
_DROP: Final = "DELETE FROM entry_search WHERE user_id = :user_id"
_AMONG: Final = " AND entry_id IN (SELECT value FROM json_each(:entry_ids))"
_REMOVE: Final = (text(_DROP_WORDS_OF + _AMONG), text(_DROP + _AMONG))
_REMOVE_USER: Final = (
    text(_DROP_WORDS_OF),
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
        minute = minute_of(connection.execute(_AT, key).scalar_one())
        account = _account(connection, user_id)
        kept = search_index.padded(folded)
        stored = connection.execute(_STORED, key).first()
        if stored is None:
            row = {"rid": FreeNumbers(connection, account).take(minute), "folded": kept}
            connection.execute(_ADD, {**key, **row})
            connection.execute(_ADD_WORDS, row)
            return
        first, last = minute_span(account, minute)
        if stored.folded != kept or not first <= stored.rid <= last:
            row = {"rid": FreeNumbers(connection, account).take(minute), "folded": kept}
            connection.execute(_DROP_WORDS, {"rid": stored.rid, "folded": stored.folded})
            connection.execute(_CHANGE, {**row, "old_rid": stored.rid})
            connection.execute(_ADD_WORDS, row)

    def put_new(self, connection: Connection, user_id: str, folded: Mapping[str, str]) -> None:
        """See `SearchIndex.put_new`."""
        if not folded:
            return
        which = {"user_id": user_id, "entry_ids": json.dumps(list(folded))}
        minutes = {str(one): minute_of(at) for one, at in connection.execute(_ATS, which)}
        numbers = FreeNumbers(connection, _account(connection, user_id))
        numbers.expect(minutes.values())
        rows = [
            {
                "rid": numbers.take(minute),
                "user_id": user_id,
                "entry_id": entry_id,
                "folded": search_index.padded(folded[entry_id]),
            }
            for entry_id, minute in minutes.items()
        ]
        # At a number below the last one, FTS5 writes out what it has gathered: three times the CPU.
        rows.sort(key=itemgetter("rid"))
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
        account = connection.execute(_NUMBER, {"user_id": user_id}).scalar()
        if account is None:
            return []
        return search_query.find(connection, user_id, account, query, page)

    def drift(self, connection: Connection) -> list[str]:
        """See `SearchIndex.drift`."""
        if not self.ready(connection):
            return ["The search index is missing or of another version."]
        return search_index.drift(connection)


def _account(connection: Connection, user_id: str) -> int:
    number = connection.execute(_NUMBER, {"user_id": user_id}).scalar()
    if number is None:
        number = connection.execute(_ADD_USER, {"user_id": user_id}).lastrowid
    return int(number)
