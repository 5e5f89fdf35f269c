"""A server whose database is gone, and what a stranger may read about it (HLT-1 to 3)."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterator

import pytest

from tests.api.conftest import PASSWORD, StartServer
from tests.api.server import ServerProcess
from tests.security.raw import Raw, ask

DRIVER = re.compile(rb"sqlite|sqlalchemy|malformed|disk|journiv\.db|select |traceback|/data", re.I)
# The server looks every 2 seconds; a slow machine gets more time than the 3 that are promised.
PATIENCE = 10.0


async def becomes(server: ServerProcess, status: int) -> None:
    """Wait until the server says that it is ready, or that it is not."""
    async with asyncio.timeout(PATIENCE):
        while (await ask(server, "GET", "/readyz")).status != status:
            await asyncio.sleep(0.05)


def spoil(server: ServerProcess) -> None:
    """Write noise over the database, as a dying disk does."""
    folder = server.folder / "data"
    for name in ("journiv.db", "journiv.db-wal"):
        with (folder / name).open("r+b") as file:
            file.write(b"\xff" * (folder / name).stat().st_size)


async def test_HLT_1_without_its_database_a_server_is_not_ready_until_it_is_back(
    start_server: StartServer,
) -> None:
    server = start_server()

    data, elsewhere = server.folder / "data", server.folder / "elsewhere"
    await becomes(server, 200)
    data.rename(elsewhere)
    await becomes(server, 503)
    assert (await ask(server, "GET", "/livez")).status == 200
    elsewhere.rename(data)
    await becomes(server, 200)


async def test_HLT_2_nothing_of_the_driver_is_told(start_server: StartServer) -> None:
    server = start_server()
    spoil(server)
    await becomes(server, 503)
    credentials = f'{{"email": "a@example.org", "password": "{PASSWORD}"}}'.encode()
    json = "Content-Type: application/json"
    answers = [
        await ask(server, "GET", "/livez"),
        await ask(server, "GET", "/readyz"),
        await ask(server, "GET", "/api/v1/health"),
        await ask(server, "GET", "/api/v1/instance/config"),
        await ask(server, "POST", "/api/v1/auth/login", json, body=credentials),
        await ask(server, "POST", "/api/v1/auth/refresh", json, body=b'{"refresh_token": "x"}'),
    ]
    assert [answer.status for answer in answers[:3]] == [200, 503, 200]
    assert [_told(answer) for answer in answers] == [[]] * len(answers)
    assert answers[1].json == {"status": "down"}
    assert answers[2].json["database"] == "disconnected"
    assert answers[4].status == 503
    assert answers[4].header("retry-after")


def _told(answer: Raw) -> list[bytes]:
    return DRIVER.findall(answer.body.replace(b"The database file is damaged", b""))


@pytest.mark.parametrize(
    "path",
    [
        "/api/v1/openapi.json", "/openapi.json", "/docs", "/redoc", "/api/v1/docs",
        "/api/v1/redoc", "/api/docs", "/metrics", "/api/v1/metrics", "/debug", "/status",
        "/server-status", "/api/v1/admin/doctor",
    ],
)  # fmt: skip
async def test_HLT_3_production_tells_strangers_nothing_of_itself(
    production: ServerProcess, path: str
) -> None:
    answer = await ask(production, "GET", path)
    assert answer.status in (401, 404)
    version = await ask(production, "GET", "/api/v1/instance/version/info")
    assert version.status == 401


@pytest.fixture(scope="module")
def production(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServerProcess]:
    process = ServerProcess(tmp_path_factory.mktemp("production"), {"ENVIRONMENT": "production"})
    process.start()
    yield process
    process.kill()
