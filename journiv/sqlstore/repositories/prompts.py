"""The catalogue of prompts in SQL."""

from __future__ import annotations

from typing import Any, Final, cast

from sqlalchemy import Select, and_, bindparam, func, insert, null, select, true, update

from journiv.contracts.records import PromptRecord
from journiv.contracts.repositories.prompts import Prompts
from journiv.domain.text import fold
from journiv.sqlstore.bound import Bound
from journiv.sqlstore.tables import moments, prompt_uses, prompts

_KEYS: Final = tuple(PromptRecord.__annotations__)
_STORED: Final = tuple(key for key in _KEYS if key in prompts.c)
_COLUMNS: Final = {
    **{key: prompts.c[key] for key in _STORED},
    "usage_count": func.coalesce(prompt_uses.c.uses, 0),
    "user_id": null(),
}
_MINE = and_(prompt_uses.c.user_id == bindparam("owner"), prompt_uses.c.prompt_id == prompts.c.id)
_ALL = (
    select(*(_COLUMNS[key].label(key) for key in _KEYS))
    .select_from(prompts.outerjoin(prompt_uses, _MINE))
    .where(prompts.c.is_active == true())
    .order_by(prompts.c.created_at.desc(), prompts.c.id)
)
_GET = _ALL.where(prompts.c.id == bindparam("prompt_id"))
_IDS = select(prompts.c.id).where(prompts.c.is_active == true()).order_by(prompts.c.id)
_ANSWERED = (
    select(moments.c.id)
    .where(
        moments.c.user_id == bindparam("owner"),
        moments.c.status == "entry",
        moments.c.day == bindparam("day"),
        moments.c.prompt_id == bindparam("prompt_id"),
    )
    .limit(1)
)
_KNOWN = select(prompts.c.id)
_INSERT = insert(prompts)
_UPDATE = update(prompts).where(prompts.c.id == bindparam("prompt_id"))
_FIXED: Final = ("id", "created_at")


def _record(row: Any) -> PromptRecord:
    return cast("PromptRecord", dict(zip(_KEYS, row, strict=True)))


def _narrow(statement: Select[Any], category: str | None, difficulty: int | None) -> Select[Any]:
    if category is not None:
        statement = statement.where(prompts.c.category == category)
    if difficulty is not None:
        statement = statement.where(prompts.c.difficulty_level == difficulty)
    return statement


class SqlPrompts(Prompts):
    """See `Prompts`."""

    def __init__(self, bound: Bound) -> None:
        self._bound = bound
        self._connection = bound.connection

    def page(
        self, limit: int, *, category: str | None = None, difficulty: int | None = None
    ) -> list[PromptRecord]:
        """See `Prompts`."""
        statement = _narrow(_ALL, category, difficulty).limit(limit)
        rows = self._connection.execute(statement, {"owner": self._bound.user_id})
        return [_record(row) for row in rows.fetchall()]

    def get(self, prompt_id: str) -> PromptRecord | None:
        """See `Prompts`."""
        values = {"owner": self._bound.user_id, "prompt_id": prompt_id}
        row = self._connection.execute(_GET, values).first()
        return None if row is None else _record(row)

    def search(self, text: str, limit: int) -> list[PromptRecord]:
        """See `Prompts`. Compared in Python: the catalogue is small and folding is ours."""
        needle = fold(text)
        rows = self._connection.execute(_ALL, {"owner": self._bound.user_id})
        found = [_record(row) for row in rows if needle in fold(row.text)]
        return found[:limit]

    def ids(self, *, category: str | None = None, difficulty: int | None = None) -> list[str]:
        """See `Prompts`."""
        return list(self._connection.scalars(_narrow(_IDS, category, difficulty)))

    def answered(self, prompt_id: str, day: str) -> bool:
        """See `Prompts`."""
        values = {"owner": self._bound.user_id, "prompt_id": prompt_id, "day": day}
        return self._connection.execute(_ANSWERED, values).first() is not None

    def plant(self, prompts: list[PromptRecord]) -> None:
        """See `Prompts`."""
        self._bound.require_system()
        known = set(self._connection.scalars(_KNOWN))
        rows = [{key: dict(prompt)[key] for key in _STORED} for prompt in prompts]
        added = [row for row in rows if row["id"] not in known]
        changed = [
            {"prompt_id": row["id"]} | {key: v for key, v in row.items() if key not in _FIXED}
            for row in rows
            if row["id"] in known
        ]
        if added:
            self._connection.execute(_INSERT, added)
        if changed:
            self._connection.execute(_UPDATE, changed)
