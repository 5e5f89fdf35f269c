"""A diary out and in again: `journiv export` and `journiv import` of the archive.

Entries are measured beside the least that SQLite needs for their search index, pictures beside
`cp` and SHA-256 of the same bytes; and a server is asked `/livez` while it imports the pictures.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
import os
import resource
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any, Final

from bench.client import PERSON, Client
from bench.connection import Connection
from bench.datasets import DATABASE, Recipe, copy
from bench.imports import fresh
from bench.media import png
from bench.processes import ROOT, SETTINGS, Process, journiv, pss_mib
from bench.uploads import send

PICTURES: Final = 480
"""Of 2.1 MB each: a gigabyte."""

ENTRIES: Final = 48
CHUNK: Final = 1024 * 1024
PAUSE: Final = 0.005
ROOMY: Final = {
    "MEDIA_MIN_FREE_MB": "0",
    "IMPORT_EXPORT_MAX_FILE_SIZE_MB": "2000",
    "MEDIA_QUOTA_MB": "0",
}
_TABLE: Final = (
    "CREATE VIRTUAL TABLE words USING fts5(folded, content='', tokenize='trigram case_sensitive 1',"
    " detail=none, columnsize=0)"
)


@dataclass(frozen=True, slots=True)
class Cost:
    """Seconds on the clock, and of CPU with those of all children."""

    seconds: float
    cpu: float


@dataclass(frozen=True, slots=True)
class Entries:
    """What the corpus costs, and the least that its search index costs."""

    exported: Cost
    imported: Cost
    floor: Cost


@dataclass(frozen=True, slots=True)
class Alive:
    """Milliseconds of `/livez` during a server's import, and mebibytes by which it grew."""

    p50: float
    p99: float
    slowest: float
    growth: float


@dataclass(frozen=True, slots=True)
class Pictures:
    """What a gigabyte of pictures costs, beside `cp` and SHA-256 of the same bytes."""

    megabytes: float
    copied: Cost
    exported: Cost
    imported: Cost
    alive: Alive
    export_growth: float


def entries(number: int, rounds: int) -> Entries:
    """Export a corpus, import it into an empty database, and index its texts by hand, in turn."""
    found = []
    for _ in range(rounds):
        with tempfile.TemporaryDirectory() as scratch:
            folder = Path(scratch)
            source, archive = copy(Recipe(number), folder / "source"), folder / "diary.zip"
            exported = _journiv(source, "export", archive)
            imported = _journiv(fresh(folder / "target"), "import", archive)
            texts = _texts(source / DATABASE)
            floor = _cost(lambda: _index(folder / "floor.db", texts))  # noqa: B023 - called at once
            found.append((exported, imported, floor))
    return Entries(*(_middle(list(costs)) for costs in zip(*found, strict=True)))


def pictures() -> Pictures:
    """Bring a gigabyte of pictures out and in, by the command and by a server."""
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        source, archive = folder / "source", folder / "diary.zip"
        with journiv(source, ROOMY) as server:
            _fill(server)
        media = source / "media"
        size = sum(one.stat().st_size for one in _originals(media)) / 1e6
        copied = _cost(lambda: _copy(media, folder / "copy"))
        exported = _journiv(source, "export", archive)
        imported = _journiv(fresh(folder / "target"), "import", archive)
        with journiv(folder / "server", ROOMY) as server:
            client = _begun(server)
            alive = asyncio.run(_imported(client, archive))
            grown = _Growth(server)
            job = client.post("/export/", {"export_type": "full", "format": "archive"})
            asyncio.run(_ended(client, f"/export/{job['id']}", grown))
        return Pictures(size, copied, exported, imported, alive, grown.most)


def _journiv(folder: Path, direction: str, archive: Path) -> Cost:
    command = [
        sys.executable, "-m", "journiv", direction, str(archive), "--format", "archive",
        "--user", PERSON["email"],
    ]  # fmt: skip
    environment = {"PATH": os.environ["PATH"], "JOURNIV_DATA": str(folder), **SETTINGS, **ROOMY}
    return _cost(
        lambda: subprocess.run(command, env=environment, check=True, capture_output=True, cwd=ROOT)
    )


def _cost(work: Callable[[], object]) -> Cost:
    began, used = time.perf_counter(), _cpu()
    work()
    return Cost(time.perf_counter() - began, _cpu() - used)


def _cpu() -> float:
    """Return what this process and its ended children have used so far."""
    both = map(resource.getrusage, (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(one.ru_utime + one.ru_stime for one in both)


def _middle(costs: list[Cost]) -> Cost:
    return Cost(median(one.seconds for one in costs), median(one.cpu for one in costs))


def _texts(database: Path) -> list[tuple[int, str]]:
    connection = sqlite3.connect(database)
    rows = connection.execute("SELECT rid, folded FROM entry_search ORDER BY rid").fetchall()
    connection.close()
    return rows


def _index(database: Path, texts: list[tuple[int, str]]) -> None:
    """Put texts into an index of the same kind, in one transaction and in the best order."""
    connection = sqlite3.connect(database, isolation_level=None)
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute(_TABLE)
    connection.execute("BEGIN")
    connection.executemany("INSERT INTO words (rowid, folded) VALUES (?, ?)", texts)
    connection.execute("COMMIT")
    connection.close()


def _fill(server: Process) -> None:
    """Write entries with pictures, ten each."""
    client = Client(server)
    client.register()
    journal = client.post("/journals/", {"title": "Bench"})["id"]
    ids = [_entry(client, journal, number) for number in range(ENTRIES)]
    for number in range(PICTURES):
        picture = png(number, level=0)
        fields = {"entry_id": ids[number % ENTRIES]}
        send(client, "/media/upload", fields, f"{number}.png", [picture], len(picture))


def _entry(client: Client, journal: str, number: int) -> str:
    body = {"title": f"Day {number}", "content": "Pictures.", "journal_id": journal}
    return str(client.post("/entries/", body)["id"])


def _originals(media: Path) -> Iterator[Path]:
    """Yield the files of at least a megabyte: the others are thumbnails."""
    return (one for one in media.rglob("*") if one.is_file() and one.stat().st_size > CHUNK)


def _copy(media: Path, target: Path) -> None:
    target.mkdir()
    originals = list(_originals(media))
    subprocess.run(["cp", *originals, target], check=True)
    for one in originals:
        with one.open("rb") as file:
            hashlib.file_digest(file, "sha256")


def _begun(server: Process) -> Client:
    """Sign in, and upload a picture, which starts the process that looks at pictures."""
    client = Client(server)
    client.register()
    journal = client.post("/journals/", {"title": "Warm"})["id"]
    picture = png(PICTURES)
    fields = {"entry_id": _entry(client, journal, 0)}
    send(client, "/media/upload", fields, "warm.png", [picture], len(picture))
    time.sleep(1)
    return client


class _Growth:
    """The largest growth of a server's memory since the beginning."""

    def __init__(self, server: Process) -> None:
        self._pid = server.pid
        self._before = pss_mib(server.pid)
        self.most = 0.0

    def look(self) -> None:
        self.most = max(self.most, pss_mib(self._pid) - self._before)


async def _imported(client: Client, archive: Path) -> Alive:
    """Upload an archive and ask `/livez` without a pause until it is imported."""
    grown, taken = _Growth(client.server), list[float]()
    asking = asyncio.create_task(_ask(client.server, taken))
    job = await asyncio.to_thread(_upload, client, archive)
    await _ended(client, f"/import/{job['id']}", grown)
    asking.cancel()
    await asyncio.gather(asking, return_exceptions=True)
    taken.sort()
    at = len(taken)
    return Alive(taken[at // 2], taken[at * 99 // 100], taken[-1], grown.most)


def _upload(client: Client, archive: Path) -> Any:
    with archive.open("rb") as file:
        chunks = iter(lambda: file.read(CHUNK), b"")
        fields = {"source_type": "archive"}
        return send(client, "/import/upload", fields, archive.name, chunks, archive.stat().st_size)


async def _ask(server: Process, taken: list[float]) -> None:
    connection = await Connection.open(server)
    while True:
        began = time.perf_counter()
        await connection.ask("GET", "/livez")
        taken.append(1000 * (time.perf_counter() - began))
        await asyncio.sleep(PAUSE)


async def _ended(client: Client, path: str, grown: _Growth) -> None:
    """Wait for a job and look at the server's memory meanwhile."""
    while True:
        job = await asyncio.to_thread(client.get, path)
        await asyncio.to_thread(grown.look)
        if job["status"] not in ("pending", "running"):
            break
        await asyncio.sleep(0.1)
    if job["status"] != "completed" or job["errors"]:
        raise SystemExit(f"a transfer ended so: {json.dumps(job)[:1000]}")
