"""What the figures about writing look like on the wire."""

from __future__ import annotations

from typing import Any, Final

from journiv.contracts.schema import Schema

_COUNT: Final = {"type": "integer", "required": True, "min": 0}
_RATIO: Final = {"type": "number", "required": True, "min": 0}
_TEXT: Final = {"type": "text", "required": True}
_DAY: Final = {"type": "day", "required": True}
_ANY_DAY: Final = {"type": "day", "required": True, "nullable": True}


def _list_of(**fields: Any) -> dict[str, Any]:
    return {"type": "list", "required": True, "schema": {"type": "dict", "schema": fields}}


def _object(fields: dict[str, Any]) -> dict[str, Any]:
    return {"type": "dict", "required": True, "schema": fields}


_STREAK_FIELDS: Final[dict[str, Any]] = {
    "current_streak": _COUNT,
    "longest_streak": _COUNT,
    "total_entries": _COUNT,
    "total_words": _COUNT,
    "average_words_per_entry": _RATIO,
    "last_entry_date": _ANY_DAY,
    "streak_start_date": _ANY_DAY,
}
_PATTERN_FIELDS: Final[dict[str, Any]] = {
    "period_days": _COUNT,
    "entries_by_day": _list_of(date=_DAY, entry_count=_COUNT, total_words=_COUNT),
    "mood_patterns": _list_of(date=_DAY, mood_count=_COUNT),
    "top_tags": _list_of(tag_name=_TEXT, usage_count=_COUNT),
}
_PRODUCTIVITY_FIELDS: Final[dict[str, Any]] = {
    "current_month_entries": _COUNT,
    "current_month_words": _COUNT,
    "entry_growth_percentage": {"type": "number", "required": True},
    "average_daily_entries": _RATIO,
    "average_words_per_day": _RATIO,
}
_JOURNAL_FIELDS: Final[dict[str, Any]] = {
    "journals": _list_of(
        journal_id={"type": "uuid", "required": True},
        title=_TEXT,
        entry_count=_COUNT,
        total_words=_COUNT,
        last_entry={"type": "instant", "required": True, "nullable": True},
    ),
}
_SUMMARY_FIELDS: Final[dict[str, Any]] = {
    "total_journals": _COUNT,
    "total_entries": _COUNT,
    "current_streak": _COUNT,
    "longest_streak": _COUNT,
}

STREAK: Final = Schema("WritingStreak", _STREAK_FIELDS)
PATTERNS: Final = Schema("WritingPatterns", _PATTERN_FIELDS)
PRODUCTIVITY: Final = Schema("Productivity", _PRODUCTIVITY_FIELDS)
JOURNALS: Final = Schema("JournalFigures", _JOURNAL_FIELDS)
DASHBOARD: Final = Schema(
    "Dashboard",
    {
        "writing_streak": _object(_STREAK_FIELDS),
        "writing_patterns": _object(_PATTERN_FIELDS),
        "productivity": _object(_PRODUCTIVITY_FIELDS),
        "journals": _object(_JOURNAL_FIELDS),
        "summary": _object(_SUMMARY_FIELDS),
    },
)
