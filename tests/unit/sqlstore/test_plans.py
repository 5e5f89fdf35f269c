"""Statements that run on the event loop, or must not slow down as diaries grow, use an index."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from sqlalchemy import ClauseElement, Connection, create_engine
from sqlalchemy.dialects import sqlite

from journiv.sqlstore.prepared import Prepared
from journiv.sqlstore.repositories import entries, insights, journals, timeline, trash
from journiv.sqlstore.rollups import deletions, snapshots, streak, tally
from journiv.sqlstore.tables import metadata

READ_IN_ORDER = {
    "get one": (entries._ONE, "sqlite_autoindex_moments_1"),
    "first page": (entries._FIRST_PAGE, "ix_moments_status"),
    "next page": (entries._NEXT_PAGE, "ix_moments_status"),
    "journal page": (entries._OF_JOURNAL, "ix_moments_journal"),
    "next journal page": (entries._OF_JOURNAL_NEXT, "ix_moments_journal"),
    "timeline": (timeline._PAGE, "ix_moments_time"),
    "next timeline page": (timeline._NEXT_PAGE, "ix_moments_time"),
    "moods of days": (timeline._DAY_MOODS, "ix_moments_day"),
    "on days": (timeline._ON_DAYS, "ix_moments_day"),
    "first day": (timeline._FIRST_DAY, "sqlite_autoindex_day_stats_1"),
    "streak": (insights._STREAK, "sqlite_autoindex_streaks_1"),
    "totals of a month": (insights._TOTALS, "ix_moments_status"),
    "journal": (journals._GET, "sqlite_autoindex_journals_1"),
    "purge": (trash._PURGE, "ix_moments_day"),
    "newest of a journal": (tally._NEWEST, "ix_moments_journal"),
    "snapshot": (snapshots._MOMENT, "sqlite_autoindex_moments_1"),
    "days before": (streak._EARLIER, "sqlite_autoindex_day_stats_1"),
    "count a tag": (deletions._COUNT_TAG, "ix_entry_tags_tag"),
}


@pytest.fixture(scope="module")
def connection() -> Iterator[Connection]:
    engine = create_engine("sqlite://")
    with engine.connect() as opened:
        metadata.create_all(opened)
        yield opened
    engine.dispose()


@pytest.mark.parametrize("name", READ_IN_ORDER)
def test_a_statement_searches_its_index_and_sorts_nothing(
    connection: Connection, name: str
) -> None:
    statement, index = READ_IN_ORDER[name]
    found = plan(connection, statement)
    assert index in found
    assert "SCAN" not in found
    assert "TEMP B-TREE" not in found


def plan(connection: Connection, given: ClauseElement | Prepared) -> str:
    statement = given.statement if isinstance(given, Prepared) else given
    compiled = str(statement.compile(dialect=sqlite.dialect(paramstyle="named")))
    whole = re.sub(r"\(__\[POSTCOMPILE_\w+\]\)", "('a', 'b')", compiled)
    values = {
        name: 1 if name in ("limit", "offset", "param_1", "param_2") else "x"
        for name in re.findall(r":(\w+)", whole)
    }
    steps = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {whole}", values)
    return " | ".join(str(step[3]) for step in steps)
