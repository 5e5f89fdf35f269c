"""The whole way over https: browser, nginx of `deploy/`, journal, and the provider."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from aiohttp import ClientSession, CookieJar, TCPConnector

from tests.api.server import ServerProcess
from tests.oidc.browser import Browser
from tests.oidc.provider import RealProvider
from tests.ports import free_port
from tests.proxies import certificates, processes
from tests.proxies.certificates import Certificates
from tests.proxies.conftest import _Everywhere
from tests.proxies.processes import NAME, Ports


@dataclass(frozen=True, slots=True)
class Front:
    """What the world sees of the journal."""

    tls: int
    made: Certificates

    @property
    def url(self) -> str:
        return f"https://{NAME}:{self.tls}"


@pytest.fixture
def front(tmp_path: Path) -> Front:
    folder = tmp_path / "certificates"
    folder.mkdir()
    return Front(free_port(), certificates.make(folder, NAME))


@pytest.fixture
def public(front: Front) -> str:
    return front.url


@pytest.fixture
def settings(front: Front) -> dict[str, str]:
    return {"DOMAIN_NAME": f"{NAME}:{front.tls}", "DOMAIN_SCHEME": "https"}


@pytest.fixture
def proxied(tmp_path: Path, front: Front, journal: ServerProcess) -> Iterator[Front]:
    folder = tmp_path / "proxy"
    folder.mkdir()
    ports = Ports(plain=free_port(), tls=front.tls, server=journal.port)
    proxy = processes.nginx(folder, ports, front.made)
    yield front
    proxy.stop()


@pytest.fixture
async def browser(proxied: Front) -> AsyncIterator[Browser]:
    connector = TCPConnector(resolver=_Everywhere(), force_close=True)
    async with ClientSession(connector=connector, cookie_jar=CookieJar(unsafe=True)) as session:
        opened = Browser(session, proxied.url)
        opened.trusts(proxied.made.authority)
        yield opened
    await asyncio.sleep(0.1)  # TLS transports close some turns of the loop later


async def test_a_sign_in_over_https_keeps_its_cookies_to_https(
    browser: Browser, provider: RealProvider
) -> None:
    page = await browser.sign_in(login="alice")
    assert any(f"redirect_uri=https%3A%2F%2F{NAME}" in url for url in browser.visited)
    tokens = await browser.tokens(page, X_Journiv_Client="pwa")
    assert tokens["user"]["email"] == "alice@example.org"
    kept = {one.key: one for one in browser.session.cookie_jar if NAME in one["domain"]}
    assert "__Host-jrt" in kept
    assert all(one["secure"] and one["httponly"] for one in kept.values())
    status, renewed = await browser.api("POST", "/auth/refresh", {}, X_Journiv_Client="pwa")
    assert status == 200, renewed
