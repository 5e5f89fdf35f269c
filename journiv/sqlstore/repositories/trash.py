"""The trash in SQL."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final, cast

from sqlalchemy import bindparam, delete, select, update

from journiv.contracts.records import EntryRecord, TrashRecord
from journiv.contracts.repositories.entries import Page
from journiv.contracts.repositories.trash import Trash
from journiv.sqlstore import media_waste, rollups
from journiv.sqlstore.bound import Bound
from journiv.sqlstore.keyset import older
from journiv.sqlstore.repositories.entries import SqlEntries, folded
from journiv.sqlstore.rows import ENTRY_COLUMNS
from journiv.sqlstore.tables import moments, users

_MINE: Final = moments.c.user_id == bindparam("user")
_ONE: Final = moments.c.id == bindparam("entry")
_TRASHED: Final = moments.c.status == "trash"
_PUT: Final = (
    update(moments)
    .where(_MINE, _ONE, moments.c.status.in_(["entry", "draft"]))
    .values(status="trash", trashed_at=bindparam("when"))
)
_RESTORE: Final = (
    update(moments)
    .where(_MINE, _ONE, _TRASHED)
    .values(
        status=bindparam("to"),
        trashed_at=None,
        updated_at=bindparam("when"),
        version=moments.c.version + 1,
    )
)
_LIST: Final = (
    select(*ENTRY_COLUMNS, moments.c.trashed_at)
    .where(_MINE, _TRASHED)
    .order_by(moments.c.trashed_at.desc(), moments.c.id.desc())
    .limit(bindparam("limit"))
    .offset(bindparam("offset"))
)
_LIST_NEXT: Final = _LIST.where(older(at=moments.c.trashed_at, id=moments.c.id))
_GET: Final = select(*ENTRY_COLUMNS, moments.c.trashed_at).where(_MINE, _ONE, _TRASHED)
_DELETE: Final = delete(moments).where(_MINE, _ONE, _TRASHED)
# Naming the accounts lets the index on (user, status) find the few rows that are in the trash.
_EXPIRED: Final = (
    moments.c.user_id.in_(select(users.c.id)),
    _TRASHED,
    moments.c.trashed_at < bindparam("before"),
)
_PURGE: Final = delete(moments).where(*_EXPIRED)
_KEYS: Final = tuple(TrashRecord.__annotations__)


class SqlTrash(Trash):
    """See `Trash`."""

    def __init__(self, bound: Bound) -> None:
        self._bound = bound
        self._connection = bound.connection

    def put(self, entry_id: str, at: str) -> EntryRecord | None:
        """See `Trash`."""
        user_id, connection = self._bound.user_id, self._connection
        entry = SqlEntries(self._bound).get(entry_id)
        if entry is None:
            return None
        before = rollups.snapshot(connection, user_id, entry_id)
        connection.execute(_PUT, {"user": user_id, "entry": entry_id, "when": at})
        self._bound.search.remove(connection, user_id, [entry_id])
        rollups.apply(connection, user_id, before, rollups.snapshot(connection, user_id, entry_id))
        return entry

    def page(self, page: Page) -> list[TrashRecord]:
        """See `Trash`."""
        values: dict[str, Any] = {"user": self._bound.user_id, "limit": page.limit}
        statement = _LIST
        if page.after is not None:
            values |= {"at": page.after.at, "id": page.after.id}
            statement = _LIST_NEXT
        values["offset"] = 0 if page.after else page.offset
        return [_record(row) for row in self._connection.execute(statement, values)]

    def get(self, entry_id: str) -> TrashRecord | None:
        """See `Trash`."""
        keys = {"user": self._bound.user_id, "entry": entry_id}
        row = self._connection.execute(_GET, keys).fetchone()
        return None if row is None else _record(row)

    def restore(self, entry_id: str, at: str) -> EntryRecord | None:
        """See `Trash`."""
        user_id, connection = self._bound.user_id, self._connection
        trashed = self.get(entry_id)
        if trashed is None:
            return None
        before = rollups.snapshot(connection, user_id, entry_id)
        status = "draft" if trashed["is_draft"] else "entry"
        keys = {"user": user_id, "entry": entry_id, "to": status, "when": at}
        connection.execute(_RESTORE, keys)
        rollups.apply(connection, user_id, before, rollups.snapshot(connection, user_id, entry_id))
        entry = SqlEntries(self._bound).get(entry_id)
        if entry is not None and not entry["is_draft"]:
            self._bound.search.put(connection, user_id, entry_id, folded(entry))
        return entry

    def delete(self, entry_id: str) -> bool:
        """See `Trash`."""
        keys = {"user": self._bound.user_id, "entry": entry_id}
        media_waste.mark_of_moments(self._connection, _MINE, _ONE, _TRASHED, **keys)
        found = bool(self._connection.execute(_DELETE, keys).rowcount)
        media_waste.keep_used(self._connection)
        return found

    def purge(self, before: str) -> int:
        """See `Trash`."""
        self._bound.require_system()
        media_waste.mark_of_moments(self._connection, *_EXPIRED, before=before)
        gone = self._connection.execute(_PURGE, {"before": before}).rowcount
        media_waste.keep_used(self._connection)
        return gone


def _record(row: Sequence[Any]) -> TrashRecord:
    return cast("TrashRecord", dict(zip(_KEYS, row, strict=True)))
