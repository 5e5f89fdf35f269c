"""What tags, their links and their use over time look like on the wire."""

from __future__ import annotations

from typing import Any, Final

from journiv.contracts.schema import ListOf, Schema

_ID: Final = {"type": "uuid", "required": True}
_INSTANT: Final = {"type": "instant", "required": True}
_TEXT: Final = {"type": "text", "required": True}
_COUNT: Final = {"type": "integer", "required": True, "min": 0}
_RATIO: Final = {"type": "number", "required": True, "min": 0}
_DAY: Final = {"type": "day", "required": True}
_ANY_DAY: Final = {"type": "day", "required": True, "nullable": True}

TAG_CREATE: Final = Schema("TagCreate", {"name": _TEXT})
TAG_UPDATE: Final = Schema("TagUpdate", {"name": {"type": "text", "nullable": True}})
TAG_NAMES: Final = ListOf({"type": "text"})

_TAG_FIELDS: Final[dict[str, Any]] = {
    "id": _ID,
    "user_id": _ID,
    "name": _TEXT,
    "usage_count": _COUNT,
    "created_at": _INSTANT,
    "updated_at": _INSTANT,
}
TAG: Final = Schema("TagResponse", _TAG_FIELDS)
TAG_LINK: Final = Schema(
    "EntryTagLinkResponse",
    {"entry_id": _ID, "tag_id": _ID, "created_at": _INSTANT, "updated_at": _INSTANT},
)
ENTRY_PREVIEW: Final = Schema(
    "EntryPreviewResponse",
    {
        "id": _ID,
        "title": _TEXT,
        "content": _TEXT,
        "journal_id": _ID,
        "created_at": _INSTANT,
        "entry_date": _DAY,
        "entry_datetime_utc": _INSTANT,
        "entry_timezone": _TEXT,
    },
)

_MONTHS: Final = {
    "type": "list",
    "required": True,
    "schema": {
        "type": "dict",
        "schema": {
            "month": {"type": "text", "required": True, "regex": "[0-9]{4}-[0-9]{2}"},
            "usage_count": _COUNT,
        },
    },
}
_PERIOD: Final[dict[str, Any]] = {
    "period_days": _COUNT,
    "start_date": _DAY,
    "end_date": _DAY,
    "total_entries": _COUNT,
    "usage_by_month": _MONTHS,
}
TAG_OVERVIEW: Final = Schema(
    "TagOverview",
    {
        **_PERIOD,
        "total_tags": _COUNT,
        "used_tags": _COUNT,
        "unused_tags": _COUNT,
        "total_usage": _COUNT,
        "average_tags_per_entry": _RATIO,
        "top_tags": {
            "type": "list",
            "required": True,
            "schema": {"type": "dict", "schema": {"tag_name": _TEXT, "usage_count": _COUNT}},
        },
    },
)
TAG_HISTORY: Final = Schema(
    "TagHistory",
    {
        **_PERIOD,
        "tag": {"type": "dict", "required": True, "schema": _TAG_FIELDS},
        "usage_count": _COUNT,
        "share_of_entries": {"type": "number", "required": True, "min": 0, "max": 100},
        "first_used": _ANY_DAY,
        "last_used": _ANY_DAY,
        "together_with": {
            "type": "list",
            "required": True,
            "schema": {
                "type": "dict",
                "schema": {"tag_id": _ID, "tag_name": _TEXT, "entry_count": _COUNT},
            },
        },
    },
)
