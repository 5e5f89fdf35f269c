from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path

import pytest
from aiohttp import ClientSession

from tests.api.server import SECRET_KEY, ServerProcess

Journiv = Callable[..., subprocess.CompletedProcess[str]]
Serve = Callable[..., ServerProcess]


@pytest.fixture
def journiv(tmp_path: Path) -> Journiv:
    """Runs the real command line; backups are kept in `tmp_path/backups`."""

    def run(*arguments: str | Path, **settings: str) -> subprocess.CompletedProcess[str]:
        environment = {
            "PATH": os.environ["PATH"],
            "ENVIRONMENT": "test",
            "SECRET_KEY": SECRET_KEY,
            "BACKUP_TARGET": f"file://{tmp_path}/backups",
        }
        return subprocess.run(
            [sys.executable, "-m", "journiv", *map(str, arguments)],
            env=environment | settings, cwd=tmp_path,
            capture_output=True, text=True, timeout=60,
        )  # fmt: skip

    return run


@pytest.fixture
def key(tmp_path: Path) -> tuple[Path, str]:
    """An identity of age made by the stock program, and its public key."""
    path = tmp_path / "identity.txt"
    subprocess.run(["age-keygen", "-o", path], check=True, capture_output=True)
    public = subprocess.run(["age-keygen", "-y", path], check=True, capture_output=True, text=True)
    return path, public.stdout.strip()


@pytest.fixture
async def connections() -> AsyncIterator[ClientSession]:
    async with ClientSession() as session:
        yield session


@pytest.fixture
def serve(tmp_path: Path) -> Iterator[Serve]:
    """Starts a server whose data is in a folder of this name."""
    started: list[ServerProcess] = []

    def start(name: str, **settings: str) -> ServerProcess:
        folder = tmp_path / name
        folder.mkdir(exist_ok=True)
        process = ServerProcess(folder, settings)
        process.start()
        started.append(process)
        return process

    yield start
    for process in started:
        process.kill()


@pytest.fixture(params=["sqlite", "postgres"])
def database_settings(request: pytest.FixtureRequest) -> dict[str, str]:
    """What leads a server and commands to a store of its own, of either kind."""
    if request.param == "sqlite":
        return {}
    return {"DATABASE_URL": request.getfixturevalue("postgres").new_database()}
