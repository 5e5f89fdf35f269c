from __future__ import annotations

import asyncio
from collections.abc import Iterator

import pytest

from journiv.domain.errors import Unavailable
from journiv.domain.scope import SYSTEM
from tests.plugins.store_postgres.conftest import OpenStore, asked
from tests.plugins.store_postgres.test_transactions import increment, value
from tests.services.pgbouncer import PgBouncer
from tests.services.postgres import PostgresServer


@pytest.fixture
def pooler(postgres: PostgresServer) -> Iterator[PgBouncer]:
    started = PgBouncer(postgres)
    started.start()
    yield started
    started.stop()


async def test_behind_a_transaction_pooler_nothing_is_lost_or_mixed_up(
    pooler: PgBouncer, postgres: PostgresServer, store_at: OpenStore
) -> None:
    url = pooler.url(postgres.new_database())
    async with store_at(url, transaction_pooler=True) as store:
        assert (await store.migrate()).up_to_date
        assert await store.check() == []
        await asyncio.gather(*(store.write(SYSTEM, increment) for _ in range(40)))
        read = await asyncio.gather(*(store.read(SYSTEM, value) for _ in range(40)))
        assert set(read) == {40}


async def test_behind_a_pooler_what_takes_too_long_is_given_up(
    pooler: PgBouncer, postgres: PostgresServer, store_at: OpenStore
) -> None:
    url = pooler.url(postgres.new_database())
    tuning = {"transaction_pooler": True, "statement_timeout_ms": 100, "lock_timeout_ms": 100}
    async with store_at(url, **tuning) as store:
        with pytest.raises(Unavailable):
            await store.read(SYSTEM, lambda tx: asked(tx, "SELECT pg_sleep(5)"))
        limits = "SELECT current_setting('lock_timeout')"
        assert await store.write(SYSTEM, lambda tx: asked(tx, limits)) == "100ms"
        with pytest.raises(RuntimeError, match="read transaction"):
            await store.read(SYSTEM, lambda tx: asked(tx, "CREATE TABLE never (n integer)"))
