"""From rows of `moments` to entry records, without a copy per field."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Final, cast

from journiv.contracts.records import EntryRecord
from journiv.sqlstore.tables import moments

ENTRY_COLUMNS: Final = (
    moments.c.id,
    moments.c.journal_id,
    moments.c.user_id,
    moments.c.prompt_id,
    moments.c.title,
    moments.c.content,
    moments.c.day,
    moments.c.at,
    moments.c.zone,
    moments.c.location,
    moments.c.weather,
    moments.c.latitude,
    moments.c.longitude,
    moments.c.word_count,
    moments.c.is_pinned,
    moments.c.is_draft,
    moments.c.version,
    moments.c.created_at,
    moments.c.updated_at,
)
ENTRY_KEYS: Final = tuple(EntryRecord.__annotations__)


def entry_record(row: Sequence[Any]) -> EntryRecord:
    """Turn one row of `ENTRY_COLUMNS` into a record."""
    return cast("EntryRecord", dict(zip(ENTRY_KEYS, row, strict=True)))


def entry_records(rows: Iterable[Sequence[Any]]) -> list[EntryRecord]:
    """Turn rows of `ENTRY_COLUMNS` into records; give them fetched."""
    return [entry_record(row) for row in rows]
