from __future__ import annotations

import os
from collections.abc import AsyncIterator, Iterator

import pytest
from aiohttp import ClientSession, DummyCookieJar

from bench.cluster import Cluster

ROUNDS = "JOURNIV_SOAK_ROUNDS"
SHORT, LONG = 3, 20
# Sessions shall outlast the longest scenario.
SETTINGS = {"ACCESS_TOKEN_EXPIRE_MINUTES": "1440"}


@pytest.fixture(scope="package")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    """Three replicas behind nginx, PostgreSQL and Redis; whoever ends a part starts it again."""
    with Cluster(tmp_path_factory.mktemp("cluster"), settings=SETTINGS) as started:
        yield started


@pytest.fixture(scope="session")
def rounds() -> int:
    """How often a scenario is played: 3 in `./dev test`, 20 in `./dev soak`."""
    return min(LONG, int(os.environ.get(ROUNDS, SHORT)))


@pytest.fixture
async def session() -> AsyncIterator[ClientSession]:
    async with ClientSession(cookie_jar=DummyCookieJar()) as opened:
        yield opened
