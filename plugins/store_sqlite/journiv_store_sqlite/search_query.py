"""How a search runs, so that it costs much the same with ten thousand entries and a million.

FTS5 is asked for all trigrams of all needles and answers newest minute first. Each hit is
rechecked against the folded text, and reading stops when the page is full and its last minute is
complete. Needles of one or two letters make no trigram: then entries are walked newest first, and
when few of the newest have them, FTS5 is asked for every trigram that starts with the needle.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing
from operator import itemgetter
from typing import Any, Final, cast

from sqlalchemy import (
    Connection,
    CursorResult,
    bindparam,
    func,
    literal_column,
    select,
    text,
)

from journiv.contracts.records import EntryRecord
from journiv.contracts.repositories.entries import EntrySearch, Page
from journiv.sqlstore.prepared import Prepared
from journiv.sqlstore.rows import ENTRY_COLUMNS, entry_record, entry_records
from journiv.sqlstore.tables import moments
from journiv_store_sqlite.search_layout import (
    Span,
    days_span,
    minute_of,
    minute_span,
    same_minute,
    spare_span,
)

WINDOW: Final = 500
SPARSE: Final = 4
"""For short needles, so many of the newest entries are walked, or so many for each one wanted."""

GRAM: Final = 3
MOST_GRAMS: Final = 12
"""A needle that is longer sends a sample of its trigrams; the recheck decides."""

MOST_STARTS: Final = 2_000
MOST_NEEDLES: Final = 16

_MOST_FETCHED: Final = 2**31 - 1
"""The driver's limit; offsets may be larger."""

Hit = tuple[Any, ...]
"""Row number in the index, instant and id, which order the hits, then the entry's columns if read.
"""

_BARE: Final = 3
"""How many values a hit has without the entry's columns."""

_BY_TIME: Final = itemgetter(1, 2)
_FIRST: Final = ("at", "id")
_NAMES: Final = tuple(column.name for column in ENTRY_COLUMNS)
_OTHERS: Final = tuple(name for name in _NAMES if name not in _FIRST)
_COLUMNS: Final = "".join(f", m.{name}" for name in _OTHERS)
_IN_ORDER: Final = itemgetter(*((*_FIRST, *_OTHERS).index(name) + 1 for name in _NAMES))
"""Takes an entry's columns, in the order of records, out of a hit that has them all."""
_FROM_HITS: Final = (
    " FROM entry_search_fts CROSS JOIN entry_search s"
    " ON s.rid = entry_search_fts.rowid CROSS JOIN moments m"
    " ON m.user_id = s.user_id AND m.id = s.entry_id"
    " WHERE entry_search_fts MATCH :grams AND entry_search_fts.rowid BETWEEN :first AND :last"
)
_HITS_NEWEST_FIRST: Final = " ORDER BY entry_search_fts.rowid DESC"
_FROM_ENTRIES: Final = (
    "SELECT m.at, m.id FROM moments m INDEXED BY ix_moments_status CROSS JOIN entry_search s"
    " ON s.user_id = m.user_id AND s.entry_id = m.id WHERE m.user_id = :user_id"
)
_NEWEST_FIRST: Final = " ORDER BY m.at DESC, m.id DESC"
_WINDOW: Final = (
    "SELECT m.at FROM moments m INDEXED BY ix_moments_status"
    " WHERE m.user_id = :user_id AND m.status = 'entry'"
)
_BEYOND: Final = (
    " AND m.at <= :after_at AND (m.at < :after_at OR m.at = :after_at AND m.id < :after_id)"
)
_NARROWED: Final = {
    "journal_id": " AND m.journal_id = :journal_id",
    "mood_id": " AND m.mood_id = :mood_id",
    "start_date": " AND m.day >= :start_date",
    "end_date": " AND m.day <= :end_date",
    "pinned": " AND m.is_pinned = :pinned",
    "tag": " AND EXISTS (SELECT 1 FROM tags t CROSS JOIN entry_tags l ON l.user_id = t.user_id"
    " AND l.tag_id = t.id AND l.entry_id = m.id WHERE t.user_id = :user_id AND t.name = :tag)",
}
_HAS_MEDIA: Final = (
    "EXISTS (SELECT 1 FROM media f WHERE f.user_id = m.user_id AND f.entry_id = m.id)"
)
_MORE_NEEDLES: Final = (
    " AND NOT EXISTS (SELECT 1 FROM json_each(:more) WHERE instr(s.folded, value) = 0)"
)
_STARTS: Final = text(
    "SELECT term FROM entry_search_terms WHERE term >= :start AND term < :end LIMIT :most"
)
_HAS_SPARE: Final = "SELECT 1 FROM entry_search WHERE rid BETWEEN ? AND ? LIMIT 1"
_RECORDS: Final = Prepared(
    select(*ENTRY_COLUMNS).where(
        moments.c.user_id == bindparam("user_id"),
        moments.c.id.in_(
            select(literal_column("value")).select_from(func.json_each(bindparam("ids")))
        ),
    )
)


def find(
    connection: Connection, user_id: str, account: int, query: EntrySearch, page: Page
) -> list[EntryRecord]:
    """Return the live entries that match, newest first."""
    search = _Search(connection, user_id, account, query, page)
    grams = _all_grams(query.needles)
    hits = search.among_hits(grams) if grams else search.by_short_needles()
    return search.records(hits)


class _Search:
    """One search: its conditions as SQL, and the ways to run it."""

    def __init__(
        self, connection: Connection, user_id: str, account: int, query: EntrySearch, page: Page
    ) -> None:
        self._connection = connection
        self._driver = cast("sqlite3.Connection", connection.connection.driver_connection)
        self._account = account
        self._query = query
        self._page = page
        self._offset = 0 if page.after is not None else page.offset
        self._wanted = self._offset + page.limit
        # Texts are read along with the hits, unless an offset would throw them away.
        self._columns = "SELECT s.rid, m.at, m.id" + ("" if self._offset else _COLUMNS)
        self._values: dict[str, Any] = {"user_id": user_id}
        self._conditions = "".join(self._where())

    def among_hits(self, grams: str) -> list[Hit]:
        """Return the hits that FTS5 finds, enough of them to fill the page."""
        hits = self._hits(grams, self._span(), self._wanted)
        spare = spare_span(self._account)
        if self._driver.execute(_HAS_SPARE, spare).fetchone():
            hits += self._hits(grams, spare, None)
        return hits

    def by_short_needles(self) -> list[Hit]:
        """Return the entries with needles that are too short for a trigram."""
        end = self._end_of_window(max(WINDOW, SPARSE * self._wanted))
        hits = self._walk(end)
        if end is None or len(hits) == self._wanted:
            return hits
        grams = self._grams_by_start()
        if grams is None:
            return self._walk(None)
        return self.among_hits(grams) if grams else []

    def records(self, hits: list[Hit]) -> list[EntryRecord]:
        """Return the entries of the page."""
        shown = sorted(hits, key=_BY_TIME, reverse=True)[self._offset : self._wanted]
        unread = [hit[2] for hit in shown if len(hit) == _BARE]
        found = self._read(unread) if unread else {}
        return [found[hit[2]] if len(hit) == _BARE else _record(hit) for hit in shown]

    def _read(self, ids: list[str]) -> dict[str, EntryRecord]:
        values = {"user_id": self._values["user_id"], "ids": json.dumps(ids)}
        records = entry_records(_RECORDS.all(self._connection, values))
        return {record["id"]: record for record in records}

    def _hits(self, grams: str, span: Span, wanted: int | None) -> list[Hit]:
        """Return hits, newest minute first: all, or `wanted` and the rest of the last one's minute.

        Straight from the driver: SQLAlchemy would take a third of the time.
        """
        values = {**self._values, "grams": grams, "first": span[0], "last": span[1]}
        sql = self._columns + _FROM_HITS + self._conditions + _HITS_NEWEST_FIRST
        with closing(self._driver.execute(sql, values)) as cursor:
            if wanted is None:
                return cursor.fetchall()
            hits = cursor.fetchmany(min(wanted, _MOST_FETCHED))
            for hit in cursor:
                if not same_minute(hit[0], hits[-1][0]):
                    break
                hits.append(hit)
            return hits

    def _span(self) -> Span:
        first, last = days_span(self._account, self._query.start_date, self._query.end_date)
        if self._page.after is not None:
            seen = minute_span(self._account, minute_of(self._page.after.at))
            last = min(last, seen[1])
        return first, last

    def _walk(self, end: str | None) -> list[Hit]:
        until = "" if end is None else " AND m.at >= :end"
        sql = _FROM_ENTRIES + self._conditions + until + _NEWEST_FIRST + " LIMIT :wanted"
        values = {**self._values, "end": end, "wanted": self._wanted}
        return [(0, row.at, row.id) for row in self._run(sql, values)]

    def _end_of_window(self, window: int) -> str | None:
        beyond = _BEYOND if self._page.after is not None else ""
        sql = _WINDOW + beyond + _NEWEST_FIRST + " LIMIT 1 OFFSET :window"
        row = self._run(sql, {**self._values, "window": window}).first()
        return None if row is None else str(row[0])

    def _grams_by_start(self) -> str | None:
        """Return what FTS5 is asked for short needles; None when that would be too much."""
        groups = []
        for start in self._query.needles:
            values = {"start": start, "end": start + "\U0010ffff", "most": MOST_STARTS}
            terms = self._connection.execute(_STARTS, values).scalars().all()
            if not terms:
                return ""
            if len(terms) < MOST_STARTS:
                groups.append("(" + " OR ".join(map(_quoted, terms)) + ")")
        return " AND ".join(groups) or None

    def _where(self) -> Iterator[str]:
        yield " AND m.status = 'entry'"
        needles = tuple(dict.fromkeys(self._query.needles))
        for number, needle in enumerate(needles[:MOST_NEEDLES]):
            self._values[f"needle{number}"] = needle
            yield f" AND instr(s.folded, :needle{number})"
        if len(needles) > MOST_NEEDLES:
            self._values["more"] = json.dumps(needles[MOST_NEEDLES:])
            yield _MORE_NEEDLES
        for name, condition in _NARROWED.items():
            if (value := getattr(self._query, name)) is not None:
                self._values[name] = value
                yield condition
        if self._query.has_media is not None:
            yield f" AND {'' if self._query.has_media else 'NOT '}{_HAS_MEDIA}"
        if self._page.after is not None:
            self._values |= {"after_at": self._page.after.at, "after_id": self._page.after.id}
            yield _BEYOND

    def _run(self, sql: str, values: dict[str, Any]) -> CursorResult[Any]:
        return self._connection.exec_driver_sql(sql, values)


def _record(hit: Hit) -> EntryRecord:
    record = entry_record(_IN_ORDER(hit))
    record["is_pinned"] = bool(record["is_pinned"])
    record["is_draft"] = bool(record["is_draft"])
    return record


def _all_grams(needles: Iterable[str]) -> str:
    """Return what FTS5 is asked: a phrase would need positions, which `detail=none` lacks."""
    grams = list(dict.fromkeys(gram for needle in needles for gram in _grams(needle)))
    step = max(1, -(-len(grams) // MOST_GRAMS))
    return " AND ".join(map(_quoted, grams[::step]))


def _grams(needle: str) -> list[str]:
    """Return every second trigram and the last one: what is between adds cost and no sharpness."""
    last = len(needle) - GRAM
    starts = [*range(0, last, 2), last] if last >= 0 else []
    return [needle[at : at + GRAM] for at in starts]


def _quoted(gram: str) -> str:
    return '"' + gram.replace('"', '""') + '"'
