from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from aiohttp import ClientSession, CookieJar

from tests.api.server import ServerProcess
from tests.oidc.browser import Browser
from tests.oidc.mock import MockProvider
from tests.oidc.provider import CLIENT, SECRET, RealProvider


def public_url(server: ServerProcess) -> str:
    """Return the address the server gives to others."""
    return f"http://localhost:{server.port}"


with_and_without_redis = pytest.mark.parametrize(
    "redis", [None, "redis"], ids=["without Redis", "with Redis"], indirect=True
)


@pytest.fixture
def provider(tmp_path: Path) -> Iterator[RealProvider]:
    """The real provider; it starts with the journal, which it has to know."""
    made = RealProvider(tmp_path)
    yield made
    made.stop()


@pytest.fixture
def settings() -> dict[str, str]:
    """What a test sets beside the rest."""
    return {}


@pytest.fixture
def redis(request: pytest.FixtureRequest) -> dict[str, str]:
    """No Redis, until a test or its file says `with_and_without_redis`."""
    named: str | None = getattr(request, "param", None)
    return {} if named is None else {"REDIS_URL": request.getfixturevalue("shared_redis")}


@pytest.fixture
def registered() -> dict[str, object]:
    """What the provider is told about the journal beside its addresses."""
    return {}


@pytest.fixture
def public() -> str | None:
    """The journal's public address when it is not its own."""
    return None


@pytest.fixture
def journal(
    tmp_path: Path,
    public: str | None,
    provider: RealProvider,
    settings: dict[str, str],
    redis: dict[str, str],
    registered: dict[str, object],
) -> Iterator[ServerProcess]:
    """A journal that sends people to the provider."""
    process = ServerProcess(
        tmp_path,
        {
            "OIDC_ENABLED": "true",
            "OIDC_ISSUER": provider.issuer,
            "OIDC_CLIENT_ID": CLIENT,
            "OIDC_CLIENT_SECRET": SECRET,
            **redis,
            **settings,
        },
    )
    provider.knows(public or public_url(process), **registered)
    provider.begin()
    process.start()
    provider.ready()
    yield process
    process.kill()


@pytest.fixture
async def browser(journal: ServerProcess) -> AsyncIterator[Browser]:
    async with ClientSession(cookie_jar=CookieJar(unsafe=True)) as session:
        yield Browser(session, public_url(journal))


@pytest.fixture
async def other_browser(journal: ServerProcess) -> AsyncIterator[Browser]:
    async with ClientSession(cookie_jar=CookieJar(unsafe=True)) as session:
        yield Browser(session, public_url(journal))


@pytest.fixture
async def mock() -> AsyncIterator[MockProvider]:
    """A provider that is right until a test breaks it."""
    provider = MockProvider()
    await provider.start()
    yield provider
    await provider.stop()
