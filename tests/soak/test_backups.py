"""Backups under load, and backups that are killed."""

from __future__ import annotations

import asyncio
import random
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
from aiohttp import ClientSession

from tests.api.server import SECRET_KEY, ServerProcess
from tests.soak.person import Person

LEASE = 700
"""Seconds after which a killed backup holds up no other."""


class Journiv:
    """The command line beside a server; backups are kept in `folder/backups`."""

    def __init__(self, folder: Path, location: Mapping[str, str]) -> None:
        self.target = folder / "backups"
        self.environment = {
            "ENVIRONMENT": "test",
            "SECRET_KEY": SECRET_KEY,
            "BACKUP_TARGET": f"file://{self.target}",
            **location,
        }

    def start(self, *arguments: str, later: int = 0) -> subprocess.Popen[bytes]:
        """Start a command whose clock is so many seconds ahead."""
        return subprocess.Popen(
            [sys.executable, "-m", "journiv", "backup", *arguments],
            env=self.environment | {"JOURNIV_TEST_CLOCK": f"+{later}"},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )

    def run(self, *arguments: str, later: int = 0) -> None:
        """Run a command to its end. Raises AssertionError when it fails."""
        command = self.start(*arguments, later=later)
        told, _ = command.communicate(timeout=120)
        assert command.returncode == 0, told.decode()


@pytest.fixture(params=["sqlite", "postgres"])
def loaded(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[ServerProcess]:
    settings = {}
    if request.param == "postgres":
        settings["DATABASE_URL"] = request.getfixturevalue("postgres").new_database()
    process = ServerProcess(tmp_path, settings)
    process.start()
    yield process
    process.kill()


async def test_every_backup_made_while_somebody_writes_is_restored_and_lets_people_in(
    loaded: ServerProcess, session: ClientSession, tmp_path: Path, soak_rounds: int
) -> None:
    pepys = await Person.register(session, loaded.url, "pepys@example.org")
    journal, journiv = await pepys.journal(), Journiv(tmp_path, loaded.location)
    is_over = False

    async def write() -> int:
        written = 0
        while not is_over:
            body = {"journal_id": journal, "title": "A day", "content": f"Day {written}"}
            assert (await pepys.ask("POST", "/entries/", body))[0] == 201
            written += 1
        return written

    writing = asyncio.create_task(write())
    for _ in range(soak_rounds):
        await asyncio.to_thread(journiv.run, "create")
        await asyncio.to_thread(journiv.run, "verify")
    is_over = True
    assert await writing > soak_rounds


def test_a_killed_backup_leaves_nothing_half_at_the_target(
    server: ServerProcess, tmp_path: Path, soak_rounds: int
) -> None:
    journiv = Journiv(tmp_path, server.location)
    media = server.folder / "data" / "media" / "u"
    media.mkdir(parents=True)
    for number in range(50):
        (media / f"{number}.jpg").write_bytes(random.randbytes(1_000_000))
    for attempt in range(soak_rounds):
        making = journiv.start("create", later=attempt * LEASE)
        time.sleep(random.uniform(0.3, 1.5))
        making.kill()
        making.communicate()
    journiv.run("create", later=soak_rounds * LEASE)
    left = [path for path in journiv.target.rglob("*") if path.is_file()]
    assert all(path.parent == journiv.target for path in left)
    for path in left:
        journiv.run("verify", "--quick", path.name)
