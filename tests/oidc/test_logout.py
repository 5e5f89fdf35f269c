"""Leaving at both ends: from the journal to the provider, and from the provider to the journal."""

from __future__ import annotations

import asyncio
from typing import Any
from urllib.parse import parse_qs, urlsplit

from tests.oidc.browser import Browser
from tests.oidc.conftest import with_and_without_redis
from tests.oidc.provider import CLIENT, RealProvider

pytestmark = with_and_without_redis


async def left(browser: Browser, tokens: dict[str, Any]) -> str:
    """Sign out at the journal and return where it ends at the provider."""
    status, body = await browser.api("POST", "/auth/logout", {}, **bearer(tokens))
    assert status == 200, body
    return str(body["logout_url"])


def bearer(tokens: dict[str, Any]) -> dict[str, str]:
    return {"Authorization": f"Bearer {tokens['access_token']}", "X_Journiv_Client": "pwa"}


async def alive(browser: Browser, tokens: dict[str, Any]) -> bool:
    status, _ = await browser.api("GET", "/users/me", **bearer(tokens))
    assert status in (200, 401)
    return status == 200


async def knows_me(browser: Browser) -> bool:
    """Say whether the provider lets this browser in without asking."""
    page = await browser.open(f"{browser.journal}/api/v1/oidc/login")
    return 'name="login"' not in page.text


async def test_OID_28_signing_out_ends_the_session_here_and_then_at_the_provider(
    browser: Browser,
) -> None:
    tokens = await browser.tokens(await browser.sign_in(), X_Journiv_Client="pwa")
    assert await knows_me(browser)
    url = await left(browser, tokens)
    assert not await alive(browser, tokens)
    query = parse_qs(urlsplit(url).query)
    assert query["client_id"] == [CLIENT]
    assert {"id_token_hint", "state", "post_logout_redirect_uri"} <= set(query)
    page = await browser.submit(await browser.open(url), logout="yes")
    assert page.url.startswith(f"{browser.journal}/login")
    assert page.query["state"] == query["state"][0]
    assert not await knows_me(browser)
    for status in (200, 400):
        back = {"state": page.query["state"]}
        assert (await browser.api("POST", "/auth/oidc/logged-out", back))[0] == status


async def test_OID_24_the_provider_ends_the_sessions_of_its_own_and_no_others(
    browser: Browser, other_browser: Browser, provider: RealProvider
) -> None:
    tokens = await browser.tokens(await browser.sign_in(), X_Journiv_Client="pwa")
    others = await other_browser.tokens(await other_browser.sign_in(), X_Journiv_Client="pwa")
    asked = await browser.open(f"{provider.issuer}/session/end")
    assert (await browser.submit(asked, logout="yes")).status == 200
    await told(provider)
    assert not await alive(browser, tokens)
    status, _ = await browser.api("POST", "/auth/refresh", {}, X_Journiv_Client="pwa")
    assert status == 401
    assert await alive(other_browser, others)
    status, _ = await other_browser.api("POST", "/auth/refresh", {}, X_Journiv_Client="pwa")
    assert status == 200


async def test_leaving_works_here_while_the_provider_is_away(
    browser: Browser, provider: RealProvider
) -> None:
    tokens = await browser.tokens(await browser.sign_in(), X_Journiv_Client="pwa")
    provider.stop()
    status, _ = await browser.api("POST", "/auth/logout", {}, **bearer(tokens))
    assert status == 200
    assert not await alive(browser, tokens)


async def told(provider: RealProvider) -> None:
    """Wait until the provider has had an answer from the journal."""
    async with asyncio.timeout(10):
        while "backchannel." not in provider.log.read_text():
            await asyncio.sleep(0.02)
    assert "backchannel.success" in provider.log.read_text(), provider.log.read_text()
