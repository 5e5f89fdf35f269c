"""What people at a failing or odd provider get."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from aiohttp import web
from joserfc.jwk import RSAKey

from tests.api.server import ServerProcess
from tests.plugins.auth_oidc.conftest import Browser
from tests.plugins.auth_oidc.provider import HostileProvider
from tests.proxies import certificates
from tests.proxies.certificates import Certificates

AS_PERSON = {"Accept": "text/html,application/xhtml+xml"}


async def page(browser: Browser, path: str, **query: str) -> tuple[int, str]:
    """Return the status and the text a person's browser shows."""
    async with browser.session.get(
        f"{browser.url}{path}", params=query, headers=AS_PERSON, allow_redirects=False
    ) as answer:
        if answer.status >= 400:
            assert answer.content_type == "text/html"
            assert answer.headers["Content-Security-Policy"].startswith("default-src 'none';")
            assert answer.headers["Cache-Control"] == "no-store"
        return answer.status, await answer.text()


async def test_OID_20_every_request_carries_a_challenge_of_its_own(
    browser: Browser, provider: HostileProvider
) -> None:
    provider.metadata = {"code_challenge_methods_supported": ["plain"]}
    asked = [await browser.begin() for _ in range(2)]
    assert {one["code_challenge_method"] for one in asked} == {"S256"}
    for name in ("code_challenge", "state", "nonce"):
        one, other = (query[name] for query in asked)
        assert (one != other, len(one) >= 43) == (True, True)
    wrong = {**provider.authorize(asked[1]), "code": "stolen"}
    provider.authorize(asked[0], "stolen")
    assert (await browser.back(wrong))[0] == 400


async def test_OID_23_what_the_provider_says_is_shown_escaped(
    browser: Browser, provider: HostileProvider
) -> None:
    for description in ("<script>alert(1)</script>", "\u202egnp.exe\r\n<b>", "x" * 5000):
        state = (await browser.begin())["state"]
        said = {"error": "access_denied", "error_description": description}
        status, text = await page(
            browser, "/oidc/callback", state=state, iss=provider.issuer, **said
        )
        assert (status, "access_denied" in text) == (400, True)
        assert len(text) < 1200
        for raw in ("<script", "<b>", "\u202e"):
            assert raw not in text


async def test_programs_get_the_problem_and_people_a_page(browser: Browser) -> None:
    status, text = await page(browser, "/auth/oidc/callback", state="x", code="y")
    assert (status, "Invalid or expired state parameter" in text) == (400, True)
    async with browser.session.get(f"{browser.url}/oidc/callback") as answer:
        assert (answer.status, answer.content_type) == (400, "application/problem+json")


class TestFailingProvider:
    async def test_OID_29_a_provider_that_is_away_is_said_on_a_page(
        self, browser: Browser, provider: HostileProvider
    ) -> None:
        await provider.stop()
        status, text = await page(browser, "/oidc/login")
        assert (status, "provider" in text) == (503, True)
        assert await browser.register("bo@example.org")

    async def test_OID_29_a_slow_provider_gets_503_and_holds_nobody_up(
        self, browser: Browser, provider: HostileProvider
    ) -> None:
        provider.delay = 30
        waiting = asyncio.create_task(page(browser, "/oidc/login"))
        assert await browser.register("bo@example.org")
        assert (await waiting)[0] == 503

    async def test_OID_29_a_provider_that_floods_is_cut_off(
        self, browser: Browser, provider: HostileProvider
    ) -> None:
        provider.flood = 100 * 1024 * 1024
        assert (await page(browser, "/oidc/login"))[0] == 503
        assert provider.flooded < 16 * 1024 * 1024

    async def test_OID_29_a_provider_that_fails_later_opens_no_session(
        self, browser: Browser, provider: HostileProvider
    ) -> None:
        asked = await browser.begin()
        answered = provider.authorize(asked)
        provider.token_answer = lambda: web.Response(status=500)
        status, text = await page(browser, "/oidc/callback", **answered)
        assert (status, "provider" in text) == (503, True)

    async def test_a_refused_code_names_the_providers_reason(
        self, browser: Browser, provider: HostileProvider
    ) -> None:
        answered = provider.authorize(await browser.begin())
        refused = {"error": "invalid_client", "error_description": "wrong <secret>"}
        provider.token_answer = lambda: web.json_response(refused, status=401)
        status, sentence = await browser.back(answered)
        assert (status, "invalid_client: wrong <secret>" in sentence) == (400, True)


class TestSwitchedOff:
    @pytest.fixture
    def settings(self) -> dict[str, str]:
        return {"OIDC_ENABLED": "false"}

    @pytest.mark.parametrize("path", ["/oidc/login", "/auth/oidc/login", "/auth/oidc/logout"])
    async def test_without_single_sign_on_its_paths_say_so(
        self, browser: Browser, path: str
    ) -> None:
        status, body = await browser.call("GET", path)
        assert (status, body["detail"]) == (404, "OIDC authentication is not enabled")


class TestClients:
    async def test_a_provider_that_wants_the_secret_in_the_form_gets_it_there(
        self, browser: Browser, provider: HostileProvider
    ) -> None:
        provider.metadata = {"token_endpoint_auth_methods_supported": ["client_secret_post"]}
        assert (await browser.arrive(provider))[0] == 200
        asked = provider.asked[-1]
        assert (asked["authorization"], asked["client_secret"]) == ("", "s3cret of/the:client")

    async def test_an_algorithm_the_provider_does_not_announce_is_refused(
        self, browser: Browser, provider: HostileProvider
    ) -> None:
        provider.metadata = {"id_token_signing_alg_values_supported": ["ES256"]}
        assert (await browser.back(provider.authorize(await browser.begin())))[0] == 400


async def test_a_provider_without_a_page_for_it_keeps_nobody_from_leaving(
    browser: Browser, provider: HostileProvider
) -> None:
    provider.metadata = {"end_session_endpoint": "javascript:alert(1)"}
    token = (await browser.arrive(provider))[1]["access_token"]
    status, body = await browser.call("POST", "/auth/logout", token=token)
    assert (status, "logout_url" in body) == (200, False)
    assert not await browser.lives(token)


class TestOwnAuthority:
    @pytest.fixture
    def made(self, tmp_path: Path) -> Certificates:
        return certificates.make(tmp_path, "localhost")

    @pytest.fixture
    async def provider(self, made: Certificates, key: RSAKey) -> AsyncIterator[HostileProvider]:
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.load_cert_chain(made.chain, made.key)
        played = HostileProvider(key)
        await played.start(context)
        yield played
        await played.stop()

    @pytest.fixture
    def settings(self, made: Certificates) -> dict[str, str]:
        return {"OIDC_CA_FILE": str(made.authority)}

    async def test_a_certificate_of_the_given_authority_is_trusted_and_no_other(
        self, browser: Browser, provider: HostileProvider, server: ServerProcess, made: Certificates
    ) -> None:
        assert provider.issuer.startswith("https://")
        assert (await browser.arrive(provider))[0] == 200
        folder = made.authority.parent / "other"
        folder.mkdir()
        server.restart(OIDC_CA_FILE=str(certificates.make(folder, "localhost").authority))
        assert (await page(browser, "/oidc/login"))[0] == 503
        server.restart(OIDC_DISABLE_SSL_VERIFY="true")
        assert (await browser.arrive(provider))[0] == 200
        assert "OIDC_DISABLE_SSL_VERIFY is on" in server.log.read_text()
