"""Entries in SQL."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from sqlalchemy import BindParameter, bindparam, insert, or_, select, update
from sqlalchemy.exc import IntegrityError

from journiv.contracts.records import EntryRecord
from journiv.contracts.repositories.entries import Entries, EntrySearch, NewEntry, Page
from journiv.domain.errors import Conflict
from journiv.domain.text import fold
from journiv.sqlstore import rollups
from journiv.sqlstore.bound import Bound
from journiv.sqlstore.keyset import older
from journiv.sqlstore.prepared import Prepared
from journiv.sqlstore.rows import ENTRY_COLUMNS, entry_record, entry_records
from journiv.sqlstore.tables import moments

_MINE: Final = moments.c.user_id == bindparam("user")
_IS_ENTRY: Final = moments.c.status == "entry"
# An IN with a list is compiled anew at every execution.
_LIVE: Final = or_(moments.c.status == "entry", moments.c.status == "draft")
_NEWEST_FIRST: Final = (moments.c.at.desc(), moments.c.id.desc())
_LIMIT: Final[BindParameter[int]] = bindparam("limit")
_OFFSET: Final[BindParameter[int]] = bindparam("offset")

_ONE: Final = Prepared(
    select(*ENTRY_COLUMNS).where(_MINE, moments.c.id == bindparam("entry"), _LIVE)
)
_EXISTS: Final = select(moments.c.id).where(_MINE, moments.c.id == bindparam("entry"))

_ENTRIES: Final = select(*ENTRY_COLUMNS).where(_MINE, _IS_ENTRY).order_by(*_NEWEST_FIRST)
_FIRST_PAGE: Final = Prepared(_ENTRIES.limit(_LIMIT))
_NEXT_PAGE: Final = Prepared(_ENTRIES.limit(_LIMIT).where(older(at=moments.c.at, id=moments.c.id)))
# A deep page skips in the index alone and only then fetches rows.
_DEEP: Final = (
    select(moments.c.id)
    .where(_MINE, _IS_ENTRY)
    .order_by(*_NEWEST_FIRST)
    .limit(_LIMIT)
    .offset(_OFFSET)
    .subquery()
)
_DEEP_PAGE: Final = (
    select(*ENTRY_COLUMNS)
    .join(_DEEP, moments.c.id == _DEEP.c.id)
    .where(_MINE)
    .order_by(*_NEWEST_FIRST)
)

_OF_JOURNAL: Final = (
    select(*ENTRY_COLUMNS)
    .where(_MINE, moments.c.journal_id == bindparam("journal"), _IS_ENTRY)
    .order_by(moments.c.is_pinned.desc(), *_NEWEST_FIRST)
    .limit(_LIMIT)
    .offset(_OFFSET)
)
_OF_JOURNAL_NEXT: Final = _OF_JOURNAL.where(
    older(pinned=moments.c.is_pinned, at=moments.c.at, id=moments.c.id)
)
_BETWEEN: Final = _ENTRIES.where(moments.c.day.between(bindparam("start"), bindparam("end")))
_DRAFTS: Final = (
    select(*ENTRY_COLUMNS)
    .where(_MINE, moments.c.status == "draft")
    .order_by(moments.c.updated_at.desc(), moments.c.id.desc())
    .limit(_LIMIT)
    .offset(_OFFSET)
)
_DRAFTS_NEXT: Final = _DRAFTS.where(older(at=moments.c.updated_at, id=moments.c.id))
_IMPORTED: Final = select(moments.c.ref, moments.c.id).where(
    _MINE,
    moments.c.importer == bindparam("importer"),
    moments.c.ref.in_(bindparam("refs", expanding=True)),
)
_INSERT: Final = insert(moments)
_CHANGE: Final = update(moments).where(_MINE, moments.c.id == bindparam("entry"), _LIVE)

_COLUMN_OF: Final = {
    "entry_date": "day",
    "entry_datetime_utc": "at",
    "entry_timezone": "zone",
}
_COUNTED: Final = frozenset({
    "journal_id", "prompt_id", "entry_date", "entry_datetime_utc", "word_count", "is_draft",
})  # fmt: skip
_INDEXED: Final = frozenset({"title", "content", "entry_datetime_utc", "is_draft"})
_REFS_AT_ONCE: Final = 500


class SqlEntries(Entries):
    """See `Entries`."""

    def __init__(self, bound: Bound) -> None:
        self._bound = bound
        self._connection = bound.connection

    def get(self, entry_id: str) -> EntryRecord | None:
        """See `Entries`."""
        keys = {"user": self._bound.user_id, "entry": entry_id}
        row = _ONE.one(self._connection, keys)
        return None if row is None else entry_record(row)

    def exists(self, entry_id: str) -> bool:
        """See `Entries`."""
        keys = {"user": self._bound.user_id, "entry": entry_id}
        return self._connection.execute(_EXISTS, keys).fetchone() is not None

    def page(self, page: Page) -> list[EntryRecord]:
        """See `Entries`."""
        values: dict[str, Any] = {"user": self._bound.user_id, "limit": page.limit}
        if page.after is not None:
            values |= {"at": page.after.at, "id": page.after.id}
            return entry_records(_NEXT_PAGE.all(self._connection, values))
        if page.offset:
            values["offset"] = page.offset
            return entry_records(self._connection.execute(_DEEP_PAGE, values).fetchall())
        return entry_records(_FIRST_PAGE.all(self._connection, values))

    def of_journal(self, journal_id: str, page: Page, *, include_pinned: bool) -> list[EntryRecord]:
        """See `Entries`."""
        values: dict[str, Any] = {"user": self._bound.user_id, "journal": journal_id}
        statement = _OF_JOURNAL
        if page.after is not None:
            after = page.after
            values |= {"at": after.at, "id": after.id, "pinned": after.pinned}
            statement = _OF_JOURNAL_NEXT
        if not include_pinned:
            statement = statement.where(moments.c.is_pinned.is_(False))
        values |= {"limit": page.limit, "offset": 0 if page.after else page.offset}
        return entry_records(self._connection.execute(statement, values).fetchall())

    def between(
        self, start_date: str, end_date: str, journal_id: str | None = None
    ) -> list[EntryRecord]:
        """See `Entries`."""
        values = {"user": self._bound.user_id, "start": start_date, "end": end_date}
        statement = _BETWEEN
        if journal_id is not None:
            statement = statement.where(moments.c.journal_id == journal_id)
        return entry_records(self._connection.execute(statement, values).fetchall())

    def drafts(self, page: Page, journal_id: str | None = None) -> list[EntryRecord]:
        """See `Entries`."""
        values: dict[str, Any] = {"user": self._bound.user_id}
        statement = _DRAFTS
        if page.after is not None:
            values |= {"at": page.after.at, "id": page.after.id}
            statement = _DRAFTS_NEXT
        if journal_id is not None:
            statement = statement.where(moments.c.journal_id == journal_id)
        values |= {"limit": page.limit, "offset": 0 if page.after else page.offset}
        return entry_records(self._connection.execute(statement, values).fetchall())

    def search(self, query: EntrySearch, page: Page) -> list[EntryRecord]:
        """See `Entries`."""
        return self._bound.search.find(self._connection, self._bound.user_id, query, page)

    def add(self, entry: NewEntry) -> EntryRecord:
        """See `Entries`."""
        user_id = self._bound.user_id
        row = _row(user_id, entry)
        self._insert(row)
        rollups.apply(self._connection, user_id, None, _snapshot(entry))
        record = entry_record([row[column.name] for column in ENTRY_COLUMNS])
        self._index(record)
        return record

    def add_all(self, entries: list[NewEntry]) -> None:
        """See `Entries`."""
        if not entries:
            return
        user_id = self._bound.user_id
        self._insert([_row(user_id, entry) for entry in entries])
        rollups.add_all(self._connection, user_id, map(_snapshot, entries))
        texts = {
            entry.id: _folded(entry.title, entry.content) for entry in entries if not entry.is_draft
        }
        self._bound.search.put_new(self._connection, user_id, texts)

    def change(
        self,
        entry_id: str,
        changes: Mapping[str, Any],
        at: str,
        *,
        version: int | None = None,
    ) -> EntryRecord | None:
        """See `Entries`."""
        user_id, connection = self._bound.user_id, self._connection
        counted = not _COUNTED.isdisjoint(changes)
        before = rollups.snapshot(connection, user_id, entry_id) if counted else None
        columns = {_COLUMN_OF.get(name, name): value for name, value in changes.items()}
        if "is_draft" in columns:
            columns["status"] = "draft" if columns["is_draft"] else "entry"
        statement = _CHANGE.values(**columns, updated_at=at, version=moments.c.version + 1)
        if version is not None:
            statement = statement.where(moments.c.version == version)
        if not connection.execute(statement, {"user": user_id, "entry": entry_id}).rowcount:
            return None
        if counted:
            after = rollups.snapshot(connection, user_id, entry_id)
            rollups.apply(connection, user_id, before, after)
        record = self.get(entry_id)
        if record is not None and not _INDEXED.isdisjoint(changes):
            self._index(record)
        return record

    def imported(self, importer: str, refs: list[str]) -> Mapping[str, str]:
        """See `Entries`."""
        found: dict[str, str] = {}
        for start in range(0, len(refs), _REFS_AT_ONCE):
            values = {
                "user": self._bound.user_id,
                "importer": importer,
                "refs": refs[start : start + _REFS_AT_ONCE],
            }
            found.update((row[0], row[1]) for row in self._connection.execute(_IMPORTED, values))
        return found

    def _insert(self, rows: dict[str, Any] | list[dict[str, Any]]) -> None:
        try:
            self._connection.execute(_INSERT, rows)
        except IntegrityError as error:
            raise Conflict("This entry exists already.") from error

    def _index(self, record: EntryRecord) -> None:
        user_id = self._bound.user_id
        if record["is_draft"]:
            self._bound.search.remove(self._connection, user_id, [record["id"]])
        else:
            self._bound.search.put(self._connection, user_id, record["id"], folded(record))


def folded(entry: EntryRecord) -> str:
    """Return what the search index keeps of an entry."""
    return _folded(entry["title"], entry["content"])


def _folded(title: str, content: str) -> str:
    return f"{fold(title)}\n{fold(content)}"


def _snapshot(entry: NewEntry) -> rollups.Snapshot:
    return rollups.Snapshot(
        status="draft" if entry.is_draft else "entry",
        journal_id=entry.journal_id,
        day=entry.day,
        at=entry.at,
        words=entry.word_count,
        prompt_id=entry.prompt_id,
    )


def _row(user_id: str, entry: NewEntry) -> dict[str, Any]:
    return {
        "user_id": user_id,
        "id": entry.id,
        "status": "draft" if entry.is_draft else "entry",
        "journal_id": entry.journal_id,
        "prompt_id": entry.prompt_id,
        "at": entry.at,
        "zone": entry.zone,
        "day": entry.day,
        "is_pinned": entry.is_pinned,
        "is_draft": entry.is_draft,
        "version": 1,
        "word_count": entry.word_count,
        "importer": entry.importer,
        "ref": entry.ref,
        "created_at": entry.created_at,
        "updated_at": entry.updated_at,
        "location": entry.location,
        "weather": entry.weather,
        "latitude": entry.latitude,
        "longitude": entry.longitude,
        "title": entry.title,
        "content": entry.content,
    }
