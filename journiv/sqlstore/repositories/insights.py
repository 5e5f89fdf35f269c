"""Numbers about the journal in SQL."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any, Final, cast

from sqlalchemy import BindParameter, bindparam, func, select, union_all

from journiv.contracts.records import StreakRecord
from journiv.contracts.repositories.insights import DayTotals, Drift, Insights
from journiv.sqlstore import rollups
from journiv.sqlstore.bound import Bound
from journiv.sqlstore.prepared import Prepared
from journiv.sqlstore.tables import day_stats, moments, mood_days, streaks, tag_days, tags

_KEYS: Final = tuple(StreakRecord.__annotations__)
_STREAK: Final = Prepared(
    select(*(streaks.c[key] for key in _KEYS)).where(streaks.c.user_id == bindparam("user"))
)
_START: Final[BindParameter[str]] = bindparam("start")
_END: Final[BindParameter[str]] = bindparam("end")
_BY_DAY: Final = Prepared(
    select(day_stats.c.day, day_stats.c.entries, day_stats.c.words)
    .where(day_stats.c.user_id == bindparam("user"), day_stats.c.day.between(_START, _END))
    .order_by(day_stats.c.day)
)
_MOODS_BY_DAY: Final = Prepared(
    select(mood_days.c.day, func.sum(mood_days.c.logs))
    .where(mood_days.c.user_id == bindparam("user"), mood_days.c.day.between(_START, _END))
    .group_by(mood_days.c.day)
    .order_by(mood_days.c.day)
)
_USES: Final = (
    select(tag_days.c.tag_id, func.sum(tag_days.c.entries).label("uses"))
    .where(tag_days.c.user_id == bindparam("user"), tag_days.c.day.between(_START, _END))
    .group_by(tag_days.c.tag_id)
    .subquery()
)
_TOP_TAGS: Final = Prepared(
    select(tags.c.name, _USES.c.uses)
    .join(_USES, tags.c.id == _USES.c.tag_id)
    .where(tags.c.user_id == bindparam("user"))
    .order_by(_USES.c.uses.desc(), tags.c.name)
    .limit(bindparam("limit"))
)
_RANGE: Final = select(func.count(), func.coalesce(func.sum(moments.c.word_count), 0)).where(
    moments.c.user_id == bindparam("user"),
    moments.c.status == "entry",
    moments.c.at >= _START,
    moments.c.at < _END,
)
_TOTALS: Final = Prepared(_RANGE)
# Whole days from their sums, and only the entries at both ends one by one.
_TOTALS_OF_LONG: Final = Prepared(
    union_all(
        select(
            func.coalesce(func.sum(day_stats.c.entries), 0),
            func.coalesce(func.sum(day_stats.c.words), 0),
        ).where(
            day_stats.c.user_id == bindparam("user"),
            day_stats.c.day.between(bindparam("first"), bindparam("last")),
        ),
        _RANGE.where(moments.c.at < bindparam("head"), moments.c.day < bindparam("first")),
        _RANGE.where(moments.c.at >= bindparam("tail"), moments.c.day > bindparam("last")),
    )
)
_DAY: Final = timedelta(days=1)
_LONG: Final = 7 * _DAY
_MIDNIGHT: Final = "T00:00:00.000000Z"


class SqlInsights(Insights):
    """See `Insights`."""

    def __init__(self, bound: Bound) -> None:
        self._bound = bound
        self._connection = bound.connection

    def streak(self) -> StreakRecord:
        """See `Insights`."""
        row = _STREAK.one(self._connection, {"user": self._bound.user_id})
        values = (0, 0, 0, 0, None, None) if row is None else row
        return cast("StreakRecord", dict(zip(_KEYS, values, strict=True)))

    def by_day(self, start_date: str, end_date: str) -> list[DayTotals]:
        """See `Insights`."""
        values = self._between(start_date, end_date)
        rows = _BY_DAY.all(self._connection, values)
        return [DayTotals(*row) for row in rows]

    def moods_by_day(self, start_date: str, end_date: str) -> list[tuple[str, int]]:
        """See `Insights`."""
        values = self._between(start_date, end_date)
        rows = _MOODS_BY_DAY.all(self._connection, values)
        return [(day, int(logs)) for day, logs in rows]

    def top_tags(self, start_date: str, end_date: str, limit: int) -> list[tuple[str, int]]:
        """See `Insights`."""
        values = {**self._between(start_date, end_date), "limit": limit}
        return [(name, int(uses)) for name, uses in _TOP_TAGS.all(self._connection, values)]

    def totals_between(self, start: str, end: str) -> tuple[int, int]:
        """See `Insights`."""
        values = self._between(start, end)
        start_day, end_day = date.fromisoformat(start[:10]), date.fromisoformat(end[:10])
        if start.endswith(_MIDNIGHT) and end_day - start_day >= _LONG:
            values |= _whole_days(start_day, end_day)
            rows = _TOTALS_OF_LONG.all(self._connection, values)
        else:
            rows = _TOTALS.all(self._connection, values)
        return sum(int(row[0]) for row in rows), sum(int(row[1]) for row in rows)

    def verify(self) -> list[Drift]:
        """See `Insights`."""
        return rollups.drift(self._connection, self._bound.user_id)

    def rebuild(self) -> None:
        """See `Insights`."""
        rollups.rebuild(self._connection, self._bound.user_id)

    def _between(self, start: str, end: str) -> dict[str, Any]:
        return {"user": self._bound.user_id, "start": start, "end": end}


def _whole_days(start: date, end: date) -> dict[str, str]:
    """Return the local days that lie wholly between two UTC days, and where the ends stop.

    No clock was ever 16 hours off UTC (Manila before 1845: 15:56).
    """
    first, last = start + _DAY, end - 2 * _DAY
    return {
        "first": first.isoformat(),
        "last": last.isoformat(),
        "head": f"{first}T16:00:00.000000Z",
        "tail": f"{last}T08:00:00.000000Z",
    }
