"""An address that has an account already, with a provider who knows the same address."""

from __future__ import annotations

from typing import Any

import pytest

from tests.api.server import ServerProcess
from tests.oidc.browser import Browser, Page
from tests.oidc.conftest import with_and_without_redis

pytestmark = with_and_without_redis
PASSWORD = "quill-Lantern-harbour-47"
ALICE = {"email": "alice@example.org", "name": "Alice", "password": PASSWORD}


@pytest.fixture
async def account(browser: Browser, journal: ServerProcess) -> dict[str, Any]:
    """An account of Alice's with a password, signed in."""
    status, person = await browser.api("POST", "/auth/register", ALICE)
    assert status == 201, person
    status, tokens = await browser.api("POST", "/auth/login", ALICE)
    assert status == 200, tokens
    return dict(tokens)


async def exchanged(browser: Browser, page: Page) -> tuple[int, dict[str, Any]]:
    return await browser.api("POST", "/auth/oidc/exchange", {"ticket": page.query["ticket"]})


async def test_the_password_of_the_account_links_it_once_and_for_good(
    browser: Browser, account: dict[str, Any]
) -> None:
    status, refused = await exchanged(browser, await browser.sign_in())
    assert (status, "access_token" in refused) == (409, False)
    proof = {"link_token": refused["link_token"], "password": PASSWORD}
    status, linked = await browser.api("POST", "/auth/oidc/link", proof)
    assert status == 200, linked
    assert linked["user"]["id"] == account["user"]["id"]
    assert (await browser.api("POST", "/auth/oidc/link", proof))[0] == 400
    again = await browser.tokens(await browser.sign_in())
    assert again["user"]["id"] == account["user"]["id"]


async def test_a_wrong_password_and_another_browser_link_nothing(
    browser: Browser, other_browser: Browser, account: dict[str, Any]
) -> None:
    _, refused = await exchanged(browser, await browser.sign_in())
    proof = {"link_token": refused["link_token"], "password": PASSWORD}
    await other_browser.sign_in("bob")  # so that it has a cookie of its own
    assert (await other_browser.api("POST", "/auth/oidc/link", proof))[0] == 400
    wrong = {**proof, "password": "not-the-password"}
    assert (await browser.api("POST", "/auth/oidc/link", wrong))[0] == 401
    assert (await exchanged(browser, await browser.sign_in()))[0] == 409


async def test_somebody_signed_in_links_from_the_account_whatever_the_address(
    browser: Browser, other_browser: Browser, account: dict[str, Any]
) -> None:
    bearer = {"Authorization": f"Bearer {account['access_token']}"}
    status, begun = await browser.api("POST", "/users/me/identities", {}, **bearer)
    assert status == 200, begun
    page = await browser.authorize(await browser.open(begun["url"]), "bob")
    assert (page.status, page.url) == (200, f"{browser.journal}/")
    status, identities = await browser.api("GET", "/users/me/identities", **bearer)
    assert sorted(one["provider"] for one in identities) == ["local", "oidc"]
    tokens = await other_browser.tokens(await other_browser.sign_in("bob"))
    assert tokens["user"]["id"] == account["user"]["id"]


async def test_a_link_that_is_removed_opens_nothing_any_more(
    browser: Browser, account: dict[str, Any]
) -> None:
    bearer = {"Authorization": f"Bearer {account['access_token']}"}
    _, begun = await browser.api("POST", "/users/me/identities", {}, **bearer)
    await browser.authorize(await browser.open(begun["url"]), "alice")
    _, identities = await browser.api("GET", "/users/me/identities", **bearer)
    linked = next(one["id"] for one in identities if one["provider"] == "oidc")
    assert (await browser.api("DELETE", f"/users/me/identities/{linked}", **bearer))[0] == 204
    assert (await exchanged(browser, await browser.sign_in()))[0] == 409
