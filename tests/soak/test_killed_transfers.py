"""Imports with pictures and exports that die in the middle: whole in the end, nothing beside."""

from __future__ import annotations

import asyncio
import os
import sqlite3
import time
import zipfile
from contextlib import closing
from pathlib import Path
from typing import Any, Final

import orjson
import pytest
from aiohttp import FormData

from tests.api.pictures import png
from tests.api.server import ServerProcess
from tests.soak.person import Person, assert_no_drift, journiv

ENTRIES: Final = 40
PLACES: Final = (10, 50, 90)
ZIPPED: Final = ("archive", "markdown", "html", "journiv-backup")
ENDED: Final = ("completed", "failed", "cancelled")
HOURS_LATER: Final = "+90000"
SEEN: Final = ("title", "content", "entry_date", "entry_datetime_utc", "entry_timezone")


@pytest.fixture
def places(soak_rounds: int) -> tuple[int, ...]:
    """At how many percent each death comes: ten times at each place in `./dev soak`."""
    return (50,) if soak_rounds < 10 else PLACES * 10


@pytest.fixture
def formats(soak_rounds: int) -> tuple[str, ...]:
    """Which exports are killed."""
    return ("archive",) if soak_rounds < 10 else ZIPPED * 10


@pytest.fixture
def diary(tmp_path: Path) -> Path:
    """Forty notes, each with a picture of its own and one that all of them share."""
    path = tmp_path / "diary.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("Diary/shared.png", png(seed=0))
        for number in range(1, ENTRIES + 1):
            archive.writestr(f"Diary/{number}.png", png(60, 40, seed=number))
            text = f"---\ndate: 1660-01-01\ntags: [t{number % 3}]\n---\nUp betimes, {number}.\n"
            links = f"![](shared.png) ![own]({number}.png)\n"
            archive.writestr(f"Diary/Day {number}.md", text + links)
    return path


async def begun(person: Person, diary: Path) -> str:
    """Upload a diary and return the path of its job."""
    form = FormData({"source_type": "markdown", "zone": "Europe/London"})
    form.add_field("file", diary.read_bytes(), filename=diary.name)
    url, headers = f"{person.url}/api/v1/import/upload", {"Authorization": f"Bearer {person.token}"}
    async with person.session.post(url, data=form, headers=headers) as response:
        job: dict[str, Any] = await response.json()
        assert response.status == 202, job
    return f"/import/{job['id']}"


async def reached(person: Person, path: str, items: int) -> dict[str, Any]:
    """Wait until so many items of a job are dealt with, or it has ended; return it."""
    async with asyncio.timeout(120):
        while True:
            _, job = await person.ask("GET", path)
            if job["processed_items"] >= items or job["status"] in ENDED:
                return dict(job)
            await asyncio.sleep(0.005)


async def ended(person: Person, path: str) -> dict[str, Any]:
    async with asyncio.timeout(120):
        while (job := (await person.ask("GET", path))[1])["status"] not in ENDED:
            await asyncio.sleep(0.05)
    return dict(job)


async def seen(person: Person) -> list[Any]:
    """What an account holds, told so that two accounts can be compared."""
    _, entries = await person.ask("GET", "/entries/?limit=100")
    found = []
    for entry in entries:
        _, media = await person.ask("GET", f"/entries/{entry['id']}/media")
        _, tags = await person.ask("GET", f"/entries/{entry['id']}/tags")
        kept = [(one["checksum"], one["alt_text"], one["original_filename"]) for one in media]
        found.append([*(entry[name] for name in SEEN), [tag["name"] for tag in tags], kept])
    return sorted(found)


def on_disk(server: ServerProcess) -> set[str]:
    """Every file of media and transfers, unfinished ones too."""
    data = server.folder / "data"
    found: set[str] = set()
    for name in ("media", "transfers", ".staging"):
        for folder, _, files in os.walk(data / name):  # which minds nothing that goes meanwhile
            found |= {str(Path(folder, file).relative_to(data)) for file in files}
    return found


def named(server: ServerProcess) -> set[str]:
    """Every file that a row names."""
    with closing(sqlite3.connect(server.folder / "data" / "journiv.db")) as connection:
        rows = connection.execute("SELECT key, variants FROM media").fetchall()
    keys = {key for key, _ in rows}
    keys |= {one["key"] for _, made in rows for one in orjson.loads(made or "{}").values()}
    return {f"media/{key}" for key in keys}


async def assert_nothing_beside(server: ServerProcess) -> None:
    """Let a day go by, in which the server tidies, and compare files with rows."""
    assert server.stop() == 0
    assert len(named(server)) > ENTRIES
    for path in (server.folder / "data" / "media").rglob("*"):
        os.utime(path, (time.time() - 7200,) * 2)
    server.start(JOURNIV_TEST_CLOCK=HOURS_LATER)
    async with asyncio.timeout(60):
        while on_disk(server) != named(server):
            await asyncio.sleep(0.2)


async def test_an_import_with_pictures_that_is_killed_ends_as_if_it_had_not_been(
    server: ServerProcess, person: Person, diary: Path, places: tuple[int, ...]
) -> None:
    job = await ended(person, await begun(person, diary))
    assert job["result_data"]["media_files_imported"] == 2 * ENTRIES
    undisturbed = await seen(person)
    assert len(undisturbed) == ENTRIES
    hits: list[int] = []
    for place in places:
        email = f"p{len(hits)}@example.org"
        someone = await Person.register(person.session, person.url, email)
        path = await begun(someone, diary)
        at = await reached(someone, path, ENTRIES * place // 100)
        await asyncio.to_thread(server.kill)
        hits.append(at["processed_items"])
        await asyncio.to_thread(server.start)
        job = await ended(someone, path)
        assert (job["status"], job["errors"], job["warnings"]) == ("completed", [], [])
        assert job["result_data"]["entries_created"] == ENTRIES
        assert await seen(someone) == undisturbed
    print(f"{len(hits)} imports killed by the server's death, at items {sorted(hits)}")
    assert_no_drift(server)
    await assert_nothing_beside(server)


async def test_an_import_by_command_that_is_killed_is_finished_by_the_next(
    server: ServerProcess, person: Person, diary: Path, places: tuple[int, ...]
) -> None:
    await ended(person, await begun(person, diary))
    undisturbed = await seen(person)
    hits: list[int] = []
    for place in places:
        someone = await Person.register(person.session, person.url, f"c{len(hits)}@example.org")
        command = ("import", str(diary), "--format", "markdown", "--user", someone.email,
                   "--journal", "Diary", "--zone", "Europe/London")  # fmt: skip
        running = journiv(server, *command)
        while (count := await total(someone)) < ENTRIES * place // 100:
            assert running.poll() is None
            await asyncio.sleep(0.005)
        running.kill()
        running.communicate()
        hits.append(count)
        again = journiv(server, *command)
        said, _ = await asyncio.to_thread(again.communicate)
        assert again.returncode == 0, said
        assert await seen(someone) == undisturbed
    print(f"{len(hits)} imports by command killed, at entries {sorted(hits)}")
    if len(places) > 1:
        await assert_nothing_beside(server)


async def total(person: Person) -> int:
    _, streak = await person.ask("GET", "/analytics/writing-streak")
    return int(streak["total_entries"])


async def test_an_export_that_is_killed_shows_no_half_file_and_is_whole_in_the_end(
    server: ServerProcess, person: Person, diary: Path, formats: tuple[str, ...]
) -> None:
    await ended(person, await begun(person, diary))
    await fill(server, person)
    for kind in formats:
        body = {"export_type": "full", "format": kind}
        status, job = await person.ask("POST", "/export/", body)
        assert status == 202, job
        while not [one for one in on_disk(server) if job["id"] in one]:
            await asyncio.sleep(0.001)
        await asyncio.to_thread(server.kill)
        assert not [one for one in on_disk(server) if job["id"] in one and "result" in one]
        await asyncio.to_thread(server.start)
        path = f"/export/{job['id']}"
        assert (await person.ask("GET", path))[1]["status"] == "running"
        job = await ended(person, path)
        assert (job["status"], job["errors"]) == ("completed", [])
        pictures = await downloaded(person, path, server.folder / "export.zip")
        assert len(pictures) == ENTRIES + 1
        assert (await person.ask("DELETE", path))[0] == 204
    print(f"{len(formats)} exports killed")
    assert on_disk(server) == named(server)


async def fill(server: ServerProcess, person: Person) -> None:
    """Add so many entries that an export takes a while."""
    path = server.folder / "many.ndjson"
    lines = ({"ref": str(n), "date": "1661-01-01", "text": f"{n} " * 200} for n in range(4000))
    path.write_bytes(b"".join(orjson.dumps(line) + b"\n" for line in lines))
    filling = journiv(server, "import", str(path), "--format", "ndjson", "--user", person.email,
                      "--journal", "Many")  # fmt: skip
    said, _ = await asyncio.to_thread(filling.communicate)
    assert filling.returncode == 0, said


async def downloaded(person: Person, path: str, target: Path) -> set[int]:
    """Fetch an export, check its ZIP file and return the checksums of its pictures."""
    headers = {"Authorization": f"Bearer {person.token}"}
    async with person.session.get(
        f"{person.url}/api/v1{path}/download", headers=headers
    ) as response:
        assert response.status == 200
        target.write_bytes(await response.read())
    with zipfile.ZipFile(target) as archive:
        assert archive.testzip() is None
        return {one.CRC for one in archive.infolist() if one.filename.endswith(".png")}
