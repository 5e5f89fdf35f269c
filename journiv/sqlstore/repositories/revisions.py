"""Earlier texts in SQL."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final, cast

from sqlalchemy import bindparam, delete, insert, select

from journiv.contracts.records import EntryRecord, RevisionRecord
from journiv.contracts.repositories.revisions import Revisions
from journiv.sqlstore.bound import Bound
from journiv.sqlstore.tables import revisions

_KEPT: Final = 100
_KEYS: Final = tuple(RevisionRecord.__annotations__)
_OF_ENTRY: Final = (
    revisions.c.user_id == bindparam("user"),
    revisions.c.entry_id == bindparam("entry"),
)
_LIST: Final = (
    select(*(revisions.c[key] for key in _KEYS))
    .where(*_OF_ENTRY)
    .order_by(revisions.c.number.desc())
)
_ONE: Final = _LIST.where(revisions.c.number == bindparam("number"))
_OLDEST_KEPT: Final = (
    select(revisions.c.number)
    .where(*_OF_ENTRY)
    .order_by(revisions.c.number.desc())
    .limit(1)
    .offset(_KEPT - 1)
)
_PRUNE: Final = delete(revisions).where(*_OF_ENTRY, revisions.c.number < bindparam("oldest"))
_INSERT: Final = insert(revisions)


class SqlRevisions(Revisions):
    """See `Revisions`."""

    def __init__(self, bound: Bound) -> None:
        self._bound = bound
        self._connection = bound.connection

    def keep(self, entry: EntryRecord, reason: str, at: str) -> None:
        """See `Revisions`."""
        if self.get(entry["id"], entry["version"]) is not None:
            return
        keys = {"user": self._bound.user_id, "entry": entry["id"]}
        row = {
            "user_id": self._bound.user_id,
            "entry_id": entry["id"],
            "number": entry["version"],
            "word_count": entry["word_count"],
            "reason": reason,
            "saved_at": at,
            "title": entry["title"],
            "content": entry["content"],
        }
        self._connection.execute(_INSERT, row)
        oldest = self._connection.execute(_OLDEST_KEPT, keys).scalar()
        if oldest is not None:
            self._connection.execute(_PRUNE, {**keys, "oldest": oldest})

    def of_entry(self, entry_id: str) -> list[RevisionRecord]:
        """See `Revisions`."""
        keys = {"user": self._bound.user_id, "entry": entry_id}
        return [_record(row) for row in self._connection.execute(_LIST, keys)]

    def get(self, entry_id: str, number: int) -> RevisionRecord | None:
        """See `Revisions`."""
        keys = {"user": self._bound.user_id, "entry": entry_id, "number": number}
        row = self._connection.execute(_ONE, keys).fetchone()
        return None if row is None else _record(row)


def _record(row: Sequence[Any]) -> RevisionRecord:
    return cast("RevisionRecord", dict(zip(_KEYS, row, strict=True)))
