"""Where a sign-in leads, and that no other site takes part in it (OID-22)."""

from __future__ import annotations

import pytest

from tests.api.server import ServerProcess
from tests.plugins.auth_oidc.conftest import Browser, Shared
from tests.plugins.auth_oidc.provider import HostileProvider


@pytest.fixture
def server(shared: Shared) -> ServerProcess:
    return shared.server


@pytest.fixture
def port(shared: Shared) -> int:
    return shared.port


class TestOtherSites:
    @pytest.mark.parametrize(
        "header",
        [
            {"Sec-Fetch-Site": "cross-site"},
            {"Sec-Fetch-Site": "same-site"},
            {"Origin": "https://evil.example"},
            {"Origin": "null"},
        ],
    )
    async def test_another_site_cannot_use_a_ticket_or_a_link(
        self, browser: Browser, provider: HostileProvider, header: dict[str, str]
    ) -> None:
        _, ticket = await browser.back(provider.authorize(await browser.begin()))
        assert (await browser.exchange(ticket, **header))[0] == 403
        body = {"link_token": "x", "password": "y"}
        assert (await browser.call("POST", "/auth/oidc/link", body, **header))[0] == 403
        assert (await browser.exchange(ticket))[0] == 200

    async def test_a_web_client_gets_its_refresh_token_as_a_cookie_only(
        self, browser: Browser, provider: HostileProvider
    ) -> None:
        _, ticket = await browser.back(provider.authorize(await browser.begin()))
        status, body = await browser.exchange(ticket, X_Journiv_Client="pwa")
        assert (status, body["refresh_token"], body["user"]["is_oidc_user"]) == (200, None, True)
        kept = {cookie.key for cookie in browser.session.cookie_jar}
        assert kept == {"jrt"}


@pytest.mark.parametrize(
    ("wanted", "given"),
    [
        ("/entry/7?a=b#c", "/entry/7?a=b#c"),
        ("//evil.example", "/"),
        ("/\\evil.example", "/"),
        ("https://evil.example", "/"),
        ("https:evil.example", "/"),
        ("javascript:alert(1)", "/"),
        ("/a\r\nSet-Cookie: x=y", "/"),
        ("/a\n", "/"),
        ("/\t/evil.example", "/"),
        ("/caf\u00e9", "/"),
        ("", "/"),
    ],
)
async def test_OID_22_next_goes_nowhere_else(
    browser: Browser, provider: HostileProvider, wanted: str, given: str
) -> None:
    _, ticket = await browser.back(provider.authorize(await browser.begin(next=wanted)))
    assert (await browser.exchange(ticket))[1]["next"] == given


async def test_OID_22_a_link_comes_back_to_a_page_of_this_server(
    browser: Browser, provider: HostileProvider
) -> None:
    provider.claims = {"sub": "linker", "email": "linker@example.net"}
    token = await browser.register("linker@example.org")
    body = {"next": "//evil.example"}
    _, begun = await browser.call("POST", "/users/me/identities", body, token=token)
    assert await browser.target(provider.authorize(browser.query_of(begun["url"]))) == "/"
