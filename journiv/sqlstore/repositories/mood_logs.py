"""Mood logs in SQL: moments that have a mood, of their own or with an entry."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final, cast

from sqlalchemy import Select, and_, bindparam, case, delete, func, insert, select, update

from journiv.contracts.records import MoodLogRecord, MoodRecord
from journiv.contracts.repositories.entries import Page
from journiv.contracts.repositories.mood_logs import MoodLogFilter, MoodLogs, NewMoodLog
from journiv.sqlstore import rollups
from journiv.sqlstore.bound import Bound
from journiv.sqlstore.keyset import older
from journiv.sqlstore.prepared import Prepared
from journiv.sqlstore.tables import moments, mood_days, moods

_UNFILTERED: Final = MoodLogFilter()
_MOOD_KEYS: Final = tuple(MoodRecord.__annotations__)
_MOMENT_COLUMNS: Final = (
    moments.c.id,
    moments.c.user_id,
    moments.c.mood_id,
    case((moments.c.status != "log", moments.c.id)).label("entry_id"),
    moments.c.note,
    moments.c.at,
    moments.c.zone,
    moments.c.day,
    moments.c.mood_at,
)
_MOMENT_WIDTH: Final = len(_MOMENT_COLUMNS)
_COLUMNS: Final = (*_MOMENT_COLUMNS, *(moods.c[key] for key in _MOOD_KEYS))

_THIS = and_(moments.c.user_id == bindparam("owner"), moments.c.id == bindparam("log"))
_LOGS = (
    select(*_COLUMNS)
    .join(moods, moods.c.id == moments.c.mood_id)
    .where(
        moments.c.user_id == bindparam("owner"),
        moments.c.mood_id.is_not(None),
        moments.c.status != "trash",
    )
)
_GET = _LOGS.where(moments.c.id == bindparam("log"))
# Inequalities leave the planner no index but ix_moments_mood, which is in the order of the list.
_PAGE = (
    _LOGS.where(moments.c.status != "draft")
    .order_by(moments.c.at.desc(), moments.c.id.desc())
    .limit(bindparam("limit"))
)
_PAGE_FROM = _PAGE.offset(bindparam("offset"))
_ALL_FROM = Prepared(_PAGE_FROM)
_PAGE_AFTER = _PAGE.where(older(after_at=moments.c.at, after_id=moments.c.id))

_INSERT = insert(moments)
_UPDATE = update(moments).where(_THIS)
_SET = _UPDATE.values(
    mood_id=bindparam("mood"),
    note=func.coalesce(bindparam("text", type_=moments.c.note.type), moments.c.note),
    mood_at=func.coalesce(moments.c.mood_at, bindparam("now", type_=moments.c.mood_at.type)),
)
_CLEAR = _UPDATE.values(mood_id=None, note=None, mood_at=None)
_DELETE = delete(moments).where(_THIS)

_LOGGED = and_(mood_days.c.user_id == bindparam("owner"), mood_days.c.logs > 0)
_COUNTS = (
    select(mood_days.c.day, mood_days.c.mood_id, mood_days.c.logs)
    .where(_LOGGED, mood_days.c.day.between(bindparam("start"), bindparam("end")))
    .order_by(mood_days.c.day, mood_days.c.mood_id)
)
_DAYS = select(mood_days.c.day).where(_LOGGED).distinct().order_by(mood_days.c.day)


def _records(rows: Iterable[Sequence[Any]]) -> list[MoodLogRecord]:
    moods: dict[str, MoodRecord] = {}
    return [_record(row, moods) for row in rows]


def _record(row: Sequence[Any], moods: dict[str, MoodRecord]) -> MoodLogRecord:
    """Turn a row into a record; logs of one mood share the mood's."""
    log_id, user_id, mood_id, entry_id, note, at, zone, day, mood_at = row[:_MOMENT_WIDTH]
    mood = moods.get(mood_id)
    if mood is None:
        values = zip(_MOOD_KEYS, row[_MOMENT_WIDTH:], strict=True)
        mood = moods[mood_id] = cast("MoodRecord", dict(values))
    return {
        "id": log_id,
        "user_id": user_id,
        "mood_id": mood_id,
        "entry_id": entry_id,
        "note": note,
        "logged_datetime_utc": at,
        "logged_timezone": zone,
        "logged_date": day,
        "mood": mood,
        "created_at": mood_at,
    }


class SqlMoodLogs(MoodLogs):
    """See `MoodLogs`."""

    def __init__(self, bound: Bound) -> None:
        self._connection = bound.connection
        self._owner = bound.user_id

    def get(self, log_id: str) -> MoodLogRecord | None:
        """See `MoodLogs`."""
        row = self._connection.execute(_GET, {"owner": self._owner, "log": log_id}).first()
        return None if row is None else _record(row, {})

    def page(self, filter: MoodLogFilter, page: Page) -> list[MoodLogRecord]:
        """See `MoodLogs`."""
        values: dict[str, Any] = {"owner": self._owner, "limit": page.limit}
        if page.after is None:
            statement, values["offset"] = _PAGE_FROM, page.offset
        else:
            statement = _PAGE_AFTER
            values |= {"after_at": page.after.at, "after_id": page.after.id}
        if page.after is None and filter == _UNFILTERED:
            return _records(_ALL_FROM.all(self._connection, values))
        rows = self._connection.execute(_narrow(statement, filter), values)
        return _records(rows.fetchall())

    def add(self, log: NewMoodLog) -> MoodLogRecord:
        """See `MoodLogs`."""
        row = {
            "user_id": self._owner,
            "id": log.id,
            "status": "log",
            "at": log.at,
            "zone": log.zone,
            "day": log.day,
            "mood_id": log.mood_id,
            "mood_at": log.created_at,
            "note": log.note,
            "is_pinned": False,
            "is_draft": False,
            "version": 1,
            "word_count": 0,
            "created_at": log.created_at,
            "updated_at": log.created_at,
        }
        self._connection.execute(_INSERT, row)
        self._follow(None, log.id)
        return cast("MoodLogRecord", self.get(log.id))

    def set_on_entry(
        self, entry_id: str, mood_id: str, note: str | None, at: str
    ) -> MoodLogRecord | None:
        """See `MoodLogs`."""
        before = rollups.snapshot(self._connection, self._owner, entry_id)
        if before is None or before.status not in ("entry", "draft"):
            return None
        values = {"mood": mood_id, "text": note, "now": at}
        self._connection.execute(_SET, {**values, "owner": self._owner, "log": entry_id})
        self._follow(before, entry_id)
        return self.get(entry_id)

    def change(self, log_id: str, changes: Mapping[str, Any], at: str) -> MoodLogRecord | None:
        """See `MoodLogs`."""
        before = self._logged(log_id)
        if before is None:
            return None
        written = dict(changes)
        if before.status == "log":
            written["updated_at"] = at
        else:
            written = {key: written[key] for key in ("mood_id", "note") if key in written}
        if written:
            keys = {"owner": self._owner, "log": log_id}
            self._connection.execute(_UPDATE.values(written), keys)
            self._follow(before, log_id)
        return self.get(log_id)

    def delete(self, log_id: str) -> bool:
        """See `MoodLogs`."""
        before = self._logged(log_id)
        if before is None:
            return False
        statement = _DELETE if before.status == "log" else _CLEAR
        self._connection.execute(statement, {"owner": self._owner, "log": log_id})
        self._follow(before, log_id)
        return True

    def counts(self, start_date: str, end_date: str) -> list[tuple[str, str, int]]:
        """See `MoodLogs`."""
        values = {"owner": self._owner, "start": start_date, "end": end_date}
        rows = self._connection.execute(_COUNTS, values)
        return [(day, mood_id, logs) for day, mood_id, logs in rows.fetchall()]

    def days(self) -> list[str]:
        """See `MoodLogs`."""
        return list(self._connection.scalars(_DAYS, {"owner": self._owner}))

    def _logged(self, log_id: str) -> rollups.Snapshot | None:
        found = rollups.snapshot(self._connection, self._owner, log_id)
        if found is None or found.mood_id is None or found.status == "trash":
            return None
        return found

    def _follow(self, before: rollups.Snapshot | None, moment_id: str) -> None:
        after = rollups.snapshot(self._connection, self._owner, moment_id)
        rollups.apply(self._connection, self._owner, before, after)


def _narrow(statement: Select[Any], wanted: MoodLogFilter) -> Select[Any]:
    if wanted.mood_id is not None:
        statement = statement.where(moments.c.mood_id == wanted.mood_id)
    if wanted.entry_id is not None:
        statement = statement.where(moments.c.id == wanted.entry_id, moments.c.status != "log")
    if wanted.start_date is not None:
        statement = statement.where(moments.c.day >= wanted.start_date)
    if wanted.end_date is not None:
        statement = statement.where(moments.c.day <= wanted.end_date)
    return statement
