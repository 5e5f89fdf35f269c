from __future__ import annotations

import asyncio
from collections.abc import Iterator

import pytest

from journiv.domain.scope import SYSTEM
from tests.plugins.store_postgres.conftest import OpenStore
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
