"""Where a sign-in is kept between its two halves: with Redis, without, and over a new key."""

from __future__ import annotations

import pytest

from journiv.api.v1.federation.oidc_flow import cookie_options
from journiv.api.v1.federation.oidc_redis import RedisStorage
from journiv.domain.errors import ConfigError
from tests.api.server import ServerProcess
from tests.plugins.auth_oidc.conftest import Browser
from tests.plugins.auth_oidc.provider import HostileProvider
from tests.services.redis import RedisServer

OLD, NEW = "an-old-key-for-tests-0123456789-0123456789", "a-new-key-for-tests-0123456789-0123456789"


async def test_OID_30_nothing_readable_is_kept_in_the_browser_without_redis(
    browser: Browser, provider: HostileProvider
) -> None:
    asked = await browser.begin()
    (cookie,) = [one for one in browser.session.cookie_jar if one.key == "oidc_flow"]
    assert asked["state"] not in cookie.value
    assert (cookie["httponly"], cookie["samesite"], cookie["path"]) == (True, "Lax", "/")
    assert (await browser.back(provider.authorize(asked)))[0] == 307


class TestRotatedKey:
    @pytest.fixture
    def settings(self) -> dict[str, str]:
        return {"SECRET_KEY": OLD}

    async def test_a_new_secret_key_interrupts_no_sign_in(
        self, browser: Browser, provider: HostileProvider, server: ServerProcess
    ) -> None:
        asked = await browser.begin()
        server.restart(SECRET_KEY=NEW, SECRET_KEY_PREVIOUS=OLD)
        status, ticket = await browser.back(provider.authorize(asked))
        assert status == 307, ticket
        assert (await browser.exchange(ticket))[0] == 200

    async def test_without_the_old_key_a_sign_in_starts_again(
        self, browser: Browser, provider: HostileProvider, server: ServerProcess
    ) -> None:
        asked = await browser.begin()
        server.restart(SECRET_KEY=NEW)
        assert (await browser.back(provider.authorize(asked)))[0] == 400
        assert (await browser.arrive(provider))[0] == 200


class TestRedis:
    @pytest.fixture
    def settings(self, redis_server: RedisServer) -> dict[str, str]:
        return {"REDIS_URL": redis_server.url}

    async def test_OID_30_with_redis_the_cookie_is_only_a_name(
        self, browser: Browser, other_browser: Browser, provider: HostileProvider
    ) -> None:
        asked = await browser.begin()
        (cookie,) = [one for one in browser.session.cookie_jar if one.key == "oidc_flow"]
        assert len(cookie.value) == 43
        answered = provider.authorize(asked)
        assert (await other_browser.back(answered))[0] == 400
        status, ticket = await browser.back(answered)
        assert status == 307, ticket
        assert (await browser.exchange(ticket))[0] == 200
        assert [one for one in browser.session.cookie_jar if one.key == "oidc_flow"] == []

    async def test_a_redis_that_dies_during_a_sign_in_is_said_and_the_next_sign_in_works(
        self, browser: Browser, provider: HostileProvider, redis_server: RedisServer
    ) -> None:
        answered = provider.authorize(await browser.begin())
        redis_server.stop()
        status, sentence = await browser.back(answered)
        assert (status, "Redis does not answer" in sentence) == (503, True)
        assert await browser.register("bo@example.org")
        redis_server.start()
        assert (await browser.back(answered))[0] == 400
        assert (await browser.arrive(provider))[0] == 200


def test_an_address_that_is_no_redis_is_refused_at_the_start() -> None:
    with pytest.raises(ConfigError, match="REDIS_URL"):
        RedisStorage("http://redis.example", **cookie_options("https://j.example"))


@pytest.mark.parametrize(("url", "secure"), [("https://j.example", True), ("http://j", False)])
def test_the_cookie_of_a_sign_in_stays_on_https_where_there_is_https(
    url: str, secure: bool
) -> None:
    assert cookie_options(url)["secure"] is secure
