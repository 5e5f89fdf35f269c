"""How entries look on the wire, in and out."""

from __future__ import annotations

from typing import Any, Final

from journiv.contracts.schema import Schema

MAX_CONTENT: Final = 1_000_000

_TITLE: Final = {"type": "text", "maxlength": 300}
_CONTENT: Final = {"type": "text", "maxlength": MAX_CONTENT}
_OPTIONAL: Final[dict[str, Any]] = {
    "entry_date": {"type": "day", "nullable": True},
    "entry_datetime_utc": {"type": "instant", "nullable": True},
    "entry_timezone": {"type": "text", "nullable": True, "maxlength": 50},
    "location": {"type": "text", "nullable": True, "maxlength": 200},
    "weather": {"type": "text", "nullable": True, "maxlength": 100},
    "latitude": {"type": "number", "nullable": True, "min": -90, "max": 90},
    "longitude": {"type": "number", "nullable": True, "min": -180, "max": 180},
}
_NEW: Final[dict[str, Any]] = {
    "id": {"type": "uuid", "nullable": True},
    "journal_id": {"type": "uuid", "required": True},
    "prompt_id": {"type": "uuid", "nullable": True},
    **_OPTIONAL,
}

ENTRY_CREATE: Final = Schema(
    "EntryCreate",
    {
        "title": {**_TITLE, "required": True, "minlength": 1},
        "content": {**_CONTENT, "required": True, "minlength": 1},
        **_NEW,
    },
)
DRAFT_CREATE: Final = Schema(
    "DraftCreate",
    {"title": {**_TITLE, "nullable": True}, "content": {**_CONTENT, "nullable": True}, **_NEW},
)
ENTRY_UPDATE: Final = Schema(
    "EntryUpdate",
    {
        "title": {**_TITLE, "nullable": True},
        "content": {**_CONTENT, "nullable": True},
        "journal_id": {"type": "uuid", "nullable": True},
        "is_pinned": {"type": "boolean", "nullable": True},
        "expected_updated_at": {"type": "instant", "nullable": True},
        **_OPTIONAL,
    },
)

ENTRY_FIELDS: Final[dict[str, Any]] = {
    "id": {"type": "uuid", "required": True},
    "journal_id": {"type": "uuid", "required": True},
    "user_id": {"type": "uuid", "required": True},
    "prompt_id": {"type": "uuid", "required": True, "nullable": True},
    "title": {"type": "text", "required": True},
    "content": {"type": "text", "required": True},
    "entry_date": {"type": "day", "required": True},
    "entry_datetime_utc": {"type": "instant", "required": True},
    "entry_timezone": {"type": "text", "required": True},
    "location": {"type": "text", "required": True, "nullable": True},
    "weather": {"type": "text", "required": True, "nullable": True},
    "latitude": {"type": "number", "required": True, "nullable": True},
    "longitude": {"type": "number", "required": True, "nullable": True},
    "word_count": {"type": "integer", "required": True, "min": 0},
    "is_pinned": {"type": "boolean", "required": True},
    "is_draft": {"type": "boolean", "required": True},
    "version": {"type": "integer", "required": True, "min": 1},
    "created_at": {"type": "instant", "required": True},
    "updated_at": {"type": "instant", "required": True},
}
ENTRY: Final = Schema("EntryResponse", ENTRY_FIELDS)
TRASHED: Final = Schema(
    "TrashedEntryResponse",
    {**ENTRY_FIELDS, "trashed_at": {"type": "instant", "required": True}},
)
HIT: Final = Schema(
    "SearchHitResponse",
    {
        **ENTRY_FIELDS,
        "snippet": {
            "type": "list",
            "required": True,
            "schema": {
                "type": "dict",
                "schema": {
                    "text": {"type": "text", "required": True},
                    "hit": {"type": "boolean", "required": True},
                },
            },
        },
    },
)
REVISION: Final = Schema(
    "RevisionResponse",
    {
        "entry_id": {"type": "uuid", "required": True},
        "number": {"type": "integer", "required": True, "min": 1},
        "title": {"type": "text", "required": True},
        "content": {"type": "text", "required": True},
        "word_count": {"type": "integer", "required": True, "min": 0},
        "reason": {"type": "text", "required": True},
        "saved_at": {"type": "instant", "required": True},
    },
)
