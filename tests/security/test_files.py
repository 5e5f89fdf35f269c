"""§4.7 FS: what is kept is the owner's alone."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest
from aiohttp import ClientSession

from tests.api.client import ApiClient
from tests.api.conftest import StartServer, register
from tests.security.doors import shell


@pytest.fixture(params=[0o022, 0o000], ids=["022", "000"])
def umask(request: pytest.FixtureRequest) -> Iterator[int]:
    before = os.umask(request.param)
    yield request.param
    os.umask(before)


def modes(folder: Path) -> dict[str, str]:
    return {
        str(path.relative_to(folder.parent)): oct(stat.S_IMODE(path.stat().st_mode))
        for path in (folder, *folder.rglob("*"))
    }


def expected(folder: Path) -> dict[str, str]:
    return {
        str(path.relative_to(folder.parent)): "0o700" if path.is_dir() else "0o600"
        for path in (folder, *folder.rglob("*"))
    }


async def test_FS_1_whatever_the_umask_others_read_nothing(
    start_server: StartServer, session: ClientSession, umask: int
) -> None:
    server = start_server(ENVIRONMENT="development", SECRET_KEY="")
    data = server.folder / "data"
    await register(ApiClient(session, server.url, server.contract), "a@example.org")
    assert {"journiv.db", "secret.key"} <= {path.name for path in data.iterdir()}
    assert modes(data) == expected(data)
    assert shell(server, "user", "list")[0] == 0
    assert modes(data) == expected(data)
