"""What files cost the server: CPU of uploads and downloads, and memory while they are large.

Thumbnails are made by a process of its own, whose time is told beside and not counted.
"""

from __future__ import annotations

import http.client
import random
import struct
import tempfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from statistics import median
from typing import Any, Final

from bench.client import Client
from bench.processes import Process, cpu_seconds, journiv, own_cpu_seconds, pss_mib
from bench.uploads import send

SIDE: Final = 830
"""Noise of so many pixels each way is a PNG of 2 MB."""

FILES: Final = 20
RANGE: Final = 1024 * 1024
READS: Final = 100
LARGE_MB: Final = 1000


@dataclass(frozen=True, slots=True)
class MediaCosts:
    """Milliseconds of CPU for each request, and mebibytes by which the server grew."""

    megabytes: float
    upload: float
    worker: float
    download: float
    growth: float


def measure(rounds: int) -> MediaCosts:
    """Upload and read files, several times over; then one of a gigabyte."""
    folder = Path(tempfile.mkdtemp(prefix="bench-media-"))
    settings = {"MAX_FILE_SIZE_MB": str(LARGE_MB + 100), "MEDIA_MIN_FREE_MB": "0"}
    with journiv(folder, settings) as server:
        client = Client(server)
        client.register()
        entry = _entry(client)
        _send(client, entry, png(0), "warm.png")
        found = [_round(client, server, entry, number) for number in range(1, rounds + 1)]
        size, growth = len(png(1)), _growth(client, server, entry)
    uploads, workers, downloads = zip(*found, strict=True)
    return MediaCosts(
        size / 1e6, median(uploads), median(workers), median(downloads), growth
    )  # fmt: skip


def png(seed: int, level: int = 1) -> bytes:
    """Return a picture of noise, another one for each seed; at level 0 it is made sooner."""
    noise = random.Random(seed)
    rows = b"".join(b"\0" + noise.randbytes(SIDE * 3) for _ in range(SIDE))
    header = struct.pack(">IIBBBBB", SIDE, SIDE, 8, 2, 0, 0, 0)
    parts = ((b"IHDR", header), (b"IDAT", zlib.compress(rows, level)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(*part) for part in parts)


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def _round(client: Client, server: Process, entry: str, number: int) -> tuple[float, float, float]:
    files = [png(number * 1000 + one) for one in range(FILES)]
    whole = cpu_seconds(server.pid)
    made: list[Any] = []

    def upload() -> None:
        made.extend(_send(client, entry, one, "noise.png") for one in files)

    sent = _cost(server, upload, FILES)
    worker = (cpu_seconds(server.pid) - whole) * 1000 / FILES - sent
    path = f"/api/v1/media/{made[0]['id']}"
    read = _cost(server, lambda: _read(client, server, path, READS), READS)
    return sent, worker, read


def _cost(server: Process, work: Callable[[], None], number: int) -> float:
    before = own_cpu_seconds(server.pid)
    work()
    return (own_cpu_seconds(server.pid) - before) * 1000 / number


def _growth(client: Client, server: Process, entry: str) -> float:
    """Send a sound of a gigabyte, read it by ranges, and return how much memory that took."""
    size = LARGE_MB * 1_000_000
    header = b"RIFF" + struct.pack("<I", size - 8) + b"WAVEfmt "
    header += struct.pack("<IHHIIHH", 16, 1, 1, 8000, 8000, 1, 8) + b"data"
    header += struct.pack("<I", size - len(header) - 4)
    before = pss_mib(server.pid)
    medium = _send(client, entry, header, "sea.wav", silence=size - len(header))
    path, most = f"/api/v1/media/{medium['id']}", 0.0
    for _ in range(10):
        _read(client, server, path, 100, step=RANGE)
        most = max(most, pss_mib(server.pid) - before)
    return most


def _entry(client: Client) -> str:
    journal = client.post("/journals/", {"title": "Bench"})
    body = {"title": "Bench", "content": "Files.", "journal_id": journal["id"]}
    return str(client.post("/entries/", body)["id"])


def _send(client: Client, entry: str, data: bytes, name: str, *, silence: int = 0) -> Any:
    """Upload a file, followed by so many zeros."""
    block = bytes(RANGE)
    zeros = (block[: min(RANGE, silence - start)] for start in range(0, silence, RANGE))
    size = len(data) + silence
    return send(client, "/media/upload", {"entry_id": entry}, name, chain([data], zeros), size)


def _read(client: Client, server: Process, path: str, number: int, *, step: int = 0) -> None:
    """Read so many ranges of a megabyte on one connection."""
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=60)
    headers = {"Authorization": f"Bearer {client.token}"}
    for turn in range(number):
        start = turn * step
        headers["Range"] = f"bytes={start}-{start + RANGE - 1}"
        connection.request("GET", path, headers=headers)
        answer = connection.getresponse()
        if answer.status != 206 or len(answer.read()) == 0:
            raise SystemExit(f"a range of {path} answered {answer.status}")
    connection.close()
