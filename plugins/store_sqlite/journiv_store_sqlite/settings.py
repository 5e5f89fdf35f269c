"""The section `[store_sqlite]`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

SCHEMA: Final[Mapping[str, Any]] = {
    "readers": {
        "type": "integer",
        "min": 1,
        "max": 16,
        "default": 2,
        "meta": {"help": "Threads that run searches and other long reads."},
    },
    "cache_mib": {
        "type": "integer",
        "min": 1,
        "max": 1024,
        "default": 16,
        "meta": {"help": "Page cache of each connection, in MiB."},
    },
    "mmap_mib": {
        "type": "integer",
        "min": 0,
        "max": 65536,
        "default": 0,
        "meta": {"help": "How much of the file is mapped into memory, in MiB."},
    },
    "busy_timeout_ms": {
        "type": "integer",
        "min": 0,
        "max": 60000,
        "default": 5000,
        "meta": {"help": "How long a write waits for another process, in milliseconds."},
    },
}
