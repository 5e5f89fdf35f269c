"""The JSON of the routes."""

from __future__ import annotations

from typing import Any, Final

from journiv.contracts.schema import Schema
from journiv_webhooks.messages import NAMES

_URL: Final = {"type": "text", "maxlength": 2000}
_EVENTS: Final = {
    "type": "list",
    "minlength": 1,
    "maxlength": len(NAMES),
    "schema": {"type": "text", "allowed": list(NAMES.values())},
}
_FIELDS: Final[dict[str, Any]] = {
    "id": {"type": "uuid", "required": True},
    "url": {"type": "text", "required": True},
    "events": {**_EVENTS, "required": True},
    "created_at": {"type": "instant", "required": True},
}

CREATE: Final = Schema("WebhookCreate", {"url": {**_URL, "required": True}, "events": _EVENTS})
UPDATE: Final = Schema("WebhookUpdate", {"url": _URL, "events": _EVENTS})
WEBHOOK: Final = Schema("Webhook", _FIELDS)
CREATED: Final = Schema("WebhookCreated", {**_FIELDS, "secret": {"type": "text", "required": True}})
TESTED: Final = Schema(
    "WebhookTested",
    {
        "delivered": {"type": "boolean", "required": True},
        "status": {"type": "integer", "required": True, "nullable": True},
        "error": {"type": "text", "required": True, "nullable": True},
    },
)
