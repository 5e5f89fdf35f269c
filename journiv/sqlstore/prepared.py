"""Statements that are run so often that SQLAlchemy's own way to the driver costs too much.

SQLAlchemy makes an execution context and a result object for every execution: 15 of the 24
microseconds of a keyed read on SQLite. A `Prepared` statement is compiled by SQLAlchemy once for
each dialect, with its types, and then goes to the driver's cursor. Where the driver awaits,
SQLAlchemy's cursor is only a costly costume: a store can give its connections a `Direct`. Use
`Prepared` where `bench/` shows a difference; everything else is plain Core.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from typing import Any, Final, cast

from sqlalchemy import Connection, Dialect, Select
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.expression import ClauseElement, CompoundSelect, UpdateBase

Statement = Select[Any] | CompoundSelect[Any] | UpdateBase
Row = Sequence[Any]
_Convert = Callable[[Any], Any]

DIRECT: Final = "journiv.direct"
"""Where `Connection.info` holds a connection's `Direct`, if it has one."""


class Direct(ABC):
    """A driver's own way to run a statement, for drivers that SQLAlchemy only adapts."""

    @abstractmethod
    def fetch(self, sql: str, values: Sequence[Any]) -> Sequence[Row]:
        """Run a statement and return every row."""

    @abstractmethod
    def change(self, sql: str, values: Sequence[Any]) -> int:
        """Run a statement and return how many rows it wrote."""


@dataclass(frozen=True, slots=True)
class _Compiled:
    """What the driver is given. Both `into` and `out_of` hold what a type does to its values."""

    sql: str
    names: tuple[str, ...]
    constants: Mapping[str, Any]
    into: Mapping[str, _Convert]
    out_of: tuple[tuple[int, _Convert], ...]
    awaits: bool

    def given(self, values: Mapping[str, Any]) -> tuple[Any, ...]:
        """Return the parameters in order, as the driver takes them."""
        if self.constants or self.into:
            converted = {**self.constants, **values}
            for name, convert in self.into.items():
                converted[name] = convert(converted[name])
            values = converted
        return tuple([values[name] for name in self.names])


class Prepared:
    """A statement with named parameters, none of which is a list.

    The connection must be in a transaction already, as it is in every unit of work. Errors are the
    driver's own.
    """

    def __init__(self, statement: Statement) -> None:
        self.statement = statement
        self._by_dialect: dict[str, _Compiled] = {}

    def all(self, connection: Connection, values: Mapping[str, Any]) -> Sequence[Row]:
        """Run it and return every row."""
        compiled = self._compiled(connection.dialect)
        direct = connection.info.get(DIRECT) if compiled.awaits else None
        if direct is not None:
            rows = direct.fetch(compiled.sql, compiled.given(values))
        else:
            with closing(_cursor(connection, compiled, values)) as cursor:
                rows = cursor.fetchall()
        return [_converted(row, compiled.out_of) for row in rows] if compiled.out_of else rows

    def one(self, connection: Connection, values: Mapping[str, Any]) -> Row | None:
        """Run it and return the first row, if there is one."""
        compiled = self._compiled(connection.dialect)
        direct = connection.info.get(DIRECT) if compiled.awaits else None
        row: Row | None
        if direct is not None:
            row = next(iter(direct.fetch(compiled.sql, compiled.given(values))), None)
        else:
            with closing(_cursor(connection, compiled, values)) as cursor:
                row = cursor.fetchone()
        return _converted(row, compiled.out_of) if row and compiled.out_of else row

    def change(self, connection: Connection, values: Mapping[str, Any]) -> int:
        """Run it and return how many rows it wrote."""
        compiled = self._compiled(connection.dialect)
        direct = connection.info.get(DIRECT) if compiled.awaits else None
        if direct is not None:
            return int(direct.change(compiled.sql, compiled.given(values)))
        with closing(_cursor(connection, compiled, values)) as cursor:
            return int(cursor.rowcount)

    def _compiled(self, dialect: Dialect) -> _Compiled:
        found = self._by_dialect.get(dialect.name)
        if found is None:
            found = self._by_dialect[dialect.name] = _compile(self.statement, dialect)
        return found


def _cursor(connection: Connection, compiled: _Compiled, values: Mapping[str, Any]) -> Any:
    cursor = connection.connection.cursor()
    try:
        cursor.execute(compiled.sql, compiled.given(values))
    except BaseException:
        cursor.close()
        raise
    return cursor


def _compile(statement: Statement, dialect: Dialect) -> _Compiled:
    compiled = cast("SQLCompiler", cast("ClauseElement", statement).compile(dialect=dialect))
    names = tuple(compiled.positiontup or ())
    if compiled.post_compile_params:
        raise ValueError("a prepared statement takes no lists")
    into = {
        bind.key: convert
        for bind in compiled.binds.values()
        if (convert := bind.type.dialect_impl(dialect).bind_processor(dialect)) is not None
    }
    constants = {name: value for name, value in compiled.params.items() if value is not None}
    out_of = _processors(statement, dialect)
    return _Compiled(str(compiled), names, constants, into, out_of, awaits=dialect.is_async)


def _processors(statement: Statement, dialect: Dialect) -> tuple[tuple[int, _Convert], ...]:
    if isinstance(statement, UpdateBase):
        return ()
    columns = enumerate(column.type for column in statement.selected_columns)
    return tuple(
        (index, convert)
        for index, kind in columns
        if kind.python_type is not float  # every driver returns floats as they are
        and (convert := kind.dialect_impl(dialect).result_processor(dialect, None)) is not None
    )


def _converted(row: Row, processors: Sequence[tuple[int, _Convert]]) -> Row:
    values = list(row)
    for index, convert in processors:
        values[index] = convert(values[index])
    return tuple(values)
