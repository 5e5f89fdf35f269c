from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

import pytest
from aiohttp import ClientSession, CookieJar

from tests.api.server import ServerProcess
from tests.plugins.auth_oidc.provider import CLIENT, SECRET, HostileProvider


class Browser:
    """A browser at the server: it keeps cookies and shows where it is sent."""

    def __init__(self, session: ClientSession, url: str) -> None:
        self.session = session
        self.url = f"{url}/api/v1"

    async def begin(self, way: str = "/oidc") -> dict[str, str]:
        """Return the query of the authorization request."""
        async with self.session.get(f"{self.url}{way}/login", allow_redirects=False) as answer:
            assert answer.status == 302, await answer.text()
            return dict(parse_qsl(urlsplit(answer.headers["Location"]).query))

    async def back(self, query: dict[str, str], way: str = "/oidc") -> tuple[int, str]:
        """Return the status, and the ticket or the sentence."""
        async with self.session.get(
            f"{self.url}{way}/callback", params=query, allow_redirects=False
        ) as answer:
            if answer.status != 307:
                return answer.status, (await answer.json())["detail"]
            target = urlsplit(answer.headers["Location"])
            assert target.path == "/oidc-finish"
            return 307, dict(parse_qsl(target.query))["ticket"]

    async def exchange(self, ticket: str) -> tuple[int, dict]:
        async with self.session.post(
            f"{self.url}/auth/oidc/exchange", json={"ticket": ticket}
        ) as answer:
            return answer.status, await answer.json()


@pytest.fixture
async def provider() -> AsyncIterator[HostileProvider]:
    played = HostileProvider()
    await played.start()
    yield played
    await played.stop()


@pytest.fixture
def settings() -> dict[str, str]:
    return {}


@pytest.fixture
def server(
    provider: HostileProvider, tmp_path: Path, settings: dict[str, str]
) -> Iterator[ServerProcess]:
    process = ServerProcess(
        tmp_path,
        {
            "OIDC_ENABLED": "true",
            "OIDC_ISSUER": provider.issuer,
            "OIDC_CLIENT_ID": CLIENT,
            "OIDC_CLIENT_SECRET": SECRET,
            **settings,
        },
    )
    process.start()
    yield process
    process.kill()


@pytest.fixture
async def browser(server: ServerProcess) -> AsyncIterator[Browser]:
    async with ClientSession(cookie_jar=CookieJar(unsafe=True)) as session:
        yield Browser(session, server.url)


@pytest.fixture
async def other_browser(server: ServerProcess) -> AsyncIterator[Browser]:
    async with ClientSession(cookie_jar=CookieJar(unsafe=True)) as session:
        yield Browser(session, server.url)
