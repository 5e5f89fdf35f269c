"""The catalogue of moods in SQL."""

from __future__ import annotations

from typing import Any, Final, cast

from sqlalchemy import bindparam, insert, select, update

from journiv.contracts.records import MoodRecord
from journiv.contracts.repositories.moods import Moods
from journiv.sqlstore.bound import Bound
from journiv.sqlstore.tables import moods

_KEYS: Final = tuple(MoodRecord.__annotations__)
_COLUMNS: Final = tuple(moods.c[key] for key in _KEYS)
_ALL = select(*_COLUMNS).order_by(moods.c.category, moods.c.name)
_OF_CATEGORY = _ALL.where(moods.c.category == bindparam("category"))
_GET = select(*_COLUMNS).where(moods.c.id == bindparam("mood_id"))
_KNOWN = select(moods.c.id)
_INSERT = insert(moods)
_UPDATE = update(moods).where(moods.c.id == bindparam("mood_id"))
_FIXED: Final = ("id", "created_at")


def _record(row: Any) -> MoodRecord:
    return cast("MoodRecord", dict(zip(_KEYS, row, strict=True)))


class SqlMoods(Moods):
    """See `Moods`."""

    def __init__(self, bound: Bound) -> None:
        self._bound = bound
        self._connection = bound.connection

    def all(self, category: str | None = None) -> list[MoodRecord]:
        """See `Moods`."""
        if category is None:
            rows = self._connection.execute(_ALL)
        else:
            rows = self._connection.execute(_OF_CATEGORY, {"category": category})
        return [_record(row) for row in rows.fetchall()]

    def get(self, mood_id: str) -> MoodRecord | None:
        """See `Moods`."""
        row = self._connection.execute(_GET, {"mood_id": mood_id}).first()
        return None if row is None else _record(row)

    def plant(self, moods: list[MoodRecord]) -> None:
        """See `Moods`."""
        self._bound.require_system()
        known = set(self._connection.scalars(_KNOWN))
        added = [dict(mood) for mood in moods if mood["id"] not in known]
        changed = [
            {"mood_id": mood["id"]} | {key: v for key, v in mood.items() if key not in _FIXED}
            for mood in moods
            if mood["id"] in known
        ]
        if added:
            self._connection.execute(_INSERT, added)
        if changed:
            self._connection.execute(_UPDATE, changed)
