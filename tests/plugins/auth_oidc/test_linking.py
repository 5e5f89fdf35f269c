"""Linking, and the pre-hijacking classes (security.md OID-14..17)."""

from __future__ import annotations

import asyncio

import pytest

from tests.api.server import ServerProcess
from tests.plugins.auth_oidc.conftest import PASSWORD, Browser
from tests.plugins.auth_oidc.provider import HostileProvider

ALICE = "alice@example.org"


async def link_token(browser: Browser, provider: HostileProvider) -> str:
    status, body = await browser.arrive(provider)
    assert (status, body["error"], body["email"]) == (409, "link_required", ALICE), body
    return str(body["link_token"])


async def link(browser: Browser, token: str, **given: str) -> tuple[int, dict]:
    body = {"link_token": token, "password": PASSWORD, **given}
    return await browser.call("POST", "/auth/oidc/link", body)


async def test_OID_14_an_account_is_linked_by_its_password_and_never_by_its_address(
    browser: Browser, provider: HostileProvider
) -> None:
    token = await browser.register(ALICE)
    offered = await link_token(browser, provider)
    assert (await link(browser, offered, password="another-Password-1"))[0] == 401
    status, body = await link(browser, offered)
    assert (status, body["user"]["email"]) == (200, ALICE), body
    assert (await link(browser, offered))[0] == 400
    _, mine = await browser.call("GET", "/users/me/identities", token=token)
    assert [one["provider"] for one in mine] == ["local", "oidc"]
    status, again = await browser.arrive(provider)
    assert (status, again["user"]["id"]) == (200, body["user"]["id"])


async def test_a_sign_in_that_had_to_be_linked_leads_where_it_was_going(
    browser: Browser, provider: HostileProvider
) -> None:
    await browser.register(ALICE)
    _, ticket = await browser.back(provider.authorize(await browser.begin(next="/entry/7")))
    _, offered = await browser.exchange(ticket)
    assert (await link(browser, offered["link_token"]))[1]["next"] == "/entry/7"


async def test_a_link_works_once_and_only_in_the_browser_that_signed_in(
    browser: Browser, other_browser: Browser, provider: HostileProvider
) -> None:
    await browser.register(ALICE)
    await browser.register("bo@example.org")
    offered = await link_token(browser, provider)
    assert (await link(other_browser, offered))[0] == 400
    await link_token(other_browser, provider)  # now it has a flow of its own
    assert (await link(other_browser, offered))[0] == 400
    answers = await asyncio.gather(*(link(browser, offered) for _ in range(4)))
    assert sorted(status for status, _ in answers) == [200, 400, 400, 400]


async def test_a_link_bears_five_wrong_passwords(
    browser: Browser, provider: HostileProvider
) -> None:
    await browser.register(ALICE)
    offered = await link_token(browser, provider)
    for _ in range(5):
        assert (await link(browser, offered, password="another-Password-1"))[0] == 401
    assert (await link(browser, offered))[0] == 400


async def test_OID_14_an_account_opened_at_the_provider_is_not_opened_again_with_a_password(
    browser: Browser, provider: HostileProvider
) -> None:
    assert (await browser.arrive(provider))[0] == 200
    account = {"email": ALICE, "name": "Al", "password": PASSWORD}
    assert (await browser.call("POST", "/auth/register", account))[0] == 400
    given = {"email": ALICE, "password": PASSWORD}
    assert (await browser.call("POST", "/auth/login", given))[0] == 401


async def test_an_account_without_a_password_is_not_offered_to_another_subject(
    browser: Browser, provider: HostileProvider
) -> None:
    assert (await browser.arrive(provider))[0] == 200
    provider.claims = {"sub": "mallory"}
    status, body = await browser.arrive(provider)
    assert (status, "no password" in body["detail"]) == (403, True)


async def test_somebody_signed_in_links_and_unlinks_but_keeps_a_way_in(
    browser: Browser, provider: HostileProvider
) -> None:
    token = await browser.register("al@example.org")
    status, begun = await browser.call("POST", "/users/me/identities", {"next": "/me"}, token=token)
    assert status == 200, begun
    asked = browser.query_of(begun["url"])
    assert await browser.target(provider.authorize(asked)) == "/me"
    status, body = await browser.arrive(provider)
    assert (status, body["user"]["email"]) == (200, "al@example.org")
    there = str(body["access_token"])
    _, (local, linked) = await browser.call("GET", "/users/me/identities", token=token)
    path = "/users/me/identities"
    assert (await browser.call("DELETE", f"{path}/{local['id']}", token=token))[0] == 204
    assert (await browser.call("DELETE", f"{path}/{linked['id']}", token=token))[0] == 400
    assert (await browser.call("DELETE", f"{path}/{local['id']}", token=token))[0] == 404
    assert await browser.lives(there)


async def test_OID_15_sessions_that_began_with_an_identity_end_when_it_is_unlinked(
    browser: Browser, provider: HostileProvider
) -> None:
    token = await browser.register(ALICE)
    _, body = await link(browser, await link_token(browser, provider))
    _, (_, linked) = await browser.call("GET", "/users/me/identities", token=token)
    path = f"/users/me/identities/{linked['id']}"
    assert (await browser.call("DELETE", path, token=token))[0] == 204
    assert not await browser.lives(body["access_token"])
    assert await browser.lives(token)


async def test_an_identity_of_somebody_else_is_not_linked_to_a_second_account(
    browser: Browser, provider: HostileProvider
) -> None:
    assert (await browser.arrive(provider))[0] == 200
    token = await browser.register("bo@example.org")
    _, begun = await browser.call("POST", "/users/me/identities", token=token)
    status, sentence = await browser.back(provider.authorize(browser.query_of(begun["url"])))
    assert (status, "another account" in sentence) == (409, True)


async def test_a_link_begun_in_a_session_that_has_ended_is_not_made(
    browser: Browser, provider: HostileProvider
) -> None:
    token = await browser.register("bo@example.org")
    _, begun = await browser.call("POST", "/users/me/identities", token=token)
    assert (await browser.call("POST", "/auth/logout", token=token))[0] == 200
    answered = provider.authorize(browser.query_of(begun["url"]))
    assert (await browser.back(answered))[0] == 403


async def test_OID_16_a_planted_identity_gives_no_access_once_the_owner_has_reset_the_password(
    browser: Browser, other_browser: Browser, provider: HostileProvider
) -> None:
    admin = await browser.register("admin@example.org")
    await other_browser.register(ALICE)  # the attacker, with the victim's address
    await link(other_browser, await link_token(other_browser, provider))
    status, planted = await other_browser.arrive(provider)
    assert status == 200
    path = f"/admin/users/{planted['user']['id']}/reset-link"
    _, made = await browser.call("POST", path, token=admin)
    reset = {"token": made["url"].partition("#")[2], "password": "owner-Harbour-lantern-12"}
    assert (await browser.call("POST", "/auth/reset", reset))[0] in (200, 204)
    assert not await browser.lives(planted["access_token"])
    status, body = await other_browser.arrive(provider)
    assert (status, body["error"]) == (409, "link_required")


async def test_OID_16_an_address_cannot_be_changed_to_somebody_elses(
    browser: Browser,
) -> None:
    token = await browser.register("bo@example.org")
    await browser.call("PUT", "/users/me", {"email": ALICE, "name": "Bo"}, token=token)
    _, me = await browser.call("GET", "/users/me", token=token)
    assert me["email"] == "bo@example.org"


class TestTrustingAddresses:
    @pytest.fixture
    def settings(self) -> dict[str, str]:
        return {"OIDC_LINK_BY_EMAIL": "trusted", "OIDC_REQUIRE_EMAIL_VERIFIED": "false"}

    async def test_OID_15_who_had_the_account_before_is_out(
        self, browser: Browser, other_browser: Browser, provider: HostileProvider
    ) -> None:
        await browser.register("admin@example.org")
        before = await other_browser.register(ALICE)
        pat = {"name": "old", "scopes": ["entries:read"]}
        status, made = await other_browser.call("POST", "/tokens", pat, token=before)
        assert status == 201, made
        status, body = await browser.arrive(provider)
        assert (status, body["user"]["email"]) == (200, ALICE)
        assert not await other_browser.lives(before)
        assert (await other_browser.call("GET", "/entries/", token=made["token"]))[0] == 401
        given = {"email": ALICE, "password": PASSWORD}
        assert (await other_browser.call("POST", "/auth/login", given))[0] == 401

    async def test_OID_17_an_administrator_and_an_unverified_address_are_not_linked(
        self, browser: Browser, provider: HostileProvider, server: ServerProcess
    ) -> None:
        admin = await browser.register(ALICE)
        await link_token(browser, provider)
        assert await browser.lives(admin)
        await browser.register("bo@example.org")
        for verified in ("true", 1, False, None):
            provider.claims = {
                "sub": "bo", "email": "bo@example.org", "email_verified": verified
            }  # fmt: skip
            status, body = await browser.arrive(provider)
            assert (status, body["error"]) == (409, "link_required")
        assert "OIDC_LINK_BY_EMAIL is trusted" in server.log.read_text()


class TestManyAtOnce:
    @pytest.fixture
    def settings(self) -> dict[str, str]:
        """Only what counts by account holds them up."""
        return {"RATE_LIMIT_ENABLED": "true", "RATE_LIMIT_EXEMPT_CIDRS": "127.0.0.0/8"}

    async def test_many_passwords_at_once_are_no_more_guesses_than_many_in_a_row(
        self, browser: Browser, provider: HostileProvider
    ) -> None:
        await browser.register(ALICE)
        offered = await link_token(browser, provider)
        guesses = (link(browser, offered, password=f"another-Password-{n}") for n in range(12))
        statuses = [status for status, _ in await asyncio.gather(*guesses)]
        assert statuses.count(401) <= 5, statuses
        assert set(statuses) <= {400, 401, 429}, statuses
