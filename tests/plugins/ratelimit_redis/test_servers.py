"""Several servers count together, and go on when Redis is gone."""

from __future__ import annotations

import asyncio

import pytest
from aiohttp import ClientSession

from tests.api.conftest import StartServer
from tests.services.redis import RedisServer


def attempt(number: int) -> dict[str, str]:
    return {"email": f"nobody-{number}@example.org", "password": "not-the-password-1"}


async def refused_of(urls: list[str], session: ClientSession, count: int) -> list[int]:
    statuses = []
    for number in range(count):
        url = f"{urls[number % len(urls)]}/api/v1/auth/login"
        async with session.post(url, json=attempt(number)) as answer:
            statuses.append(answer.status)
    return statuses


async def until_ready(url: str, session: ClientSession, status: str) -> None:
    async with asyncio.timeout(15):
        while True:
            async with session.get(f"{url}/readyz") as ready:
                if (await ready.json())["status"] == status:
                    return
            await asyncio.sleep(0.1)


@pytest.mark.parametrize("servers", [1, 2, 4])
async def test_RL_2_the_eleventh_attempt_is_refused_whoever_is_asked(
    start_server: StartServer, session: ClientSession, redis_server: RedisServer, servers: int
) -> None:
    urls = [
        start_server(REDIS_URL=redis_server.url, RATE_LIMIT_ENABLED="true").url
        for _ in range(servers)
    ]
    assert await refused_of(urls, session, 11) == [401] * 10 + [429]


async def test_without_redis_attempts_are_counted_here_and_shared_again_when_it_is_back(
    start_server: StartServer, session: ClientSession, redis_server: RedisServer
) -> None:
    server = start_server(REDIS_URL=redis_server.url, RATE_LIMIT_ENABLED="true")
    redis_server.stop()
    assert await refused_of([server.url], session, 6) == [401] * 5 + [429]
    await until_ready(server.url, session, "degraded")
    redis_server.start()
    await until_ready(server.url, session, "ok")
    assert await refused_of([server.url], session, 11) == [401] * 10 + [429]
    log = server.log.read_text()
    assert log.count("The rate limiter does not count") == 1
    assert "The rate limiter counts again." in log
