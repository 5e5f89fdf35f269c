from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from aiohttp import ClientSession, ClientTimeout, DummyCookieJar

from tests.api.server import ServerProcess
from tests.parity.side import Side
from tests.services.postgres import PostgresServer


@pytest.fixture
def servers(tmp_path: Path, postgres: PostgresServer) -> Iterator[list[ServerProcess]]:
    """One server on SQLite, one on PostgreSQL, otherwise the same."""
    settings = {"sqlite": {}, "postgres": {"DATABASE_URL": postgres.new_database()}}
    started = []
    for name, own in settings.items():
        folder = tmp_path / name
        folder.mkdir()
        started.append(ServerProcess(folder, {**own, "LOG_LEVEL": "WARNING"}))
        started[-1].start()
    yield started
    for process in started:
        process.kill()


@pytest.fixture
async def sides(servers: list[ServerProcess]) -> AsyncIterator[list[Side]]:
    """The servers with the same three people at each."""
    async with ClientSession(cookie_jar=DummyCookieJar(), timeout=ClientTimeout(30)) as session:
        both = [Side(server, session) for server in servers]
        for side in both:
            for name in ("admin", "sam", "eve"):
                await side.arrive(f"{name}@example.org")
            await side.read_catalogue()
        yield both
