"""Runs of days with entries.

The current run is the one that ends at the person's most recent entry day, whenever that was. A
day put after it costs one row; a day filled in earlier looks at its neighbours; a day that lost its
last entry counts all days anew.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Final

from sqlalchemy import BindParameter, Connection, bindparam, insert, select, update

from journiv.sqlstore.prepared import Prepared
from journiv.sqlstore.tables import day_stats, streaks

_CHUNK: Final = 400

_STORED: Final = Prepared(
    select(
        streaks.c.current_streak,
        streaks.c.longest_streak,
        streaks.c.streak_start_date,
        streaks.c.last_entry_date,
    ).where(streaks.c.user_id == bindparam("user"))
)
_MINE: Final = day_stats.c.user_id == bindparam("user")
_ALL_DAYS: Final = select(day_stats.c.day).where(_MINE).order_by(day_stats.c.day)
_MOST: Final[BindParameter[int]] = bindparam("most")
_EARLIER: Final = Prepared(
    select(day_stats.c.day)
    .where(_MINE, day_stats.c.day < bindparam("day"))
    .order_by(day_stats.c.day.desc())
    .limit(_MOST)
)
_LATER: Final = Prepared(
    select(day_stats.c.day)
    .where(_MINE, day_stats.c.day > bindparam("day"))
    .order_by(day_stats.c.day)
    .limit(_MOST)
)
_CHANGE_TOTALS: Final = (
    update(streaks)
    .where(streaks.c.user_id == bindparam("user"))
    .values(
        total_entries=streaks.c.total_entries + bindparam("entries"),
        total_words=streaks.c.total_words + bindparam("words"),
    )
)
_ADD_TOTALS: Final = Prepared(_CHANGE_TOTALS)
_ADD_TOTALS_AND_RUN: Final = Prepared(
    _CHANGE_TOTALS.values(
        current_streak=bindparam("current"),
        longest_streak=bindparam("longest"),
        streak_start_date=bindparam("start"),
        last_entry_date=bindparam("last"),
    )
)
_INSERT: Final = insert(streaks).values(
    user_id=bindparam("user"),
    total_entries=bindparam("entries"),
    total_words=bindparam("words"),
    current_streak=bindparam("current"),
    longest_streak=bindparam("longest"),
    streak_start_date=bindparam("start"),
    last_entry_date=bindparam("last"),
)


@dataclass(frozen=True, slots=True)
class Run:
    """The current run of days, and the length of the longest one ever."""

    current: int = 0
    longest: int = 0
    start: str | None = None
    last: str | None = None


def of_days(days: Iterable[str]) -> Run:
    """Count the runs in days that are in order and each there once."""
    current = longest = previous = 0
    start = last = None
    for day in days:
        ordinal = _ordinal(day)
        if ordinal != previous + 1 or not current:
            current, start = 0, day
        current += 1
        longest = max(longest, current)
        previous, last = ordinal, day
    return Run(current, longest, start, last)


def follow(
    connection: Connection,
    user_id: str,
    *,
    entries: int,
    words: int,
    added: list[str],
    removed: list[str],
) -> None:
    """Add to the totals, and follow days that got their first or lost their last entry.

    `day_stats` must be up to date already.
    """
    values: dict[str, object] = {"user": user_id, "entries": entries, "words": words}
    if not added and not removed:
        if entries or words:
            _ADD_TOTALS.change(connection, values)
        return
    if removed:
        run = of_days(connection.execute(_ALL_DAYS, {"user": user_id}).scalars())
    else:
        row = _STORED.one(connection, {"user": user_id})
        run = Run(*row) if row else Run()
        for day in sorted(added):
            run = _with_day(connection, user_id, run, day)
    values |= {
        "current": run.current,
        "longest": run.longest,
        "start": run.start,
        "last": run.last,
    }
    if not _ADD_TOTALS_AND_RUN.change(connection, values):
        connection.execute(_INSERT, values)


def _with_day(connection: Connection, user_id: str, run: Run, day: str) -> Run:
    if run.last is None or run.start is None:
        return Run(1, max(run.longest, 1), day, day)
    if day > run.last:
        joined = _ordinal(day) == _ordinal(run.last) + 1
        current = run.current + 1 if joined else 1
        return Run(current, max(run.longest, current), run.start if joined else day, day)
    earlier = _neighbours(connection, user_id, day, -1)
    if _ordinal(day) == _ordinal(run.start) - 1:
        current = run.current + 1 + earlier
        start = date.fromordinal(_ordinal(day) - earlier).isoformat()
        return Run(current, max(run.longest, current), start, run.last)
    length = earlier + 1 + _neighbours(connection, user_id, day, +1)
    return Run(run.current, max(run.longest, length), run.start, run.last)


def _neighbours(connection: Connection, user_id: str, day: str, step: int) -> int:
    """Count the days with entries that follow one another directly before or after a day."""
    statement = _EARLIER if step < 0 else _LATER
    length, edge = 0, day
    while True:
        rows = statement.all(connection, {"user": user_id, "day": edge, "most": _CHUNK})
        days = [row[0] for row in rows]
        joined = _joined(edge, days, step)
        length += joined
        if joined < _CHUNK:
            return length
        edge = days[-1]


def _joined(edge: str, days: list[str], step: int) -> int:
    """Count how many of different days, in order, follow one another directly from `edge` on."""
    first = _ordinal(edge) + step
    return bisect_left(
        range(len(days)), True, key=lambda at: _ordinal(days[at]) != first + step * at
    )


def _ordinal(day: str) -> int:
    return date.fromisoformat(day).toordinal()
