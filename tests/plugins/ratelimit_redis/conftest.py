from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from journiv.domain.ids import new_id
from journiv_ratelimit_redis.clients import clients_for
from journiv_ratelimit_redis.limiter import RedisLimiter
from tests.api.conftest import session, start_server

__all__ = ["session", "start_server"]


@pytest.fixture
async def limiter(shared_redis: str) -> AsyncIterator[RedisLimiter]:
    """A limiter that counts in the shared Redis; tests take keys of their own."""
    made = RedisLimiter(clients_for(shared_redis, None), shared_redis)
    yield made
    await made.close()


@pytest.fixture
def key() -> str:
    """A key that nobody else counts."""
    return new_id()
