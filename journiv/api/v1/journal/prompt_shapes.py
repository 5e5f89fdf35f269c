"""What prompts and their statistics look like on the wire."""

from __future__ import annotations

from typing import Any, Final

from journiv.contracts.schema import Schema

_ID: Final = {"type": "uuid", "required": True}
_INSTANT: Final = {"type": "instant", "required": True}
_COUNT: Final = {"type": "integer", "required": True, "min": 0}
_COUNTS: Final = {"type": "dict", "required": True, "valuesrules": {"type": "integer", "min": 0}}

_PROMPT_FIELDS: Final[dict[str, Any]] = {
    "id": _ID,
    "text": {"type": "text", "required": True},
    "category": {"type": "text", "required": True, "nullable": True},
    "difficulty_level": {"type": "integer", "required": True, "min": 1, "max": 5},
    "estimated_time_minutes": {"type": "integer", "required": True, "nullable": True},
    "is_active": {"type": "boolean", "required": True},
    "usage_count": _COUNT,
    "user_id": {"type": "uuid", "required": True, "nullable": True},
    "created_at": _INSTANT,
    "updated_at": _INSTANT,
}
PROMPT: Final = Schema("PromptResponse", _PROMPT_FIELDS)

_STATISTICS: Final[dict[str, Any]] = {
    "total_prompts": _COUNT,
    "active_prompts": _COUNT,
    "total_usage": _COUNT,
    "average_usage": {"type": "number", "required": True, "min": 0},
    "most_used_prompt": {
        "type": "dict",
        "required": True,
        "nullable": True,
        "schema": _PROMPT_FIELDS,
    },
    "category_distribution": _COUNTS,
    "difficulty_distribution": _COUNTS,
}
PROMPT_STATISTICS: Final = Schema(
    "PromptStatistics",
    {**_STATISTICS, "catalogue": {"type": "dict", "required": True, "schema": _STATISTICS}},
)
