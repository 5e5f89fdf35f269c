"""What moods, mood logs and their statistics look like on the wire."""

from __future__ import annotations

from typing import Any, Final

from journiv.contracts.schema import Schema
from journiv.domain.catalogue import MOOD_CATEGORIES

_ID: Final = {"type": "uuid", "required": True}
_INSTANT: Final = {"type": "instant", "required": True}
_TEXT: Final = {"type": "text", "required": True}
_COUNT: Final = {"type": "integer", "required": True, "min": 0}
_PERCENT: Final = {"type": "number", "required": True, "min": 0, "max": 100}
_DAY: Final = {"type": "day", "required": True}
_CATEGORY: Final = {"type": "text", "required": True, "allowed": list(MOOD_CATEGORIES)}
_NOTE: Final = {"type": "text", "nullable": True, "maxlength": 500}
_ZONE: Final = {"type": "text", "nullable": True, "maxlength": 50}

_MOOD_FIELDS: Final[dict[str, Any]] = {
    "id": _ID,
    "name": _TEXT,
    "icon": {"type": "text", "required": True, "nullable": True},
    "category": _CATEGORY,
    "score": {"type": "integer", "required": True, "min": 1, "max": 5},
    "created_at": _INSTANT,
    "updated_at": _INSTANT,
}
MOOD: Final = Schema("MoodResponse", _MOOD_FIELDS)

MOOD_LOG_CREATE: Final = Schema(
    "MoodLogCreate",
    {
        "mood_id": _ID,
        "note": _NOTE,
        "logged_datetime_utc": {"type": "instant", "nullable": True},
        "logged_timezone": _ZONE,
        "entry_id": {"type": "uuid", "nullable": True},
    },
)
MOOD_LOG_UPDATE: Final = Schema(
    "MoodLogUpdate",
    {
        "mood_id": {"type": "uuid", "nullable": True},
        "note": _NOTE,
        "logged_datetime_utc": {"type": "instant", "nullable": True},
        "logged_timezone": _ZONE,
    },
)
MOOD_LOG: Final = Schema(
    "MoodLogResponse",
    {
        "id": _ID,
        "user_id": _ID,
        "mood_id": _ID,
        "entry_id": {"type": "uuid", "required": True, "nullable": True},
        "note": {"type": "text", "required": True, "nullable": True},
        "logged_datetime_utc": _INSTANT,
        "logged_timezone": _TEXT,
        "logged_date": _DAY,
        "mood": {"type": "dict", "required": True, "schema": _MOOD_FIELDS},
        "created_at": _INSTANT,
    },
)

_COUNTED: Final[dict[str, Any]] = {"name": _TEXT, "category": _CATEGORY, "count": _COUNT}

MOOD_STATISTICS: Final = Schema(
    "MoodStatistics",
    {
        "total_logs": _COUNT,
        "date_range": {
            "type": "dict",
            "required": True,
            "schema": {"start_date": _DAY, "end_date": _DAY},
        },
        "mood_distribution": {
            "type": "dict",
            "required": True,
            "schema": dict.fromkeys(MOOD_CATEGORIES, _PERCENT),
        },
        "most_frequent_mood": {
            "type": "dict",
            "required": True,
            "nullable": True,
            "schema": _COUNTED,
        },
        "mood_counts": {
            "type": "list",
            "required": True,
            "schema": {"type": "dict", "schema": {**_COUNTED, "percentage": _PERCENT}},
        },
        "daily_trends": {
            "type": "list",
            "required": True,
            "schema": {
                "type": "dict",
                "schema": {"date": _DAY, "category": _CATEGORY, "count": _COUNT},
            },
        },
    },
)
MOOD_STREAK: Final = Schema(
    "MoodStreak",
    {
        "current_streak": _COUNT,
        "longest_streak": _COUNT,
        "total_days_logged": {"type": "integer", "min": 0},
    },
)
