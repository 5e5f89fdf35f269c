"""Signing in at a certified provider, from the button to the account."""

from __future__ import annotations

import pytest

from tests.oidc.browser import Browser
from tests.oidc.conftest import with_and_without_redis
from tests.oidc.provider import RealProvider, signing_key


@with_and_without_redis
async def test_OID_30_a_web_client_signs_in_and_renews_with_its_cookie(browser: Browser) -> None:
    tokens = await browser.tokens(await browser.sign_in(), X_Journiv_Client="pwa")
    assert tokens["refresh_token"] is None
    assert tokens["user"]["email"] == "alice@example.org"
    status, renewed = await browser.api("POST", "/auth/refresh", {}, X_Journiv_Client="pwa")
    assert (status, renewed["refresh_token"]) == (200, None)
    assert await who(browser, renewed["access_token"]) == tokens["user"]["id"]


@with_and_without_redis
async def test_a_token_client_signs_in_by_the_other_path_and_renews_with_its_token(
    browser: Browser, provider: RealProvider
) -> None:
    tokens = await browser.tokens(await browser.sign_in(way="/auth/oidc"))
    renewal = {"refresh_token": tokens["refresh_token"]}
    status, renewed = await browser.api("POST", "/auth/refresh", renewal)
    assert status == 200, renewed
    assert await who(browser, renewed["access_token"]) == tokens["user"]["id"]


async def test_the_second_sign_in_finds_the_account_and_another_person_gets_another(
    browser: Browser, other_browser: Browser
) -> None:
    first = await browser.tokens(await browser.sign_in())
    second = await browser.tokens(await browser.sign_in())
    other = await other_browser.tokens(await other_browser.sign_in("bob"))
    assert first["user"]["id"] == second["user"]["id"] != other["user"]["id"]
    assert other["user"]["email"] == "bob@example.org"


async def test_OID_12_a_provider_that_changes_its_keys_is_followed(
    browser: Browser, provider: RealProvider
) -> None:
    first = await browser.tokens(await browser.sign_in())
    provider.stop()
    provider.keys = [signing_key("two")]
    provider.start()
    second = await browser.tokens(await browser.sign_in())
    assert first["user"]["id"] == second["user"]["id"]


async def test_OID_29_a_provider_that_is_away_stops_no_other_sign_in(
    browser: Browser, provider: RealProvider
) -> None:
    provider.stop()
    page = await browser.open(f"{browser.journal}/api/v1/oidc/login")
    assert page.status == 503
    account = {"email": "local@example.org", "name": "L", "password": "quill-Lantern-harbour-47"}
    status, _ = await browser.api("POST", "/auth/register", account)
    assert status == 201
    status, tokens = await browser.api("POST", "/auth/login", account)
    assert status == 200
    provider.start()
    signed_in = await browser.tokens(await browser.sign_in())
    assert signed_in["user"]["id"] != tokens["user"]["id"]


@pytest.mark.parametrize("settings", [{"OIDC_REDIRECT_URI": "http://127.0.0.1:1/elsewhere"}])
async def test_a_callback_the_provider_does_not_know_ends_at_the_provider(
    browser: Browser, settings: dict[str, str]
) -> None:
    page = await browser.sign_in()
    assert (page.status, page.url.startswith(browser.journal)) == (400, False)
    assert "redirect_uri" in page.text


@pytest.mark.parametrize("settings", [{"OIDC_ADMIN_GROUP": "family"}, {}])
async def test_the_groups_of_the_provider_decide_who_is_administrator(
    browser: Browser, other_browser: Browser, settings: dict[str, str]
) -> None:
    await browser.tokens(await browser.sign_in())  # the first account is one anyway
    tokens = await other_browser.tokens(await other_browser.sign_in("bob"))
    bearer = {"Authorization": f"Bearer {tokens['access_token']}"}
    status, _ = await other_browser.api("GET", "/admin/users", **bearer)
    assert status == (200 if settings else 403)


@pytest.mark.parametrize(
    "settings",
    [
        {"OIDC_ALLOWED_GROUPS": "neighbours"},
        {"OIDC_ALLOWED_DOMAINS": "example.com"},
        {"OIDC_AUTO_PROVISION": "false"},
    ],
)
async def test_who_is_not_let_in_gets_a_page_and_no_account(
    browser: Browser, settings: dict[str, str]
) -> None:
    page = await browser.sign_in()
    assert (page.status, "<h1>" in page.text) == (403, True)
    account = {"email": "alice@example.org", "name": "A", "password": "quill-Lantern-harbour-47"}
    assert (await browser.api("POST", "/auth/register", account))[0] == 201


async def who(browser: Browser, token: str) -> str:
    status, person = await browser.api("GET", "/users/me", Authorization=f"Bearer {token}")
    assert (status, person["is_oidc_user"]) == (200, True)
    return str(person["id"])
