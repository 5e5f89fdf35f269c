from __future__ import annotations

import os
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from aiohttp import ClientSession, ClientTimeout, DummyCookieJar

from tests.api.server import ServerProcess
from tests.soak.person import Person

ROUNDS = "JOURNIV_SOAK_ROUNDS"


@pytest.fixture(scope="session")
def soak_rounds() -> int:
    """How often a scenario is played: 3 in `./dev test`, 50 in `./dev soak`."""
    return int(os.environ.get(ROUNDS, "3"))


@pytest.fixture
def server(tmp_path: Path) -> Iterator[ServerProcess]:
    """A server of the test's own, which may be killed and started again."""
    process = ServerProcess(tmp_path, {})
    process.start()
    yield process
    process.kill()


@pytest.fixture
async def session() -> AsyncIterator[ClientSession]:
    async with ClientSession(cookie_jar=DummyCookieJar(), timeout=ClientTimeout(30)) as opened:
        yield opened


@pytest.fixture
async def person(server: ServerProcess, session: ClientSession) -> Person:
    """The first account of the server, signed in."""
    return await Person.register(session, server.url, "pepys@example.org")
