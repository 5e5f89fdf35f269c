"""What the rollups ought to hold, counted from the moments."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Connection, Select, Table, bindparam, delete, func, insert, select, update

from journiv.contracts.repositories.insights import Drift
from journiv.sqlstore.rollups import streak
from journiv.sqlstore.tables import (
    day_stats,
    entry_tags,
    journal_stats,
    moments,
    mood_days,
    prompt_uses,
    streaks,
    tag_days,
    tags,
)

_Counted = dict[tuple[Any, ...], tuple[Any, ...]]

_MINE: Final = moments.c.user_id == bindparam("user")
_IS_ENTRY: Final = moments.c.status == "entry"
_TAGGED: Final = moments.join(
    entry_tags,
    (entry_tags.c.user_id == moments.c.user_id) & (entry_tags.c.entry_id == moments.c.id),
)


@dataclass(frozen=True, slots=True)
class _Source:
    """One rollup table: its key and value columns, and the statement that counts it.

    A statement returns the key columns first, then the values. Rows whose first value is 0 mean
    the same as no row.
    """

    table: Table
    keys: tuple[str, ...]
    values: tuple[str, ...]
    count: Select[Any]


_SOURCES: Final = (
    _Source(
        journal_stats,
        ("journal_id",),
        ("entry_count", "total_words", "last_entry_at"),
        select(
            moments.c.journal_id,
            func.count(),
            func.sum(moments.c.word_count),
            func.max(moments.c.at),
        )
        .where(_MINE, _IS_ENTRY, moments.c.journal_id.is_not(None))
        .group_by(moments.c.journal_id),
    ),
    _Source(
        day_stats,
        ("day",),
        ("entries", "words"),
        select(moments.c.day, func.count(), func.sum(moments.c.word_count))
        .where(_MINE, _IS_ENTRY)
        .group_by(moments.c.day),
    ),
    _Source(
        tag_days,
        ("day", "tag_id"),
        ("entries",),
        select(moments.c.day, entry_tags.c.tag_id, func.count())
        .select_from(_TAGGED)
        .where(_MINE, _IS_ENTRY)
        .group_by(moments.c.day, entry_tags.c.tag_id),
    ),
    _Source(
        mood_days,
        ("day", "mood_id"),
        ("logs",),
        select(moments.c.day, moments.c.mood_id, func.count())
        .where(_MINE, moments.c.status.in_(["entry", "log"]), moments.c.mood_id.is_not(None))
        .group_by(moments.c.day, moments.c.mood_id),
    ),
    _Source(
        prompt_uses,
        ("prompt_id",),
        ("uses",),
        select(moments.c.prompt_id, func.count())
        .where(_MINE, _IS_ENTRY, moments.c.prompt_id.is_not(None))
        .group_by(moments.c.prompt_id),
    ),
    _Source(
        tags,
        ("id",),
        ("usage_count",),
        select(entry_tags.c.tag_id, func.count())
        .select_from(_TAGGED)
        .where(_MINE, moments.c.status.in_(["entry", "draft"]))
        .group_by(entry_tags.c.tag_id),
    ),
)
_STREAK: Final = (
    "current_streak",
    "longest_streak",
    "streak_start_date",
    "last_entry_date",
    "total_entries",
    "total_words",
)


def drift(connection: Connection, user_id: str) -> list[Drift]:
    """Return where the stored rollups of a person differ from a recount."""
    found: list[Drift] = []
    for source in _SOURCES:
        stored = _stored(connection, user_id, source)
        found += _differences(source.table.name, stored, _count(connection, user_id, source))
    run: _Counted = {("streak",): _count_streak(connection, user_id)}
    found += _differences(streaks.name, {("streak",): _stored_streak(connection, user_id)}, run)
    return found


def rebuild(connection: Connection, user_id: str) -> None:
    """Write every rollup of a person anew."""
    for source in _SOURCES:
        counted = _count(connection, user_id, source)
        if source.table is tags:
            _rebuild_usage(connection, user_id, counted)
            continue
        connection.execute(delete(source.table).where(source.table.c.user_id == user_id))
        if counted:
            names = ("user_id", *source.keys, *source.values)
            rows = [
                dict(zip(names, (user_id, *key, *value), strict=True))
                for key, value in counted.items()
            ]
            connection.execute(insert(source.table), rows)
    connection.execute(delete(streaks).where(streaks.c.user_id == user_id))
    row = dict(zip(_STREAK, _count_streak(connection, user_id), strict=True))
    connection.execute(insert(streaks).values(user_id=user_id, **row))


def _rebuild_usage(connection: Connection, user_id: str, counted: _Counted) -> None:
    mine = tags.c.user_id == user_id
    connection.execute(update(tags).where(mine).values(usage_count=0))
    for (tag_id,), (count,) in counted.items():
        one = update(tags).where(mine, tags.c.id == tag_id)
        connection.execute(one.values(usage_count=count))


def _count(connection: Connection, user_id: str, source: _Source) -> _Counted:
    return _rows(connection, user_id, source, source.count)


def _stored(connection: Connection, user_id: str, source: _Source) -> _Counted:
    names = (*source.keys, *source.values)
    mine = source.table.c.user_id == bindparam("user")
    statement = select(*(source.table.c[name] for name in names)).where(mine)
    return _rows(connection, user_id, source, statement)


def _rows(
    connection: Connection, user_id: str, source: _Source, statement: Select[Any]
) -> _Counted:
    keys = len(source.keys)
    rows = connection.execute(statement, {"user": user_id})
    return {tuple(row[:keys]): _plain(row[keys:]) for row in rows if row[keys]}


def _plain(values: Any) -> tuple[Any, ...]:
    """Return sums as integers: some databases sum integers into decimals."""
    return tuple(v if v is None or isinstance(v, str) else int(v) for v in values)


def _count_streak(connection: Connection, user_id: str) -> tuple[Any, ...]:
    statement = (
        select(moments.c.day, func.count(), func.sum(moments.c.word_count))
        .where(_MINE, _IS_ENTRY)
        .group_by(moments.c.day)
        .order_by(moments.c.day)
    )
    days = connection.execute(statement, {"user": user_id}).all()
    run = streak.of_days(row[0] for row in days)
    entries, words = sum(int(row[1]) for row in days), sum(int(row[2]) for row in days)
    return (run.current, run.longest, run.start, run.last, entries, words)


def _stored_streak(connection: Connection, user_id: str) -> tuple[Any, ...]:
    columns = (streaks.c[name] for name in _STREAK)
    row = connection.execute(select(*columns).where(streaks.c.user_id == user_id)).fetchone()
    return (0, 0, None, None, 0, 0) if row is None else tuple(row)


def _differences(table: str, stored: Mapping[Any, Any], counted: Mapping[Any, Any]) -> list[Drift]:
    keys = sorted(stored.keys() | counted.keys(), key=str)
    return [
        Drift(table, " ".join(key), str(stored.get(key)), str(counted.get(key)))
        for key in keys
        if stored.get(key) != counted.get(key)
    ]
