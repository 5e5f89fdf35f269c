from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Iterator
from typing import Any

import pytest

from journiv.contracts.storage import Transaction
from journiv.domain.errors import NotFound
from journiv.domain.scope import SYSTEM
from journiv_store_postgres import replica
from journiv_store_postgres.connections import Tuning
from journiv_store_postgres.store import PostgresStore
from tests.plugins.store_postgres.conftest import asked
from tests.plugins.store_postgres.test_transactions import increment, value
from tests.services.postgres import PostgresServer

SOON = 10.0


@pytest.fixture(scope="module")
def primary() -> Iterator[PostgresServer]:
    server = PostgresServer()
    server.start()
    yield server
    server.remove()


@pytest.fixture(scope="module")
def beside(primary: PostgresServer) -> Iterator[PostgresServer]:
    """A replica of it."""
    server = primary.replica()
    server.start()
    yield server
    server.remove()


@pytest.fixture
def url(primary: PostgresServer) -> str:
    return primary.new_database()


def store_of(url: str, beside: PostgresServer) -> PostgresStore:
    read_url = beside.url(url.rpartition("/")[2])
    return PostgresStore(url, url, logging.getLogger("journiv.tests"), Tuning(), read_url)


@pytest.fixture
async def store(
    url: str, beside: PostgresServer, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[PostgresStore]:
    monkeypatch.setattr(replica, "REST", 0.3)
    monkeypatch.setattr(replica, "SHORT_REST", 0.1)
    async with store_of(url, beside) as opened:
        await opened.migrate()
        await is_asked(opened)
        yield opened


def from_replica(tx: Transaction) -> Any:
    return asked(tx, "SELECT pg_is_in_recovery()")


async def is_asked(store: PostgresStore) -> None:
    """Wait until long reads go to the replica."""
    async with asyncio.timeout(SOON):
        while not await store.read(SYSTEM, from_replica, long=True):
            await asyncio.sleep(0.05)


async def test_long_reads_go_to_the_replica_and_short_ones_do_not(store: PostgresStore) -> None:
    assert await store.read(SYSTEM, from_replica, long=True)
    assert not await store.read(SYSTEM, from_replica)


async def test_every_server_sees_at_once_what_any_of_them_has_written(
    store: PostgresStore, url: str, beside: PostgresServer
) -> None:
    places = []
    async with store_of(url, beside) as other:
        for number in range(1, 101):
            assert await store.write(SYSTEM, increment) == number
            reader = (store, other)[number % 2]
            found, place = await reader.read(
                SYSTEM, lambda tx: (value(tx), from_replica(tx)), long=True
            )
            assert found == number
            places.append(place)
    assert places.count(True) > 10


async def test_a_replica_that_lags_is_not_asked_until_it_has_caught_up(
    store: PostgresStore, beside: PostgresServer
) -> None:
    beside.run("SELECT pg_wal_replay_pause()")
    try:
        assert await store.write(SYSTEM, increment) == 1
        found = await store.read(SYSTEM, lambda tx: (value(tx), from_replica(tx)), long=True)
        assert found == (1, False)
    finally:
        beside.run("SELECT pg_wal_replay_resume()")
    await is_asked(store)
    assert await store.read(SYSTEM, value, long=True) == 1


async def test_a_replica_that_is_away_is_not_missed(
    store: PostgresStore, beside: PostgresServer, caplog: pytest.LogCaptureFixture
) -> None:
    await store.write(SYSTEM, increment)
    beside.stop(kill=True)
    try:
        found = await store.read(SYSTEM, lambda tx: (value(tx), from_replica(tx)), long=True)
        assert found == (1, False)
        assert "Long reads go to the primary" in caplog.text
    finally:
        beside.start()
    await is_asked(store)


async def test_another_database_is_no_replica(
    url: str, postgres: PostgresServer, caplog: pytest.LogCaptureFixture
) -> None:
    postgres.run(f"CREATE DATABASE {url.rpartition('/')[2]}_there")
    for read_url in (postgres.url(f"{url.rpartition('/')[2]}_there"), url):
        store = PostgresStore(url, url, logging.getLogger("journiv.tests"), Tuning(), read_url)
        async with store:
            await store.migrate()
            assert not await store.read(SYSTEM, from_replica, long=True)
    assert caplog.text.count("it is no replica of DATABASE_URL") == 2


async def test_what_a_unit_raises_on_the_replica_is_raised_once(store: PostgresStore) -> None:
    asked_of: list[bool] = []

    def fail(tx: Transaction) -> None:
        asked_of.append(from_replica(tx))
        raise NotFound("There is no such thing.")

    with pytest.raises(NotFound):
        await store.read(SYSTEM, fail, long=True)
    assert asked_of == [True]


async def test_writing_in_a_long_read_is_a_mistake(store: PostgresStore) -> None:
    with pytest.raises(RuntimeError, match="read transaction"):
        await store.read(SYSTEM, increment, long=True)
