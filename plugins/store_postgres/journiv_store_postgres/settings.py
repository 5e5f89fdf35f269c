"""The section `[store_postgres]`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

SCHEMA: Final[Mapping[str, Any]] = {
    "pool_size": {
        "type": "integer",
        "min": 1,
        "max": 200,
        "default": 10,
        "meta": {"help": "Connections that are kept open."},
    },
    "pool_overflow": {
        "type": "integer",
        "min": 0,
        "max": 200,
        "default": 10,
        "meta": {"help": "Connections more when all of these are busy."},
    },
    "statement_timeout_ms": {
        "type": "integer",
        "min": 100,
        "max": 600000,
        "default": 15000,
        "meta": {"help": "A statement that takes longer is given up, in milliseconds."},
    },
    "lock_timeout_ms": {
        "type": "integer",
        "min": 100,
        "max": 600000,
        "default": 5000,
        "meta": {"help": "How long a write waits for another one, in milliseconds."},
    },
    "transaction_pooler": {
        "type": "boolean",
        "default": False,
        "meta": {"help": "A pooler such as pgbouncer shares connections between transactions."},
    },
    "migration_url": {
        "type": "string",
        "nullable": True,
        "default": None,
        "meta": {
            "env": ["DATABASE_MIGRATION_URL"],
            "secret": True,
            "help": "The same database as a role that may change the schema.",
        },
    },
    "read_url": {
        "type": "string",
        "nullable": True,
        "default": None,
        "meta": {
            "env": ["DATABASE_READ_URL"],
            "secret": True,
            "help": "A streaming replica of the same database, for long reads.",
        },
    },
}
