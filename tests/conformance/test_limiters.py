from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable

import pytest

from journiv.builtin.memory_limiter import MemoryLimiter
from journiv.testing.ratelimit import RateLimiterConformance, SharedRateLimiterConformance
from journiv_ratelimit_redis.clients import clients_for
from journiv_ratelimit_redis.limiter import RedisLimiter
from tests.services.redis import RedisServer


class TestMemory(RateLimiterConformance):
    @pytest.fixture
    def limiter(self) -> MemoryLimiter:
        return MemoryLimiter()


class TestRedis(SharedRateLimiterConformance):
    @pytest.fixture
    async def limiter(self, redis_server: RedisServer) -> AsyncIterator[RedisLimiter]:
        made = RedisLimiter(clients_for(redis_server.url, None), redis_server.url)
        await made.open()
        yield made
        await made.close()

    @pytest.fixture
    async def another(self, redis_server: RedisServer) -> AsyncIterator[RedisLimiter]:
        made = RedisLimiter(clients_for(redis_server.url, None), redis_server.url)
        yield made
        await made.close()

    @pytest.fixture
    def outage(self, redis_server: RedisServer) -> Callable[[], Awaitable[None]]:
        async def stop() -> None:
            redis_server.stop()

        return stop
