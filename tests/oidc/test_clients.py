"""Every kind of client a certified provider registers, every algorithm, and its own TLS."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.api.server import ServerProcess
from tests.oidc.browser import Browser
from tests.oidc.provider import NAME, RealProvider, signing_key
from tests.proxies import certificates
from tests.proxies.certificates import Certificates


@pytest.mark.parametrize("registered", [{"token_endpoint_auth_method": "client_secret_basic"}])
async def test_a_secret_in_the_header(browser: Browser, registered: dict[str, Any]) -> None:
    assert (await browser.tokens(await browser.sign_in()))["user"]["name"] == "alice"


@pytest.mark.parametrize("registered", [{"token_endpoint_auth_method": "client_secret_post"}])
async def test_a_secret_in_the_form(browser: Browser, registered: dict[str, Any]) -> None:
    assert (await browser.tokens(await browser.sign_in()))["user"]["name"] == "alice"


@pytest.mark.parametrize("registered", [{"token_endpoint_auth_method": "none"}])
@pytest.mark.parametrize("settings", [{"OIDC_CLIENT_SECRET": ""}])
async def test_no_secret_for_a_public_client(
    browser: Browser, registered: dict[str, Any], settings: dict[str, str]
) -> None:
    assert (await browser.tokens(await browser.sign_in()))["user"]["name"] == "alice"


@pytest.mark.parametrize("settings", [{"OIDC_CLIENT_SECRET": "another-secret"}])
async def test_a_wrong_secret_is_no_sign_in_and_stands_in_no_log(
    browser: Browser, journal: ServerProcess, settings: dict[str, str]
) -> None:
    page = await browser.sign_in()
    assert (page.status, "refused" in page.text) == (400, True)
    assert settings["OIDC_CLIENT_SECRET"] not in journal.log.read_text()


class TestAlgorithms:
    @pytest.fixture(params=["RS256", "PS256", "ES256", "EdDSA"])
    def algorithm(self, request: pytest.FixtureRequest) -> str:
        return str(request.param)

    @pytest.fixture
    def registered(self, algorithm: str) -> dict[str, Any]:
        return {"id_token_signed_response_alg": algorithm}

    @pytest.fixture
    def provider(self, provider: RealProvider, algorithm: str) -> RealProvider:
        provider.keys = [signing_key("one", algorithm)]
        return provider

    async def test_each_algorithm_of_an_id_token_holds(self, browser: Browser) -> None:
        assert (await browser.tokens(await browser.sign_in()))["user"]["name"] == "alice"


class TestTls:
    @pytest.fixture
    def made(self, tmp_path: Path) -> Certificates:
        folder = tmp_path / "certificates"
        folder.mkdir()
        return certificates.make(folder, NAME)

    @pytest.fixture
    def provider(self, tmp_path: Path, made: Certificates) -> Any:
        provider = RealProvider(tmp_path, made)
        yield provider
        provider.stop()

    @pytest.fixture
    def settings(self, made: Certificates, trusted: bool) -> dict[str, str]:
        return {"OIDC_CA_FILE": str(made.authority)} if trusted else {}

    @pytest.mark.parametrize("trusted", [True])
    async def test_an_authority_of_your_own_is_trusted_by_its_file(
        self, browser: Browser, made: Certificates
    ) -> None:
        browser.trusts(made.authority)
        assert (await browser.tokens(await browser.sign_in()))["user"]["name"] == "alice"

    @pytest.mark.parametrize("trusted", [False])
    async def test_without_the_file_it_is_not(self, browser: Browser) -> None:
        page = await browser.open(f"{browser.journal}/api/v1/oidc/login")
        assert page.status == 503
