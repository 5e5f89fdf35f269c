"""Journals in SQL."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, cast

from sqlalchemy import bindparam, delete, func, insert, select, update

from journiv.contracts.records import JournalRecord
from journiv.contracts.repositories.journals import Journals
from journiv.sqlstore import media_waste, rollups
from journiv.sqlstore.bound import Bound
from journiv.sqlstore.prepared import Prepared
from journiv.sqlstore.tables import journal_stats, journals, moments

_MINE: Final = journals.c.user_id == bindparam("user")
_ONE: Final = journals.c.id == bindparam("journal")
_ALL: Final = (
    select(
        journals.c.id,
        journals.c.user_id,
        journals.c.title,
        journals.c.description,
        journals.c.color,
        journals.c.icon,
        journals.c.is_favorite,
        journals.c.is_archived,
        func.coalesce(journal_stats.c.entry_count, 0),
        func.coalesce(journal_stats.c.total_words, 0),
        journal_stats.c.last_entry_at,
        journals.c.created_at,
        journals.c.updated_at,
    )
    .select_from(
        journals.outerjoin(
            journal_stats,
            (journal_stats.c.user_id == journals.c.user_id)
            & (journal_stats.c.journal_id == journals.c.id),
        )
    )
    .where(_MINE)
    .order_by(journals.c.created_at.desc(), journals.c.id.desc())
)
_EVERY: Final = Prepared(_ALL)
_GET: Final = Prepared(_ALL.where(_ONE))
_NOT_ARCHIVED: Final = Prepared(_ALL.where(journals.c.is_archived.is_(False)))
_FAVORITES: Final = _ALL.where(journals.c.is_favorite.is_(True))
_BY_TITLE: Final = (
    _ALL.where(journals.c.title == bindparam("title"))
    .order_by(None)
    .order_by(journals.c.created_at, journals.c.id)
    .limit(1)
)
_INSERT: Final = insert(journals)
_CHANGE: Final = update(journals).where(_MINE, _ONE)
_DELETE: Final = delete(journals).where(_MINE, _ONE)
_INSIDE: Final = (
    moments.c.user_id == bindparam("user"),
    moments.c.journal_id == bindparam("journal"),
)
_ANYTHING: Final = select(moments.c.id).where(*_INSIDE).limit(1)
_ENTRY_IDS: Final = select(moments.c.id).where(*_INSIDE, moments.c.status == "entry")
_AT_ONCE: Final = 500
_KEYS: Final = tuple(JournalRecord.__annotations__)


class SqlJournals(Journals):
    """See `Journals`."""

    def __init__(self, bound: Bound) -> None:
        self._bound = bound
        self._connection = bound.connection

    def get(self, journal_id: str) -> JournalRecord | None:
        """See `Journals`."""
        keys = {"user": self._bound.user_id, "journal": journal_id}
        row = _GET.one(self._connection, keys)
        return None if row is None else _record(row)

    def all(self, *, include_archived: bool) -> list[JournalRecord]:
        """See `Journals`."""
        statement = _EVERY if include_archived else _NOT_ARCHIVED
        rows = statement.all(self._connection, {"user": self._bound.user_id})
        return [_record(row) for row in rows]

    def favorites(self) -> list[JournalRecord]:
        """See `Journals`."""
        rows = self._connection.execute(_FAVORITES, {"user": self._bound.user_id})
        return [_record(row) for row in rows]

    def by_title(self, title: str) -> JournalRecord | None:
        """See `Journals`."""
        keys = {"user": self._bound.user_id, "title": title}
        row = self._connection.execute(_BY_TITLE, keys).fetchone()
        return None if row is None else _record(row)

    def add(self, journal: Mapping[str, Any]) -> JournalRecord:
        """See `Journals`."""
        user_id = self._bound.user_id
        self._connection.execute(_INSERT, {**journal, "user_id": user_id})
        record = self.get(journal["id"])
        if record is None:
            raise RuntimeError("a journal just stored is not there")
        return record

    def change(self, journal_id: str, changes: Mapping[str, Any], at: str) -> JournalRecord | None:
        """See `Journals`."""
        keys = {"user": self._bound.user_id, "journal": journal_id}
        self._connection.execute(_CHANGE.values(**changes, updated_at=at), keys)
        return self.get(journal_id)

    def delete(self, journal_id: str) -> bool:
        """See `Journals`."""
        user_id, connection = self._bound.user_id, self._connection
        keys = {"user": user_id, "journal": journal_id}
        if self.get(journal_id) is None:
            return False
        entry_ids = list(connection.execute(_ENTRY_IDS, keys).scalars())
        for start in range(0, len(entry_ids), _AT_ONCE):
            self._bound.search.remove(connection, user_id, entry_ids[start : start + _AT_ONCE])
        rollups.forget_journal(connection, user_id, journal_id)
        media_waste.mark_of_moments(connection, *_INSIDE, **keys)
        connection.execute(_DELETE, keys)
        media_waste.keep_used(connection)
        return True

    def is_empty(self, journal_id: str) -> bool:
        """See `Journals`."""
        keys = {"user": self._bound.user_id, "journal": journal_id}
        return self._connection.execute(_ANYTHING, keys).fetchone() is None


def _record(row: Any) -> JournalRecord:
    return cast("JournalRecord", dict(zip(_KEYS, row, strict=True)))
