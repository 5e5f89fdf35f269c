from __future__ import annotations

import logging
from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest
from sqlalchemy import text

from journiv.contracts.storage import Transaction
from journiv.sqlstore.transaction import SqlTransaction
from journiv_store_postgres.connections import Tuning
from journiv_store_postgres.store import PostgresStore
from tests.services.postgres import PostgresServer

OpenStore = Callable[..., PostgresStore]


@pytest.fixture
def url(postgres: PostgresServer) -> str:
    """An empty database."""
    return postgres.new_database()


@pytest.fixture
def store_at() -> OpenStore:
    """Makes a store that is not open yet."""

    def make(url: str, migration_url: str | None = None, **tuning: Any) -> PostgresStore:
        log = logging.getLogger("journiv.tests")
        return PostgresStore(url, migration_url or url, log, Tuning(**tuning))

    return make


@pytest.fixture
async def store(url: str, store_at: OpenStore) -> AsyncIterator[PostgresStore]:
    """An open, migrated, empty store."""
    async with store_at(url) as opened:
        await opened.migrate()
        yield opened


def asked(tx: Transaction, sql: str) -> Any:
    """Run SQL in a unit of work."""
    assert isinstance(tx, SqlTransaction)
    result = tx.connection.execute(text(sql))
    return result.scalar() if result.returns_rows else None
