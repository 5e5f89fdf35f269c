"""How a search runs, so that it costs much the same with ten thousand entries and a million.

Few hits by the trigrams: all of them are rechecked and sorted. Many: the entries are walked newest
first and rechecked, which ends as soon as the page is full; a walk that would go on for long is
given up for a full list of the hits.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any, Final

from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    and_,
    bindparam,
    column,
    exists,
    func,
    literal_column,
    or_,
    select,
    table,
    text,
)

from journiv.contracts.records import EntryRecord
from journiv.contracts.repositories.entries import Cursor, EntrySearch, Page
from journiv.sqlstore.rows import ENTRY_COLUMNS, entry_records
from journiv.sqlstore.tables import entry_tags, moments, tags
from journiv_store_sqlite.search_index import rid_range

FEW: Final = 500
WINDOWS: Final = (1_000, 20_000)
_GRAM: Final = 3
_MOST_GRAMS: Final = 24

_NUMBER: Final = text("SELECT number FROM entry_search_users WHERE user_id = :user_id")
_HITS: Final = text(
    "SELECT rowid FROM entry_search_fts WHERE entry_search_fts MATCH :grams"
    " AND rowid BETWEEN :first AND :last LIMIT :most"
)
_IDS: Final = text(
    "SELECT entry_id FROM entry_search WHERE rid IN (SELECT value FROM json_each(:rids))"
)
_INDEX: Final = table(
    "entry_search", column("rid"), column("user_id"), column("entry_id"), column("folded")
)
_NEWEST_FIRST: Final = (moments.c.at.desc(), moments.c.id.desc())
# The plus keeps SQLite from walking the index in this order when the rows are few and known.
_SORTED: Final[tuple[ColumnElement[Any], ...]] = (
    literal_column("+moments.at").desc(),
    literal_column("+moments.id").desc(),
)
_ID_AMONG: Final = moments.c.id.in_(
    select(literal_column("value")).select_from(func.json_each(bindparam("ids")))
)


def find(connection: Connection, user_id: str, query: EntrySearch, page: Page) -> list[EntryRecord]:
    """Return the live entries that match, newest first."""
    number = connection.execute(_NUMBER, {"user_id": user_id}).scalar()
    if number is None or query.has_media:
        return []
    wanted = _matching(user_id, query, page.after)
    grams = match_expression(query.needles)
    first, last = rid_range(number)
    bounds = {"grams": grams, "first": first, "last": last}
    if grams:
        rids = connection.execute(_HITS, {**bounds, "most": FEW + 1}).scalars().all()
        if len(rids) <= FEW:
            return _known(connection, wanted, rids, page)
    for window in WINDOWS if grams else (WINDOWS[0], None):
        found = _walk(connection, user_id, wanted, page, window)
        if found is not None:
            return found
    rids = connection.execute(_HITS, {**bounds, "most": -1}).scalars().all()
    return _known(connection, wanted, rids, page)


def match_expression(needles: Iterable[str]) -> str:
    """Return what FTS5 is asked: all trigrams of all needles; empty when none is long enough.

    Phrases need positions, which `detail=none` does not keep. Very long needles send a sample.
    """
    grams = {
        needle[at : at + _GRAM]: None for needle in needles for at in range(len(needle) - _GRAM + 1)
    }
    chosen = list(grams)[:: max(1, -(-len(grams) // _MOST_GRAMS))]
    return " AND ".join('"' + gram.replace('"', '""') + '"' for gram in chosen)


def _matching(user_id: str, query: EntrySearch, after: Cursor | None) -> Select[Any]:
    statement = select(*ENTRY_COLUMNS).where(
        moments.c.user_id == user_id, moments.c.status == "entry"
    )
    for condition in (*_narrowed(user_id, query), _recheck(query.needles), _beyond(after)):
        if condition is not None:
            statement = statement.where(condition)
    return statement


def _recheck(needles: tuple[str, ...]) -> ColumnElement[bool]:
    return exists().where(
        _INDEX.c.user_id == moments.c.user_id,
        _INDEX.c.entry_id == moments.c.id,
        *(func.instr(_INDEX.c.folded, needle) > 0 for needle in needles),
    )


def _narrowed(user_id: str, query: EntrySearch) -> Iterable[ColumnElement[bool]]:
    if query.journal_id is not None:
        yield moments.c.journal_id == query.journal_id
    if query.mood_id is not None:
        yield moments.c.mood_id == query.mood_id
    if query.start_date is not None:
        yield moments.c.day >= query.start_date
    if query.end_date is not None:
        yield moments.c.day <= query.end_date
    if query.pinned is not None:
        yield moments.c.is_pinned == query.pinned
    if query.tag is not None:
        yield moments.c.id.in_(
            select(entry_tags.c.entry_id).where(
                entry_tags.c.user_id == user_id,
                tags.c.user_id == user_id,
                tags.c.id == entry_tags.c.tag_id,
                tags.c.name == query.tag,
            )
        )


def _beyond(after: Cursor | None) -> ColumnElement[bool] | None:
    if after is None:
        return None
    return and_(moments.c.at <= after.at, or_(moments.c.at < after.at, moments.c.id < after.id))


def _known(
    connection: Connection, wanted: Select[Any], rids: Iterable[int], page: Page
) -> list[EntryRecord]:
    ids = connection.execute(_IDS, {"rids": json.dumps(list(rids))}).scalars().all()
    statement = _paged(wanted.where(_ID_AMONG).order_by(*_SORTED), page)
    return entry_records(connection.execute(statement, {"ids": json.dumps(ids)}))


def _walk(
    connection: Connection, user_id: str, wanted: Select[Any], page: Page, window: int | None
) -> list[EntryRecord] | None:
    """Return the page, or None when it may go on beyond the newest `window` entries."""
    end = None if window is None else _end_of_window(connection, user_id, page.after, window)
    statement = wanted.order_by(*_NEWEST_FIRST)
    if end is not None:
        statement = statement.where(moments.c.at >= end)
    found = entry_records(connection.execute(_paged(statement, page)))
    return found if end is None or len(found) == page.limit else None


def _end_of_window(
    connection: Connection, user_id: str, after: Cursor | None, window: int
) -> str | None:
    statement = select(moments.c.at).where(
        moments.c.user_id == user_id, moments.c.status == "entry"
    )
    if (beyond := _beyond(after)) is not None:
        statement = statement.where(beyond)
    return connection.execute(statement.order_by(*_NEWEST_FIRST).offset(window).limit(1)).scalar()


def _paged(statement: Select[Any], page: Page) -> Select[Any]:
    offset = 0 if page.after is not None else page.offset
    return statement.limit(page.limit).offset(offset)
