from __future__ import annotations

import asyncio
import logging
import os
import shutil
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import insert

from journiv.contracts.storage import Store, Transaction
from journiv.domain.clock import SystemClock, instant
from journiv.domain.ids import new_id
from journiv.domain.scope import SYSTEM, UserScope
from journiv.sqlstore.tables import users
from journiv.sqlstore.transaction import SqlTransaction
from journiv_store_sqlite.connections import Tuning
from journiv_store_sqlite.store import SqliteStore
from tests.services.postgres import PostgresServer
from tests.services.redis import RedisServer

STORES = ("sqlite", "postgres")
AddUser = Callable[[str], Awaitable[UserScope]]


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--store",
        choices=("both", *STORES),
        default="both",
        help="where the servers of tests/api keep their data",
    )


@pytest.fixture(scope="session")
def postgres() -> Iterator[PostgresServer]:
    """A PostgreSQL for all tests; each takes a database of its own from it."""
    server = PostgresServer()
    server.start()
    yield server
    server.remove()


@pytest.fixture(scope="session")
def new_store(request: pytest.FixtureRequest) -> Callable[[], dict[str, str]]:
    """Returns what tells a server to use a store of its own; tests/api asks for either kind."""
    if getattr(request, "param", request.config.getoption("--store")) != "postgres":
        return dict
    server: PostgresServer = request.getfixturevalue("postgres")
    return lambda: {"DATABASE_URL": server.new_database()}


@pytest.fixture
def database(tmp_path: Path) -> Path:
    """Where the test's database is, or will be."""
    return tmp_path / "data" / "journiv.db"


def sqlite_store(path: Path, readers: int = 2) -> SqliteStore:
    return SqliteStore(path, SystemClock(), logging.getLogger("journiv.tests"), Tuning(), readers)


@pytest.fixture(scope="session")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated, empty database for tests to copy."""
    path = tmp_path_factory.mktemp("migrated") / "journiv.db"

    async def migrate() -> None:
        async with sqlite_store(path) as opened:
            await opened.migrate()

    asyncio.run(migrate())
    return path


@pytest.fixture
async def store(database: Path, migrated: Path) -> AsyncIterator[Store]:
    """An open, migrated, empty store."""
    database.parent.mkdir(mode=0o700)
    shutil.copy(migrated, database)
    async with sqlite_store(database) as opened:
        yield opened


@pytest.fixture
def add_user(store: Store) -> AddUser:
    """Stores an account with the given address and returns its scope."""

    async def add(email: str) -> UserScope:
        account = UserScope(new_id())
        await store.write(SYSTEM, partial(_insert_user, account.user_id, email))
        return account

    return add


@pytest.fixture
async def user(add_user: AddUser) -> UserScope:
    """A stored account."""
    return await add_user("pepys@example.org")


@pytest.fixture(scope="session")
def shared_redis(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a Redis for all tests; `JOURNIV_TEST_REDIS_URL` names one that runs."""
    named = os.environ.get("JOURNIV_TEST_REDIS_URL")
    if named:
        yield named
        return
    server = RedisServer(tmp_path_factory.mktemp("redis"))
    server.start()
    yield server.url
    server.stop()


@pytest.fixture
def redis_server(tmp_path: Path) -> Iterator[RedisServer]:
    """A running Redis of one test's own, to stop and to start again."""
    server = RedisServer(tmp_path)
    server.start()
    yield server
    server.stop()


def _insert_user(user_id: str, email: str, tx: Transaction) -> None:
    assert isinstance(tx, SqlTransaction)
    now = instant(SystemClock().now())
    row = {
        "id": user_id,
        "email": email,
        "role": "user",
        "is_active": True,
        "security_version": 1,
        "created_at": now,
        "updated_at": now,
    }
    tx._bound.connection.execute(insert(users).values(row))
