from __future__ import annotations

import itertools
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from aiohttp import ClientSession, DummyCookieJar

from tests.api.client import ApiClient
from tests.api.server import ServerProcess
from tests.conftest import STORES

ADMIN = "admin@example.org"
PASSWORD = "quill-Lantern-harbour-47"
_numbers = itertools.count(1)

NewStore = Callable[[], dict[str, str]]
StartServer = Callable[..., ServerProcess]
NewUser = Callable[..., Awaitable[ApiClient]]


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run what asks a server once for each store; pytest puts those of one store together."""
    if "new_store" in metafunc.fixturenames:
        wanted = metafunc.config.getoption("--store")
        stores = STORES if wanted == "both" else (wanted,)
        metafunc.parametrize("new_store", stores, indirect=True, scope="session")


@pytest.fixture(scope="session")
def server(
    tmp_path_factory: pytest.TempPathFactory, new_store: NewStore
) -> Iterator[ServerProcess]:
    """One server for all tests that need nothing special; its first account is `admin`'s."""
    process = ServerProcess(tmp_path_factory.mktemp("server"), new_store())
    process.start()
    yield process
    assert process.stop() == 0, process.log.read_text(errors="replace")


@pytest.fixture
def start_server(tmp_path: Path, new_store: NewStore) -> Iterator[StartServer]:
    """Starts a server with settings of its own: `start_server(DISABLE_SIGNUP="true")`."""
    started: list[ServerProcess] = []

    def start(**settings: str) -> ServerProcess:
        folder = tmp_path / f"server-{len(started)}"
        folder.mkdir()
        process = ServerProcess(folder, {**new_store(), **settings})
        started.append(process)
        process.start()
        return process

    yield start
    for process in started:
        process.kill()


@pytest.fixture
async def session() -> AsyncIterator[ClientSession]:
    async with ClientSession(cookie_jar=DummyCookieJar()) as opened:
        yield opened


@pytest.fixture
def client(server: ServerProcess, session: ClientSession) -> ApiClient:
    """A stranger at the shared server."""
    return ApiClient(session, server.url, server.contract)


@pytest.fixture(scope="session")
def signed_in(server: ServerProcess) -> dict[str, ApiClient]:
    """Who signed in once at the shared server: hashing a password takes its time."""
    return {}


@pytest.fixture
async def admin(client: ApiClient, signed_in: dict[str, ApiClient]) -> ApiClient:
    """The administrator of the shared server: its first account."""
    if ADMIN not in signed_in:
        signed_in[ADMIN] = await register(client, ADMIN)
    known = signed_in[ADMIN]
    return ApiClient(
        client.session,
        client.url,
        client.contract,
        token=known.token,
        user=known.user,
        password=known.password,
    )


@pytest.fixture
async def new_user(client: ApiClient, admin: ApiClient) -> NewUser:
    """Makes an ordinary account at the shared server (or at `at`'s) and signs in."""

    async def make(email: str | None = None, *, at: ApiClient | None = None) -> ApiClient:
        address = email or f"person-{next(_numbers)}@example.org"
        return await register(at or client, address)

    return make


async def register(client: ApiClient, email: str) -> ApiClient:
    made = await client.post("/auth/register", _account(email))
    assert made.status == 201, made.json
    return await sign_in(client, email)


async def sign_in(client: ApiClient, email: str, password: str = PASSWORD) -> ApiClient:
    answer = await client.post("/auth/login", {"email": email, "password": password})
    assert answer.status == 200, answer.json
    body = answer.json
    return ApiClient(
        client.session,
        client.url,
        client.contract,
        token=body["access_token"],
        user=body["user"],
        password=password,
    )


def _account(email: str) -> dict[str, Any]:
    return {"email": email, "name": "Sam", "password": PASSWORD}
