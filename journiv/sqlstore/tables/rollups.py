"""Sums kept beside the diary; only `journiv.sqlstore.rollups` writes them."""

from __future__ import annotations

from typing import Final

from sqlalchemy import Column, ForeignKey, Table

from journiv.sqlstore.tables.metadata import metadata
from journiv.sqlstore.types import Count, Day, Id, Instant


def _owner() -> Column[str]:
    return Column("user_id", Id, ForeignKey("users.id", ondelete="CASCADE"), primary_key=True)


journal_stats: Final = Table(
    "journal_stats",
    metadata,
    _owner(),
    Column("journal_id", Id, primary_key=True),
    Column("entry_count", Count, nullable=False),
    Column("total_words", Count, nullable=False),
    Column("last_entry_at", Instant),
)

day_stats: Final = Table(
    "day_stats",
    metadata,
    _owner(),
    Column("day", Day, primary_key=True),
    Column("entries", Count, nullable=False),
    Column("words", Count, nullable=False),
)

tag_days: Final = Table(
    "tag_days",
    metadata,
    _owner(),
    Column("day", Day, primary_key=True),
    Column("tag_id", Id, primary_key=True),
    Column("entries", Count, nullable=False),
)

mood_days: Final = Table(
    "mood_days",
    metadata,
    _owner(),
    Column("day", Day, primary_key=True),
    Column("mood_id", Id, primary_key=True),
    Column("logs", Count, nullable=False),
)

prompt_uses: Final = Table(
    "prompt_uses",
    metadata,
    _owner(),
    Column("prompt_id", Id, primary_key=True),
    Column("uses", Count, nullable=False),
)

streaks: Final = Table(
    "streaks",
    metadata,
    _owner(),
    Column("current_streak", Count, nullable=False),
    Column("longest_streak", Count, nullable=False),
    Column("total_entries", Count, nullable=False),
    Column("total_words", Count, nullable=False),
    Column("last_entry_date", Day),
    Column("streak_start_date", Day),
)
