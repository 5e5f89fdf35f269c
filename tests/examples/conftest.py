"""The example as a stranger would have it: a wheel of its own beside an installed Journiv."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from aiohttp import ClientSession, DummyCookieJar

from devtools.paths import ROOT
from tests.api.client import ApiClient
from tests.api.conftest import register
from tests.api.server import ServerProcess
from tests.examples.sink import Sink, opened_sink
from tests.wheels import built, unpacked

EXAMPLE = ROOT / "examples" / "journiv-webhooks"


@pytest.fixture(scope="session")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The example's wheel, built by the locked backend without the network."""
    return built(EXAMPLE, tmp_path_factory.mktemp("wheel"))


@pytest.fixture(scope="session")
def site(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder for `PYTHONPATH` with the wheel in it, as installing a pure wheel leaves it."""
    return unpacked(wheel, tmp_path_factory.mktemp("site"))


@pytest.fixture(scope="session")
def installed(site: Path) -> dict[str, str]:
    """The settings of a server that has the example and may deliver to this machine."""
    return {
        "PYTHONPATH": str(site),
        "JOURNIV_WEBHOOKS__PRIVATE_ADDRESSES": "true",
        "JOURNIV_WEBHOOKS__RETRY_SECONDS": "1",
    }


@pytest.fixture
def server(tmp_path: Path, installed: dict[str, str]) -> Iterator[ServerProcess]:
    process = ServerProcess(tmp_path, installed)
    process.start()
    yield process
    process.kill()


@pytest.fixture
async def session() -> AsyncIterator[ClientSession]:
    async with ClientSession(cookie_jar=DummyCookieJar()) as opened:
        yield opened


@pytest.fixture
async def person(server: ServerProcess, session: ClientSession) -> ApiClient:
    stranger = ApiClient(session, server.url, server.contract)
    return await register(stranger, "sam@example.org")


@pytest.fixture
async def sink() -> AsyncIterator[Sink]:
    async with opened_sink() as sink:
        yield sink
