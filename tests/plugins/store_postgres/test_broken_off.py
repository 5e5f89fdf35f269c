from __future__ import annotations

import asyncio

import pytest

from journiv.contracts.storage import Transaction
from journiv.domain.scope import SYSTEM
from journiv.sqlstore.transaction import SqlTransaction
from journiv_store_postgres.session import session_of
from journiv_store_postgres.store import PostgresStore
from tests.plugins.store_postgres.conftest import OpenStore

NOON = "2026-01-01T12:00:00.000000Z"


async def test_a_write_that_is_cancelled_twice_lets_its_lock_go(
    store: PostgresStore, url: str, store_at: OpenStore
) -> None:
    def half(tx: Transaction) -> None:
        tx.kv.put("test", "half", 1)
        assert isinstance(tx, SqlTransaction)
        session_of(tx.connection).fetch("SELECT pg_sleep(10)", ())

    async with store_at(url, pool_size=1, pool_overflow=0, lock_timeout_ms=1500) as other:
        writing = asyncio.create_task(other.write(SYSTEM, half))
        await asyncio.sleep(0.3)
        writing.cancel()
        await asyncio.sleep(0)  # it begins to roll back
        writing.cancel()
        with pytest.raises(asyncio.CancelledError):
            await writing
        await other.write(SYSTEM, lambda tx: tx.kv.put("test", "next", 2))
    assert await store.read(SYSTEM, lambda tx: tx.kv.get("test", "half", NOON)) is None
    assert await store.read(SYSTEM, lambda tx: tx.kv.get("test", "next", NOON)) == 2
