"""What is not a rate: many at once, a storm of sign-ins, start and memory."""

from __future__ import annotations

import asyncio
import json
import statistics
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from bench.client import PERSON, SIGN_IN, Client
from bench.connection import Connection
from bench.datasets import Recipe, copy
from bench.processes import Process, journiv, pss_mib

AT_ONCE: Final = 500
SIGNING_IN: Final = 4
PAUSE: Final = 0.005
LIGHT: Final = "/api/v1/analytics/writing-streak"
HEAVY: Final = "/api/v1/entries/?limit=20"


@dataclass(frozen=True, slots=True)
class Burst:
    """How many of the simultaneous requests got which status, and the slowest in seconds."""

    statuses: Counter[int]
    slowest: float


@dataclass(frozen=True, slots=True)
class Storm:
    """Latency of light requests in milliseconds while others sign in, and sign-ins a second."""

    p50: float
    p99: float
    slowest: float
    sign_ins: float


@dataclass(frozen=True, slots=True)
class Start:
    """Seconds to the first answer, and mebibytes of memory right after it: medians."""

    seconds: float
    memory: float


def burst(entries: int) -> Burst:
    """Send 500 requests on as many connections at the same time."""
    with _served(entries) as server:
        return asyncio.run(_burst(server, _token(server)))


def storm(entries: int, seconds: float) -> Storm:
    """Measure a light request while four clients sign in without a pause."""
    with _served(entries) as server:
        return asyncio.run(_storm(server, _token(server), seconds))


def start(rounds: int) -> Start:
    """Start a server again and again on data that is there already."""
    seconds, memory = [], []
    with tempfile.TemporaryDirectory() as folder:
        with journiv(Path(folder) / "data"):
            pass
        for _ in range(rounds):
            with journiv(Path(folder) / "data") as server:
                seconds.append(server.startup)
                memory.append(pss_mib(server.pid))
    return Start(statistics.median(seconds), statistics.median(memory))


@contextmanager
def _served(entries: int) -> Iterator[Process]:
    with (
        tempfile.TemporaryDirectory() as folder,
        journiv(copy(Recipe(entries), Path(folder) / "data")) as server,
    ):
        yield server


def _token(server: Process) -> str:
    client = Client(server)
    client.sign_in()
    return client.token


async def _burst(server: Process, token: str) -> Burst:
    connections = await asyncio.gather(*(Connection.open(server) for _ in range(AT_ONCE)))
    began = time.perf_counter()
    statuses = await asyncio.gather(
        *(connection.ask("GET", HEAVY, token=token) for connection in connections)
    )
    slowest = time.perf_counter() - began
    for connection in connections:
        connection.close()
    return Burst(Counter(statuses), slowest)


async def _storm(server: Process, token: str, seconds: float) -> Storm:
    end = time.monotonic() + seconds
    light, *signing_in = await asyncio.gather(
        _light(server, token, end), *(_sign_in(server, end) for _ in range(SIGNING_IN))
    )
    light.sort()
    return Storm(
        p50=light[len(light) // 2],
        p99=light[len(light) * 99 // 100],
        slowest=light[-1],
        sign_ins=sum(map(len, signing_in)) / seconds,
    )


async def _light(server: Process, token: str, end: float) -> list[float]:
    connection, taken = await Connection.open(server), []
    while time.monotonic() < end:
        began = time.perf_counter()
        await connection.ask("GET", LIGHT, token=token)
        taken.append(1000 * (time.perf_counter() - began))
        await asyncio.sleep(PAUSE)
    connection.close()
    return taken


async def _sign_in(server: Process, end: float) -> list[float]:
    connection, taken = await Connection.open(server), []
    body = json.dumps(PERSON).encode()
    while time.monotonic() < end:
        began = time.perf_counter()
        status = await connection.ask("POST", SIGN_IN, body=body)
        if status != 200:
            raise SystemExit(f"a sign-in answered {status}")
        taken.append(1000 * (time.perf_counter() - began))
    connection.close()
    return taken
