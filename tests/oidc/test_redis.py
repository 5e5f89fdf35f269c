"""A sign-in on its way is kept in Redis when there is one, and Redis may go away meanwhile."""

from __future__ import annotations

import pytest
from redis.asyncio import Redis

from tests.api.server import ServerProcess
from tests.oidc.browser import Browser
from tests.services.redis import RedisServer


@pytest.fixture
def settings(redis_server: RedisServer) -> dict[str, str]:
    return {"REDIS_URL": redis_server.url}


async def test_what_a_sign_in_needs_is_in_redis_and_not_in_the_browser(
    browser: Browser, redis_server: RedisServer
) -> None:
    await browser.open(f"{browser.journal}/api/v1/oidc/login")
    cookies = {one.key: one.value for one in browser.session.cookie_jar}
    async with Redis.from_url(redis_server.url) as kept:
        (name,) = await kept.keys("journiv:oidc:*")
        assert name.decode().endswith(cookies["oidc_flow"])
        assert b"nonce" in await kept.get(name)
        assert 0 < await kept.ttl(name) <= 600


async def test_a_redis_that_goes_away_ends_the_sign_in_with_a_readable_page(
    browser: Browser, journal: ServerProcess, redis_server: RedisServer
) -> None:
    asked = await browser.open(f"{browser.journal}/api/v1/oidc/login")
    redis_server.stop()
    page = await browser.authorize(asked, "alice")
    assert (page.status, "Redis does not answer" in page.text) == (503, True)
    assert "<h1>" in page.text
    assert (await browser.open(f"{browser.journal}/api/v1/oidc/login")).status == 503
    redis_server.start()
    tokens = await browser.tokens(await browser.sign_in())
    assert tokens["user"]["email"] == "alice@example.org"
    assert "Traceback" not in journal.log.read_text()
