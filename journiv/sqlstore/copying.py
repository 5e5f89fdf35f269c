"""Copying whole tables between SQL stores: pages in order of the primary key, and their digests.

Not copied: `leases` (which process runs what) and the search index (made anew). The row of
`installation` is copied last; until then its flag `copy_of` marks an unfinished copy.
"""

from __future__ import annotations

import hashlib
import json
from abc import abstractmethod
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any, Final, Protocol, TypeVar

import orjson
from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    String,
    Table,
    bindparam,
    delete,
    exists,
    func,
    insert,
    select,
    tuple_,
    update,
)

from journiv.contracts.copying import Copying, Layout, Row, Snapshot, TableDigest, TargetState
from journiv.sqlstore.layouts import PRESENT, Seen, seen_as
from journiv.sqlstore.migrate import COPY_OF
from journiv.sqlstore.tables import installation
from journiv.sqlstore.types import Id

PAGE: Final = 2000

T = TypeVar("T")


class Run(Protocol):
    """Runs a function on a connection, away from the event loop or on a driver that awaits."""

    def __call__(self, work: Callable[[Connection], T], /) -> Awaitable[T]:
        """Return what the function returns."""


class SqlSnapshot(Snapshot):
    """See `Snapshot`. `collation` is the database's name for the order of code points."""

    def __init__(self, run: Run, collation: str, seen: Seen) -> None:
        self._run = run
        self._collation = collation
        self._tables = seen.tables
        self._about = seen.about

    def columns(self, table: str) -> tuple[str, ...]:
        """See `Snapshot.columns`."""
        return tuple(column.name for column in self._tables[table].columns)

    async def identity(self) -> str:
        """See `Snapshot.identity`."""
        found = select(installation.c.installation_id)
        return await self._run(lambda connection: connection.execute(found).scalar()) or ""

    async def counts(self) -> Mapping[str, int]:
        """See `Snapshot.counts`."""
        return await self._run(lambda connection: _counts(connection, self._tables))

    async def page(self, table: str, after: Row | None, limit: int) -> Sequence[Row]:
        """See `Snapshot.page`."""
        keys = key_order(self._tables[table], self._collation)
        rows = select(self._tables[table]).order_by(*keys).limit(limit)
        if after is not None:
            rows = rows.where(tuple_(*keys) > tuple_(*_parameters(self._tables[table], after)))
        return await self._run(lambda connection: _tuples(connection, rows))

    def key(self, table: str, row: Row) -> Row:
        """See `Snapshot.key`."""
        columns = list(self._tables[table].columns)
        return tuple(row[columns.index(key)] for key in self._tables[table].primary_key)

    async def digest(self, table: str) -> TableDigest:
        """See `Snapshot.digest`."""
        hashed, count, last = hashlib.sha256(), 0, None
        while rows := await self.page(table, last, PAGE):
            hashed.update(b"".join(orjson.dumps(row) + b"\n" for row in rows))
            count += len(rows)
            last = self.key(table, rows[-1])
        return TableDigest(count, hashed.hexdigest())

    async def about(self) -> Row:
        """See `Snapshot.about`."""
        row = await self._run(lambda connection: _tuples(connection, select(self._about)))
        return row[0]


class SqlCopying(Copying):
    """See `Copying`. A store plugin says how it reads, writes and adds rows fast."""

    collation: str

    def __init__(self, layout: Layout | None) -> None:
        self.layout = layout or PRESENT
        self.seen = seen_as(self.layout)

    @abstractmethod
    async def write(self, work: Callable[[Connection], T]) -> T:
        """Run a function in a transaction of its own, and return its result when it is durable."""

    @abstractmethod
    def add(self, connection: Connection, table: Table, rows: Sequence[Row]) -> None:
        """Add complete rows in wire form, as fast as the driver can."""

    async def state(self) -> TargetState:
        """See `Copying.state`."""
        return await self.write(lambda connection: _state(connection, self.seen.tables))

    async def begin(self, copy_of: str) -> None:
        """See `Copying.begin`."""
        mark = update(installation).values(flags=json.dumps({COPY_OF: copy_of}))
        await self.write(lambda connection: connection.execute(mark))

    async def last_key(self, table: str) -> Row | None:
        """See `Copying.last_key`."""
        keys = key_order(self.seen.tables[table], self.collation)
        last = (
            select(*self.seen.tables[table].primary_key)
            .order_by(*(key.desc() for key in keys))
            .limit(1)
        )
        found = await self.write(lambda connection: _tuples(connection, last))
        return found[0] if found else None

    async def load(self, table: str, rows: Sequence[Row]) -> None:
        """See `Copying.load`."""
        await self.write(lambda connection: self.add(connection, self.seen.tables[table], rows))

    async def clear(self) -> None:
        """See `Copying.clear`."""
        await self.write(lambda connection: _clear(connection, self.seen.tables))

    async def finish(self, about: Row) -> None:
        """See `Copying.finish`."""
        await self.write(lambda connection: _finish(connection, self.seen.about, about))


def key_order(table: Table, collation: str) -> list[ColumnElement[Any]]:
    """Return the primary key's columns, sorted by code point whatever the database's language."""
    return [
        column.collate(collation)
        if isinstance(column.type, String) and column.type is not Id
        else column
        for column in table.primary_key
    ]


def _parameters(table: Table, key: Row) -> list[ColumnElement[Any]]:
    columns: list[Column[Any]] = list(table.primary_key)
    return [
        bindparam(f"last_{column.name}", value, type_=column.type)
        for column, value in zip(columns, key, strict=True)
    ]


def _tuples(connection: Connection, statement: Any) -> list[Row]:
    return [tuple(row) for row in connection.execute(statement).fetchall()]


def _counts(connection: Connection, tables: Mapping[str, Table]) -> dict[str, int]:
    return {
        name: connection.execute(select(func.count()).select_from(table)).scalar_one()
        for name, table in tables.items()
    }


def _state(connection: Connection, tables: Mapping[str, Table]) -> TargetState:
    found = connection.execute(select(installation.c.installation_id, installation.c.flags)).one()
    copy_of = json.loads(found.flags).get(COPY_OF)
    if copy_of is not None:
        return TargetState(is_empty=False, copy_of=copy_of)
    is_used = found.installation_id is not None or any(
        connection.execute(select(exists(select(1).select_from(table)))).scalar()
        for table in tables.values()
    )
    return TargetState(is_empty=not is_used)


def _clear(connection: Connection, tables: Mapping[str, Table]) -> None:
    for table in reversed(list(tables.values())):
        connection.execute(delete(table))


def _finish(connection: Connection, table: Table, about: Row) -> None:
    connection.execute(delete(table))
    columns = (column.name for column in table.columns)
    connection.execute(insert(table).values(dict(zip(columns, about, strict=True))))
