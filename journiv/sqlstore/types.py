"""Column types: text on SQLite, native types on PostgreSQL, wire text in Python on both.

Ids are 36 characters, instants `YYYY-MM-DDTHH:MM:SS.ffffffZ`, days `YYYY-MM-DD`. On SQLite they
are stored as they are, so reading them costs nothing and text order is time order.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any, Final

import orjson
from sqlalchemy import (
    BigInteger,
    Boolean,
    DateTime,
    Dialect,
    Float,
    Integer,
    String,
    Text,
    Uuid,
)
from sqlalchemy.types import TypeDecorator, TypeEngine

_LENGTH: Final = len("2026-01-01T12:00:00.123456Z")


class _Timestamp(TypeDecorator[str]):
    """`timestamptz`, read and written as wire text."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> datetime | None:
        """Return what the driver takes."""
        return None if value is None else datetime.fromisoformat(value)

    def result_processor(self, dialect: Dialect, coltype: object) -> Callable[[Any], Any]:
        """Return `_wire_text`, without the two calls around `process_result_value`."""
        return _wire_text


def _wire_text(value: datetime | None) -> str | None:
    """Write an instant of the driver's, in UTC. `isoformat` would take four times as long."""
    if value is None:
        return None
    text = orjson.dumps(value, option=orjson.OPT_UTC_Z)[1:-1].decode()
    return text if len(text) == _LENGTH else f"{text[:19]}.000000Z"


class _Double(TypeDecorator[float]):
    """`double precision` without a negative zero, which SQLite does not keep."""

    impl = Float
    cache_ok = True

    def process_bind_param(self, value: float | None, dialect: Dialect) -> float | None:
        """Return what the driver takes."""
        return None if value is None else value + 0.0


def ordered(length: int) -> TypeEngine[str]:
    """Return the type of text that is sorted by code point, whatever the database's language."""
    return String(length).with_variant(String(length, collation="C"), "postgresql")


Id: Final = String(36).with_variant(Uuid(as_uuid=False), "postgresql")
Instant: Final = String(27).with_variant(_Timestamp(), "postgresql")
Day: Final = ordered(10)
Words: Final = Text()
Flag: Final = Boolean(create_constraint=False)
Count: Final = Integer()
Bytes: Final = BigInteger()
Degrees: Final = Float().with_variant(_Double(), "postgresql")
