"""The section `[auth_local]`: how much work one password hash is."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

CONFIG_SCHEMA: Final[Mapping[str, Any]] = {
    "argon2_profile": {
        "type": "string",
        "allowed": ["standard", "low"],
        "default": "standard",
        "meta": {
            "env": ["ARGON2_PROFILE"],
            "help": "standard: 64 MiB a hash; low: 19 MiB, for small boards",
        },
    },
    "argon2_threads": {
        "type": "integer",
        "min": 1,
        "max": 4,
        "default": 1,
        "meta": {"env": ["ARGON2_THREADS"], "help": "passwords hashed at the same time"},
    },
}
