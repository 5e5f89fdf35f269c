from __future__ import annotations

import asyncio
import logging
import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from journiv.testing.store import SharedStoreConformance
from journiv_store_postgres.connections import Tuning
from journiv_store_postgres.store import PostgresStore
from journiv_store_sqlite.store import SqliteStore
from tests.conftest import sqlite_store
from tests.services.postgres import PostgresServer

KEEP = """
CREATE SCHEMA kept;
DO $$ DECLARE one record; BEGIN
    FOR one IN SELECT tablename FROM pg_tables WHERE schemaname = 'public'
    LOOP EXECUTE format('CREATE TABLE kept.%1$I AS TABLE %1$I', one.tablename); END LOOP;
END $$
"""
EMPTY = """
DO $$ DECLARE one record; BEGIN
    SET LOCAL session_replication_role = replica;
    FOR one IN SELECT tablename FROM pg_tables WHERE schemaname = 'public'
    LOOP EXECUTE format('DELETE FROM %1$I; INSERT INTO %1$I TABLE kept.%1$I', one.tablename);
    END LOOP;
END $$
"""


@pytest.fixture(scope="module")
def one_database(postgres: PostgresServer) -> str:
    """A migrated PostgreSQL database, to be emptied for each test: that is far less than 100."""
    url = postgres.new_database()

    async def migrate() -> None:
        async with postgres_store(url) as opened:
            await opened.migrate()

    asyncio.run(migrate())
    postgres.run(KEEP, url.rpartition("/")[2])
    return url


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
    def url(self, postgres: PostgresServer, one_database: str) -> str:
        postgres.run(EMPTY, one_database.rpartition("/")[2])
        return one_database

    @pytest.fixture
    async def store(self, url: str) -> AsyncIterator[PostgresStore]:
        async with postgres_store(url) as opened:
            yield opened

    @pytest.fixture
    async def another(self, store: PostgresStore, url: str) -> AsyncIterator[PostgresStore]:
        async with postgres_store(url) as opened:
            yield opened
