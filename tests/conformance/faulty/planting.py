"""SQLite's store, to plant faults in."""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator
from pathlib import Path
from typing import ClassVar

import pytest

from journiv.testing.store import SharedStoreConformance
from journiv_store_sqlite.store import SqliteStore
from tests.conftest import sqlite_store

Patch = pytest.MonkeyPatch


class Faulty(SharedStoreConformance):
    """SQLite's store, with what `plant` does to it."""

    kit: ClassVar = "store"
    caught_by: ClassVar[tuple[str, ...]]

    def plant(self, patch: Patch) -> None:
        raise NotImplementedError

    @pytest.fixture
    async def store(
        self, database: Path, migrated: Path, monkeypatch: Patch
    ) -> AsyncIterator[SqliteStore]:
        self.plant(monkeypatch)
        database.parent.mkdir(mode=0o700)
        shutil.copy(migrated, database)
        async with sqlite_store(database) as opened:
            yield opened

    @pytest.fixture
    async def another(self, store: SqliteStore) -> AsyncIterator[SqliteStore]:
        async with sqlite_store(store.path) as opened:
            yield opened
