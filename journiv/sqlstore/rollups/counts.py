"""Counts of a person by key: added to, begun at the first, and forgotten at 0."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from sqlalchemy import Column, Connection, bindparam, delete, insert, select, update

from journiv.sqlstore.prepared import Prepared

FEW: Final = 4
"""From here on, finding out at once which keys are there costs less than trying each."""


class Counts:
    """The counts in one table, by its key columns beside `user_id`."""

    def __init__(self, count: Column[int], *keys: Column[Any]) -> None:
        table = count.table
        self._names = tuple(f"of_{key.name}" for key in keys)
        mine = table.c.user_id == bindparam("user")
        row = [mine, *(key == bindparam(f"of_{key.name}") for key in keys)]
        values: dict[str, Any] = {key.name: bindparam(f"of_{key.name}") for key in keys}
        values |= {"user_id": bindparam("user"), count.name: bindparam("n")}
        self._change = Prepared(
            update(table).where(*row).values({count.name: count + bindparam("n")})
        )
        self._begin = Prepared(insert(table).values(values))
        self._forget = Prepared(delete(table).where(*row, count == 0))
        self._there = select(*keys).where(mine, keys[0].in_(bindparam("firsts", expanding=True)))

    def add(
        self, connection: Connection, user_id: str, counts: Mapping[tuple[str, ...], int]
    ) -> None:
        """Add numbers to the counts of their keys; negative ones take away."""
        rows: list[dict[str, Any]] = [
            {"user": user_id, "n": number, **dict(zip(self._names, key, strict=True))}
            for key, number in counts.items()
            if number
        ]
        if len(rows) > FEW and all(row["n"] > 0 for row in rows):
            self._add_many(connection, user_id, rows)
            return
        for row in rows:
            if not self._change.change(connection, row):
                self._begin.change(connection, row)
            elif row["n"] < 0:
                self._forget.change(connection, row)

    def _add_many(
        self, connection: Connection, user_id: str, rows: Sequence[Mapping[str, Any]]
    ) -> None:
        firsts = list({row[self._names[0]] for row in rows})
        found = connection.execute(self._there, {"user": user_id, "firsts": firsts})
        there = {tuple(key) for key in found}
        known: list[Mapping[str, Any]] = []
        new: list[Mapping[str, Any]] = []
        for row in rows:
            is_there = tuple(row[name] for name in self._names) in there
            (known if is_there else new).append(row)
        for statement, some in ((self._change, known), (self._begin, new)):
            if some:
                connection.execute(statement.statement, some)
