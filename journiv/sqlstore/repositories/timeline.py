"""The timeline in SQL."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final, cast

from sqlalchemy import bindparam, func, select

from journiv.contracts.records import DayRecord, EntryRecord, MomentRecord
from journiv.contracts.repositories.entries import Page
from journiv.contracts.repositories.timeline import Timeline
from journiv.sqlstore.bound import Bound
from journiv.sqlstore.keyset import older
from journiv.sqlstore.rows import ENTRY_COLUMNS, entry_records
from journiv.sqlstore.tables import day_stats, moments

_EXCERPT: Final = 200
_MINE: Final = moments.c.user_id == bindparam("user")
# Said as what is left out, so that the order of time is read from its index and not sorted.
_SHOWN: Final = moments.c.status.not_in(["draft", "trash"])
_NEWEST_FIRST: Final = (moments.c.at.desc(), moments.c.id.desc())
_KEYS: Final = tuple(MomentRecord.__annotations__)
_PAGE: Final = (
    select(
        moments.c.id,
        moments.c.journal_id,
        moments.c.title,
        func.substr(moments.c.content, 1, _EXCERPT),
        moments.c.at,
        moments.c.day,
        moments.c.zone,
        moments.c.mood_id,
        moments.c.note,
        moments.c.location,
        moments.c.weather,
        moments.c.latitude,
        moments.c.longitude,
        moments.c.is_pinned,
        moments.c.word_count,
        moments.c.created_at,
        moments.c.updated_at,
    )
    .where(_MINE, _SHOWN)
    .order_by(*_NEWEST_FIRST)
    .limit(bindparam("limit"))
    .offset(bindparam("offset"))
)
_NEXT_PAGE: Final = _PAGE.where(older(at=moments.c.at, id=moments.c.id))
_DAY_SUMS: Final = select(day_stats.c.day, day_stats.c.entries, day_stats.c.words).where(
    day_stats.c.user_id == bindparam("user"),
    day_stats.c.day.between(bindparam("start"), bindparam("end")),
)
_DAY_MOODS: Final = select(moments.c.at, moments.c.id, moments.c.day, moments.c.mood_id).where(
    _MINE,
    moments.c.status.in_(["entry", "log"]),
    moments.c.day.between(bindparam("start"), bindparam("end")),
    moments.c.mood_id.is_not(None),
)
_ON_DAYS: Final = select(*ENTRY_COLUMNS).where(
    _MINE, moments.c.status == "entry", moments.c.day.in_(bindparam("days", expanding=True))
)
_FIRST_DAY: Final = (
    select(day_stats.c.day)
    .where(day_stats.c.user_id == bindparam("user"))
    .order_by(day_stats.c.day)
    .limit(1)
)


class SqlTimeline(Timeline):
    """See `Timeline`."""

    def __init__(self, bound: Bound) -> None:
        self._bound = bound
        self._connection = bound.connection

    def page(self, page: Page) -> list[MomentRecord]:
        """See `Timeline`."""
        values: dict[str, Any] = {"user": self._bound.user_id, "limit": page.limit}
        statement = _PAGE
        if page.after is not None:
            values |= {"at": page.after.at, "id": page.after.id}
            statement = _NEXT_PAGE
        values["offset"] = 0 if page.after else page.offset
        return [_moment(row) for row in self._connection.execute(statement, values)]

    def days(self, start_date: str, end_date: str) -> list[DayRecord]:
        """See `Timeline`."""
        values = {"user": self._bound.user_id, "start": start_date, "end": end_date}
        rows = self._connection.execute(_DAY_MOODS, values)
        # Newest first, so that a day's first mood is the one that stays.
        moods = {row[2]: row[3] for row in sorted(map(tuple, rows), reverse=True)}
        sums = {
            day: (entries, words)
            for day, entries, words in self._connection.execute(_DAY_SUMS, values)
        }
        return [_day(day, sums.get(day, (0, 0)), moods.get(day)) for day in sorted({*moods, *sums})]

    def on_days(self, days: list[str]) -> list[EntryRecord]:
        """See `Timeline`."""
        values = {"user": self._bound.user_id, "days": days}
        found = entry_records(self._connection.execute(_ON_DAYS, values).fetchall())
        return sorted(found, key=lambda one: (one["entry_datetime_utc"], one["id"]), reverse=True)

    def first_day(self) -> str | None:
        """See `Timeline`."""
        day: str | None = self._connection.execute(
            _FIRST_DAY, {"user": self._bound.user_id}
        ).scalar()
        return day


def _moment(row: Sequence[Any]) -> MomentRecord:
    return cast("MomentRecord", dict(zip(_KEYS, row, strict=True)))


def _day(day: str, sums: tuple[int, int], mood_id: str | None) -> DayRecord:
    return {
        "date": day,
        "entry_count": sums[0],
        "total_words": sums[1],
        "mood_id": mood_id,
        "thumbnail_url": None,
    }
