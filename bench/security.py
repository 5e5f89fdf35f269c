"""What of the security plan is judged by time: ENU-2 and RES-4."""

from __future__ import annotations

import asyncio
import json
import math
import statistics
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from bench.client import PERSON, SIGN_IN, Client
from bench.connection import Connection
from bench.processes import Process, journiv

GUESSING: Final = 100
PAUSE: Final = 0.005
WRONG: Final = {"email": PERSON["email"], "password": "measure-Once-cut-2"}
UNKNOWN: Final = {"email": "nobody@example.org", "password": "measure-Once-cut-2"}


@dataclass(frozen=True, slots=True)
class Telling:
    """Medians of refused sign-ins in milliseconds.

    `chance` is how often samples of one and the same duration would lie at least as far apart: the
    two-sided p of Mann and Whitney's test.
    """

    unknown: float
    wrong: float
    chance: float


@dataclass(frozen=True, slots=True)
class Alive:
    """Milliseconds of `/livez` while many guess, and what the guesses were answered."""

    p50: float
    p99: float
    slowest: float
    statuses: Counter[int]


def telling(samples: int) -> Telling:
    """Sign in with an unknown address and with a wrong password, in turn."""
    with _served() as server:
        unknown, wrong = asyncio.run(_in_turn(server, samples))
    return Telling(statistics.median(unknown), statistics.median(wrong), chance(unknown, wrong))


def alive(seconds: float) -> Alive:
    """Ask whether the server is alive while a hundred clients guess passwords."""
    with _served() as server:
        return asyncio.run(_asked(server, seconds))


def chance(one: Sequence[float], other: Sequence[float]) -> float:
    """Return the p of Mann and Whitney's test, by the normal approximation, without ties."""
    ranked = sorted([(value, 0) for value in one] + [(value, 1) for value in other])
    ranks = sum(rank for rank, (_, whose) in enumerate(ranked, 1) if whose == 0)
    n, m = len(one), len(other)
    expected = n * (n + m + 1) / 2
    deviation = math.sqrt(n * m * (n + m + 1) / 12)
    distance = max(0.0, abs(ranks - expected) - 0.5) / deviation
    return 2 * (1 - statistics.NormalDist().cdf(distance))


@contextmanager
def _served() -> Iterator[Process]:
    with tempfile.TemporaryDirectory() as folder, journiv(Path(folder) / "data") as server:
        Client(server).register()
        yield server


async def _in_turn(server: Process, samples: int) -> tuple[list[float], list[float]]:
    connection = await Connection.open(server)
    taken: tuple[list[float], list[float]] = ([], [])
    for number in range(2 * samples):
        # Which goes first changes, so that neither always follows the other.
        kind = (number + number // 2) % 2
        began = time.perf_counter()
        await _guess(connection, (UNKNOWN, WRONG)[kind], {401})
        taken[kind].append(1000 * (time.perf_counter() - began))
    connection.close()
    return taken


async def _asked(server: Process, seconds: float) -> Alive:
    end, statuses = time.monotonic() + seconds, Counter[int]()
    taken, *_ = await asyncio.gather(
        _probe(server, end), *(_guesses(server, end, statuses) for _ in range(GUESSING))
    )
    taken.sort()
    return Alive(taken[len(taken) // 2], taken[len(taken) * 99 // 100], taken[-1], statuses)


async def _probe(server: Process, end: float) -> list[float]:
    connection, taken = await Connection.open(server), []
    while time.monotonic() < end:
        began = time.perf_counter()
        await connection.ask("GET", "/livez")
        taken.append(1000 * (time.perf_counter() - began))
        await asyncio.sleep(PAUSE)
    connection.close()
    return taken


async def _guesses(server: Process, end: float, statuses: Counter[int]) -> list[float]:
    connection = await Connection.open(server)
    while time.monotonic() < end:
        statuses[await _guess(connection, WRONG, {401, 503})] += 1
        await asyncio.sleep(PAUSE)
    connection.close()
    return []


async def _guess(connection: Connection, body: dict[str, str], expected: set[int]) -> int:
    status = await connection.ask("POST", SIGN_IN, body=json.dumps(body).encode())
    if status not in expected:
        raise SystemExit(f"a refused sign-in answered {status}")
    return status
