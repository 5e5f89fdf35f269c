"""What docs/operate/backup.md promises: a copy of a running server is a server again."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest
from aiohttp import ClientSession

from devtools.paths import ROOT, program
from tests.api.client import ApiClient
from tests.api.conftest import register, sign_in
from tests.api.server import ServerProcess

PAGE = (ROOT / "docs" / "operate" / "backup.md").read_text()
EMAIL = "sam@example.com"


def journiv(data: Path, *arguments: str) -> None:
    """Type one command of the page beside the server."""
    assert f"journiv {arguments[0]}" in PAGE
    environment = os.environ | {"ENVIRONMENT": "development", "JOURNIV_DATA": str(data)}
    done = subprocess.run(
        [program("journiv"), *arguments], env=environment, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr


def serve(folder: Path) -> ServerProcess:
    folder.mkdir(exist_ok=True)
    process = ServerProcess(folder, {})
    process.start()
    return process


@pytest.fixture
async def connections():
    async with ClientSession() as session:
        yield session


async def write_first_entry(connections: ClientSession, server: ServerProcess) -> None:
    sam = await register(ApiClient(connections, server.url, server.contract), EMAIL)
    journal = await sam.post("/journals/", {"title": "Diary"})
    entry = {"title": "First day", "content": "Up betimes.", "journal_id": journal.json["id"]}
    assert (await sam.post("/entries/", entry)).status == 201


async def test_a_copy_of_a_running_server_is_the_same_journal_elsewhere(tmp_path, connections):
    server, copy = serve(tmp_path / "old"), tmp_path / "copy.db"
    try:
        await write_first_entry(connections, server)
        journiv(server.folder / "data", "sqlite-backup", str(copy))
    finally:
        server.kill()
    data = tmp_path / "new" / "data"
    data.mkdir(parents=True, mode=0o700)
    shutil.copy(copy, data / "journiv.db")
    restored = serve(tmp_path / "new")
    try:
        journiv(data, "verify")
        stranger = ApiClient(connections, restored.url, restored.contract)
        sam = await sign_in(stranger, EMAIL)
        found = await sam.get("/entries/")
        assert [entry["content"] for entry in found.json] == ["Up betimes."]
    finally:
        restored.kill()
