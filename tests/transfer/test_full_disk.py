"""A disk that is full: one sentence, nothing half visible, and on it goes when there is room."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

import pytest
from aiohttp import ClientSession, DummyCookieJar

from journiv.domain.scope import UserScope
from tests.api.client import ApiClient
from tests.api.conftest import register
from tests.api.pictures import new_entry, png, send
from tests.api.server import ServerProcess
from tests.api.transfers import upload
from tests.transfer.small_disk import SmallDisk, small_disk

PICTURES: Final = 10
EMAIL: Final = "pepys@example.org"


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[SmallDisk]:
    with small_disk(tmp_path / "small", "3m") as opened:
        yield opened


@pytest.fixture
def diary(tmp_path: Path) -> Path:
    """Ten notes with a picture of 600 kB each."""
    path = tmp_path / "diary.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for number in range(PICTURES):
            archive.writestr(f"D/{number}.png", png(500, 400, seed=number))
            text = f"---\ndate: 2024-01-01\n---\nDay {number}\n![]({number}.png)\n"
            archive.writestr(f"D/Day {number}.md", text)
    return path


@pytest.fixture
def journiv(
    disk: SmallDisk, database: Path, user: UserScope, tmp_path: Path
) -> Callable[..., subprocess.CompletedProcess[str]]:
    """Runs the command line where media lie on the small disk."""
    environment = {
        "ENVIRONMENT": "test",
        "SECRET_KEY": "a-key-for-tests-and-for-nothing-else-0123456789",
        "JOURNIV_DATA": str(database.parent),
        "MEDIA_ROOT": str(disk.folder / "media"),
        "MEDIA_MIN_FREE_MB": "0",
    }

    def run(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
        command = [*disk.within, sys.executable, "-m", "journiv", *map(str, arguments)]
        return subprocess.run(
            command, env=environment, cwd=tmp_path, capture_output=True, text=True, timeout=60
        )

    return run


def test_imports_and_exports_on_a_full_disk_say_so_and_go_on_when_there_is_room(
    journiv: Callable[..., subprocess.CompletedProcess[str]], disk: SmallDisk, diary: Path
) -> None:
    bring = ("import", diary, "--format", "markdown", "--user", EMAIL, "--journal", "D")
    full = journiv(*bring)
    assert (full.returncode, full.stderr) == (1, "journiv: The disk is full.\n")
    held = disk.files()
    assert 0 < len(held) < PICTURES
    assert all(name.endswith(".png") for name in held)

    out = ("--format", "archive", "--user", EMAIL)
    full = journiv("export", disk.folder / "out.zip", *out)
    assert full.stderr == "journiv: The disk has no room for the export.\n"
    assert disk.files() == held

    disk.grow("40m")
    done = journiv(*bring)
    assert (done.returncode, done.stderr) == (0, "")
    assert f"{PICTURES} records read" in done.stdout
    assert len(disk.files()) == PICTURES
    assert set(held) < set(disk.files())


async def test_a_server_on_a_full_disk_answers_507_keeps_nothing_of_it_and_lives(
    disk: SmallDisk, tmp_path: Path, diary: Path
) -> None:
    settings = {"MEDIA_ROOT": str(disk.folder / "media"), "MEDIA_MIN_FREE_MB": "0"}
    (tmp_path / "server").mkdir(mode=0o700)
    server = ServerProcess(tmp_path / "server", settings, disk.within)
    server.start()
    try:
        async with ClientSession(cookie_jar=DummyCookieJar()) as session:
            me = await register(ApiClient(session, server.url, server.contract), EMAIL)
            entry = await new_entry(me)
            for number in range(PICTURES):
                answer = await send(me, entry["id"], png(500, 400, seed=number))
                if answer.status != 201:
                    break
            assert (answer.status, answer.detail) == (507, "The disk is full.")
            media = (await me.get(f"/entries/{entry['id']}/media")).json
            assert len(media) == number > 0
            assert len([name for name in disk.files() if name.endswith(".png")]) == number
            refused = await upload(me, diary.read_bytes(), source_type="markdown", name="a.zip")
            assert refused.status == 507
            assert not [name for name in disk.files() if "transfers" in name]
            assert (await me.put(f"/entries/{entry['id']}", {"content": "x"})).status == 200
            assert (await me.get("/import/")).json == []
    finally:
        server.kill()
