from __future__ import annotations

import asyncio
import logging
import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from journiv.domain.ids import new_id
from journiv.testing.store import SharedStoreConformance
from journiv_store_postgres.connections import Tuning
from journiv_store_postgres.store import PostgresStore
from journiv_store_sqlite.store import SqliteStore
from tests.conftest import sqlite_store
from tests.services.postgres import PostgresServer


@pytest.fixture(scope="module")
def template(postgres: PostgresServer) -> str:
    """The name of a migrated, empty PostgreSQL database to copy."""
    url = postgres.new_database()

    async def migrate() -> None:
        async with postgres_store(url) as opened:
            await opened.migrate()

    asyncio.run(migrate())
    return url.rpartition("/")[2]


def postgres_store(url: str) -> PostgresStore:
    return PostgresStore(url, url, logging.getLogger("journiv.tests"), Tuning(pool_size=4))


class TestSqlite(SharedStoreConformance):
    @pytest.fixture
    async def store(self, database: Path, migrated: Path) -> AsyncIterator[SqliteStore]:
        database.parent.mkdir(mode=0o700)
        shutil.copy(migrated, database)
        async with sqlite_store(database) as opened:
            yield opened

    @pytest.fixture
    async def another(self, store: SqliteStore) -> AsyncIterator[SqliteStore]:
        async with sqlite_store(store.path) as opened:
            yield opened


class TestPostgres(SharedStoreConformance):
    @pytest.fixture
    def url(self, postgres: PostgresServer, template: str) -> str:
        name = f"kit_{new_id().replace('-', '')}"
        postgres.run(f"CREATE DATABASE {name} TEMPLATE {template}")
        return postgres.url(name)

    @pytest.fixture
    async def store(self, url: str) -> AsyncIterator[PostgresStore]:
        async with postgres_store(url) as opened:
            yield opened

    @pytest.fixture
    async def another(self, store: PostgresStore, url: str) -> AsyncIterator[PostgresStore]:
        async with postgres_store(url) as opened:
            yield opened
