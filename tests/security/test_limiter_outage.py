"""A rate limiter elsewhere that is out of order: proofs of identity stay limited (D6)."""

from __future__ import annotations

import asyncio
import time
from pathlib import Path

import pytest
from aiohttp import ClientSession

from tests.api.client import ApiClient
from tests.api.conftest import StartServer
from tests.api.server import ServerProcess
from tests.security.mishaps import DOWN, installed
from tests.security.stages import stranger_at

PATIENCE = 30


@pytest.fixture
def server_of_its_own(start_server: StartServer, tmp_path: Path) -> ServerProcess:
    return start_server(
        RATE_LIMIT_ENABLED="true",
        RATE_LIMIT_STORAGE_URI="flaky://",
        **installed(tmp_path / "site"),
    )


@pytest.fixture
def stranger(server_of_its_own: ServerProcess, session: ClientSession) -> ApiClient:
    return stranger_at(server_of_its_own, session)


async def _sign_ins(stranger: ApiClient, times: int) -> list[int]:
    bodies = ({"email": f"p{n}@example.org", "password": "wrong"} for n in range(times))
    return [(await stranger.post("/auth/login", body)).status for body in bodies]


async def _becomes(stranger: ApiClient, awaited: str) -> None:
    """Wait until `/readyz` says so."""
    started = time.monotonic()
    while (answer := await stranger.get("/readyz", root=True)).json["status"] != awaited:
        assert time.monotonic() - started < PATIENCE, answer.json
        await asyncio.sleep(0.1)
    assert answer.status == 200


async def test_while_the_limiter_is_down_sign_ins_have_half_their_limit_and_the_rest_passes(
    server_of_its_own: ServerProcess, stranger: ApiClient
) -> None:
    assert await _sign_ins(stranger, 12) == [401] * 12
    down = server_of_its_own.folder / "data" / DOWN
    down.write_text("slow")
    assert await _sign_ins(stranger, 8) == [401] * 5 + [429] * 3
    calls = [(await stranger.get("/users/me")).status for _ in range(80)]
    assert calls == [401] * 80
    await _becomes(stranger, "degraded")
    assert (await stranger.get("/health")).json["status"] == "degraded"
    down.unlink()
    await _becomes(stranger, "ok")
    assert await _sign_ins(stranger, 12) == [401] * 12
    log = server_of_its_own.log.read_text()
    assert log.count("The rate limiter does not count") == 1
    assert "canary-password" not in log
