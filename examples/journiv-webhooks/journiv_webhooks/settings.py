"""The section `[webhooks]`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

CONFIG_SCHEMA: Final[Mapping[str, Any]] = {
    "private_addresses": {
        "type": "boolean",
        "default": False,
        "meta": {"help": "deliver to this machine and the local network too"},
    },
    "timeout_seconds": {
        "type": "integer",
        "min": 1,
        "max": 60,
        "default": 10,
        "meta": {"help": "how long a receiver may take to answer"},
    },
    "retry_seconds": {
        "type": "integer",
        "min": 1,
        "max": 3600,
        "default": 60,
        "meta": {"help": "how often failed deliveries are looked through"},
    },
}
