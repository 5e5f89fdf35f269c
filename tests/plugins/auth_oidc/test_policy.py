"""Who may come in: accounts, groups, domains, and single sign-on alone (features.md A7, C5)."""

from __future__ import annotations

import pytest

from tests.api.server import ServerProcess
from tests.plugins.auth_oidc.conftest import PASSWORD, Browser
from tests.plugins.auth_oidc.provider import HostileProvider


async def outcome(browser: Browser, provider: HostileProvider) -> tuple[int, str]:
    """Return the status of coming back, and the sentence of a refusal."""
    status, told = await browser.back(provider.authorize(await browser.begin()))
    return status, told if status != 307 else ""


async def role(browser: Browser, provider: HostileProvider) -> str:
    status, body = await browser.arrive(provider)
    assert status == 200, body
    _, me = await browser.call("GET", "/users/me", token=body["access_token"])
    return str(me["role"])


class TestClosedSignUp:
    @pytest.fixture
    def settings(self) -> dict[str, str]:
        return {"DISABLE_SIGNUP": "true"}

    async def test_closed_sign_up_does_not_keep_the_providers_people_out(
        self, browser: Browser, provider: HostileProvider
    ) -> None:
        await browser.register("admin@example.org")
        account = {"email": "bo@example.org", "name": "Bo", "password": PASSWORD}
        assert (await browser.call("POST", "/auth/register", account))[0] == 403
        assert await role(browser, provider) == "user"


class TestNoProvisioning:
    @pytest.fixture
    def settings(self) -> dict[str, str]:
        return {"OIDC_AUTO_PROVISION": "false"}

    async def test_only_who_is_linked_comes_in(
        self, browser: Browser, provider: HostileProvider
    ) -> None:
        assert (await outcome(browser, provider))[0] == 403
        token = await browser.register("al@example.org")
        _, begun = await browser.call("POST", "/users/me/identities", token=token)
        await browser.target(provider.authorize(browser.query_of(begun["url"])))
        assert (await browser.arrive(provider))[0] == 200


class TestSetupToken:
    @pytest.fixture
    def settings(self) -> dict[str, str]:
        return {"SETUP_TOKEN": "let-me-in-first", "OIDC_ADMIN_GROUP": "admins"}

    async def test_the_first_account_is_for_who_has_the_token_or_is_an_administrator_there(
        self, browser: Browser, provider: HostileProvider
    ) -> None:
        provider.claims = {"groups": ["others"]}
        status, sentence = await outcome(browser, provider)
        assert (status, "setup token" in sentence) == (403, True)
        provider.claims = {"groups": ["admins"]}
        assert await role(browser, provider) == "admin"
        provider.claims = {"sub": "bo", "email": "bo@example.org", "groups": []}
        assert await role(browser, provider) == "user"


class TestGroups:
    @pytest.fixture
    def settings(self) -> dict[str, str]:
        return {
            "OIDC_ADMIN_GROUP": "admins",
            "OIDC_ALLOWED_GROUPS": "admins, writers",
            "OIDC_ALLOWED_DOMAINS": "example.org,@example.net",
            "OIDC_GROUPS_CLAIM": "roles",
        }

    async def test_groups_decide_at_each_sign_in_who_administers(
        self, browser: Browser, provider: HostileProvider
    ) -> None:
        await browser.register("admin@example.org")
        for groups, expected in ((["writers"], "user"), (["admins"], "admin"), (["writers"], "user")):  # fmt: skip # noqa: E501
            provider.claims = {"roles": groups}
            assert await role(browser, provider) == expected

    async def test_a_role_that_ends_takes_effect_in_the_sessions_there_are(
        self, browser: Browser, provider: HostileProvider
    ) -> None:
        await browser.register("admin@example.org")
        provider.claims = {"roles": ["admins"]}
        _, body = await browser.arrive(provider)
        token = str(body["access_token"])
        assert (await browser.call("GET", "/admin/users", token=token))[0] == 200
        provider.claims = {"roles": ["writers"]}
        assert await role(browser, provider) == "user"
        assert (await browser.call("GET", "/admin/users", token=token))[0] in (401, 403)

    async def test_the_last_administrator_stays_one(
        self, browser: Browser, provider: HostileProvider
    ) -> None:
        for groups in (["admins"], ["writers"]):
            provider.claims = {"roles": groups}
            assert await role(browser, provider) == "admin"

    async def test_groups_are_asked_of_userinfo_when_the_token_has_none(
        self, browser: Browser, provider: HostileProvider
    ) -> None:
        provider.userinfo = {"sub": "alice", "roles": ["writers"]}
        assert (await outcome(browser, provider))[0] == 307

    async def test_who_is_in_no_group_stays_out(
        self, browser: Browser, provider: HostileProvider
    ) -> None:
        for groups in (None, [], "writers", ["others"], {"writers": 1}):
            provider.claims = {"roles": groups}
            status, sentence = await outcome(browser, provider)
            assert (status, "groups" in sentence) == (403, True), groups

    async def test_only_addresses_of_these_domains_come_in(
        self, browser: Browser, provider: HostileProvider
    ) -> None:
        for address, status in (
            ("a@example.net", 307),
            ("a@EXAMPLE.ORG", 307),
            ("a@evil.example", 403),
            ("a@sub.example.org", 403),
            ("a@example.org@evil.example", 403),
        ):
            provider.claims = {"roles": ["writers"], "email": address, "sub": address}
            assert (await outcome(browser, provider))[0] == status, address


class TestOnlySingleSignOn:
    @pytest.fixture
    def settings(self) -> dict[str, str]:
        return {"OIDC_ONLY": "true", "OIDC_AUTO_LAUNCH": "true", "OIDC_BUTTON_LABEL": "Home"}

    async def test_passwords_are_off_and_the_first_of_the_provider_administers(
        self, browser: Browser, provider: HostileProvider
    ) -> None:
        account = {"email": "bo@example.org", "name": "Bo", "password": PASSWORD}
        for path in ("/auth/register", "/auth/login"):
            status, body = await browser.call("POST", path, account)
            assert (status, "off" in body["detail"]) == (403, True)
        assert await role(browser, provider) == "admin"

    async def test_clients_are_told_to_go_there_by_themselves(
        self, browser: Browser, server: ServerProcess
    ) -> None:
        _, config = await browser.call("GET", "/instance/config")
        (option,) = config["login_options"]
        assert (config["oidc_only"], option["kind"], option["label"]) == (True, "redirect", "Home")
        assert option["auto_launch"] is True
        assert option["url"] == "/api/v1/oidc/login"


async def test_an_account_that_is_switched_off_stays_out(
    browser: Browser, provider: HostileProvider
) -> None:
    admin = await browser.register("admin@example.org")
    _, body = await browser.arrive(provider)
    path = f"/admin/users/{body['user']['id']}"
    status, told = await browser.call("PATCH", path, {"is_active": False}, token=admin)
    assert status == 200, told
    assert (await outcome(browser, provider))[0] == 403
    assert not await browser.lives(body["access_token"])
