from __future__ import annotations

from datetime import UTC, datetime

import pytest
from sqlalchemy.dialects.postgresql import asyncpg

from journiv.sqlstore.types import Instant


@pytest.mark.parametrize(
    ("instant", "wire"),
    [
        (datetime(2026, 1, 1, 12, 30, 45, 123456, tzinfo=UTC), "2026-01-01T12:30:45.123456Z"),
        (datetime(2026, 1, 1, tzinfo=UTC), "2026-01-01T00:00:00.000000Z"),
        (datetime(1660, 1, 1, 0, 0, 0, 5, tzinfo=UTC), "1660-01-01T00:00:00.000005Z"),
        (datetime(1, 1, 1, tzinfo=UTC), "0001-01-01T00:00:00.000000Z"),
        (datetime(9999, 12, 31, 23, 59, 59, 999999, tzinfo=UTC), "9999-12-31T23:59:59.999999Z"),
        (None, None),
    ],
)
def test_instants_from_postgresql_are_wire_text(instant: datetime | None, wire: str | None) -> None:
    dialect = asyncpg.dialect()
    into = Instant.dialect_impl(dialect).bind_processor(dialect)
    out_of = Instant.dialect_impl(dialect).result_processor(dialect, None)
    assert into is not None
    assert out_of is not None
    assert out_of(instant) == wire
    assert into(wire) == instant
