from __future__ import annotations

import logging
from collections.abc import Callable
from pathlib import Path

import pytest

from journiv.domain.clock import SystemClock
from journiv_store_sqlite.connections import Tuning
from journiv_store_sqlite.store import SqliteStore

OpenStore = Callable[..., SqliteStore]


@pytest.fixture
def store_at(caplog: pytest.LogCaptureFixture) -> OpenStore:
    """Makes a store that is not open yet."""
    caplog.set_level(logging.INFO)

    def make(path: Path, *, busy_timeout_ms: int = 5000, readers: int = 2) -> SqliteStore:
        tuning = Tuning(busy_timeout_ms=busy_timeout_ms)
        return SqliteStore(path, SystemClock(), logging.getLogger("journiv.tests"), tuning, readers)

    return make
