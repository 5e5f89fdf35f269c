from __future__ import annotations

import socket
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
from aiohttp import ClientSession, CookieJar
from joserfc.jwk import RSAKey

from tests.api.server import ServerProcess
from tests.plugins.auth_oidc.provider import CLIENT, SECRET, HostileProvider

PASSWORD = "quill-Lantern-harbour-47"


class Browser:
    """A browser at the server: it keeps cookies and shows where it is sent."""

    def __init__(self, session: ClientSession, url: str) -> None:
        self.session = session
        self.url = f"{url}/api/v1"

    async def begin(self, way: str = "/oidc", **query: str) -> dict[str, str]:
        """Return the query of the authorization request."""
        async with self.session.get(
            f"{self.url}{way}/login", params=query, allow_redirects=False
        ) as answer:
            assert answer.status == 302, await answer.text()
            return self.query_of(answer.headers["Location"])

    @staticmethod
    def query_of(url: str) -> dict[str, str]:
        """Return what an address asks for."""
        return dict(parse_qsl(urlsplit(url).query))

    async def target(self, query: dict[str, str]) -> str:
        """Come back from the provider and return the path one is sent to."""
        async with self.session.get(
            f"{self.url}/oidc/callback", params=query, allow_redirects=False
        ) as answer:
            assert answer.status == 307, await answer.text()
            return urlsplit(answer.headers["Location"]).path

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

    async def exchange(self, ticket: str, **headers: str) -> tuple[int, dict]:
        return await self.call("POST", "/auth/oidc/exchange", {"ticket": ticket}, **headers)

    async def call(
        self, method: str, path: str, body: object = None, token: str = "", **headers: str
    ) -> tuple[int, Any]:
        """Return the status and the JSON of an answer, None without one."""
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        if token:
            sent["Authorization"] = f"Bearer {token}"
        async with self.session.request(
            method, f"{self.url}{path}", json=body, headers=sent
        ) as answer:
            return answer.status, await answer.json() if await answer.read() else None

    async def arrive(self, provider: HostileProvider) -> tuple[int, dict]:
        """Go to the provider and back, and exchange the ticket."""
        status, ticket = await self.back(provider.authorize(await self.begin()))
        assert status == 307, ticket
        return await self.exchange(ticket)

    async def register(self, email: str) -> str:
        """Open a local account and return an access token."""
        account = {"email": email, "name": "Al", "password": PASSWORD}
        status, body = await self.call("POST", "/auth/register", account)
        assert status == 201, body
        return await self.enter(email)

    async def enter(self, email: str) -> str:
        """Sign in with the password and return an access token."""
        given = {"email": email, "password": PASSWORD}
        status, body = await self.call("POST", "/auth/login", given)
        assert status == 200, body
        return str(body["access_token"])

    async def lives(self, token: str) -> bool:
        """Say whether an access token is still good."""
        return (await self.call("GET", "/users/me", token=token))[0] == 200


@dataclass(frozen=True, slots=True)
class Shared:
    """A server for many tests, and the port where each test plays its provider."""

    server: ServerProcess
    port: int


@pytest.fixture(scope="session")
def key() -> RSAKey:
    """The provider's key, made once: that takes its time."""
    return RSAKey.generate_key(2048, {"kid": "one"})


@pytest.fixture(scope="session")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shared]:
    """For tests that leave the provider's metadata, its keys and the settings alone."""
    port = free_port()
    process = started(tmp_path_factory.mktemp("oidc"), f"http://127.0.0.1:{port}", {})
    yield Shared(process, port)
    process.kill()


@pytest.fixture
def port() -> int | None:
    """Where the provider listens; anywhere, unless the server is shared."""
    return None


@pytest.fixture
async def provider(key: RSAKey, port: int | None) -> AsyncIterator[HostileProvider]:
    played = HostileProvider(key)
    await played.start(port=port)
    yield played
    await played.stop()


@pytest.fixture
def settings() -> dict[str, str]:
    return {}


@pytest.fixture
def server(
    provider: HostileProvider, tmp_path: Path, settings: dict[str, str]
) -> Iterator[ServerProcess]:
    process = started(tmp_path, provider.issuer, settings)
    yield process
    process.kill()


def started(folder: Path, issuer: str, settings: dict[str, str]) -> ServerProcess:
    """Start a server that sends people to a provider."""
    process = ServerProcess(
        folder,
        {
            "OIDC_ENABLED": "true",
            "OIDC_ISSUER": issuer,
            "OIDC_CLIENT_ID": CLIENT,
            "OIDC_CLIENT_SECRET": SECRET,
            **settings,
        },
    )
    process.start()
    return process


def free_port() -> int:
    """Return a port that nobody has right now."""
    with socket.socket() as opened:
        opened.bind(("127.0.0.1", 0))
        return int(opened.getsockname()[1])


@pytest.fixture
async def browser(server: ServerProcess) -> AsyncIterator[Browser]:
    async with ClientSession(cookie_jar=CookieJar(unsafe=True)) as session:
        yield Browser(session, server.url)


@pytest.fixture
async def other_browser(server: ServerProcess) -> AsyncIterator[Browser]:
    async with ClientSession(cookie_jar=CookieJar(unsafe=True)) as session:
        yield Browser(session, server.url)
