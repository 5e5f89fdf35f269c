"""What requests cost with three servers behind nginx, in turn with one behind the same nginx.

All four share PostgreSQL and Redis. Limits are counted, but end nothing.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Final

from bench import operations
from bench.balancer import Balancer
from bench.client import Client
from bench.cluster import Cluster
from bench.compare import Comparison, side_by_side
from bench.datasets import Recipe, copy
from bench.load import run
from bench.operations import Operation
from bench.processes import ROOT, SETTINGS, Process
from tests.ports import free_port

MOST: Final = 1.25
"""How much CPU three may take for a request, as a multiple of what one takes."""
CONNECTIONS: Final = 24
"""Eight for each of three servers: as many as one gets in the other tables."""
MEASURED: Final = (
    operations.GET_ONE, operations.LIST_20, operations.RARE,
    operations.CREATE_BY_PEOPLE, operations.CREATE,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Shared:
    """A comparison, and CPU of a request in milliseconds that nginx and PostgreSQL took."""

    comparison: Comparison
    balancer: float
    database: float


def measure(
    chosen: Sequence[Operation], entries: int, rounds: int, seconds: float
) -> Iterator[Shared]:
    """Compare; the CPU of a request is that of all servers, without nginx and PostgreSQL."""
    with tempfile.TemporaryDirectory(prefix="journiv-bench-") as name:
        folder = Path(name)
        source = copy(Recipe(entries), folder / "corpus")
        settings = {**SETTINGS, "RATE_LIMIT_ENABLED": "true"}
        with (
            Cluster(folder, settings=settings, fill=partial(_copy, source)) as cluster,
            _alone(cluster) as alone,
        ):
            first, *others = (replica.pid for replica in cluster.replicas)
            three = Process(first, cluster.balancer.port, 0.0, tuple(others))
            compared = side_by_side(chosen, three, alone, rounds, seconds, CONNECTIONS)
            for found in compared:
                yield Shared(found, *_beside(cluster, three, found.operation, folder, seconds))


@contextmanager
def _alone(cluster: Cluster) -> Iterator[Process]:
    """Run one more server, behind an nginx of its own."""
    server = cluster.server("alone")
    server.start()
    balancer = Balancer(server.folder, free_port(), [server.port])
    try:
        balancer.start()
        yield Process(server.pid, balancer.port, 0.0)
    finally:
        balancer.stop()
        server.stop()


def _beside(
    cluster: Cluster, three: Process, operation: Operation, folder: Path, seconds: float
) -> tuple[float, float]:
    """Return what nginx and PostgreSQL take, each measured in a run of its own."""
    client = Client(three)
    client.sign_in()
    load = operation.load(client, folder)
    balancer, database = (
        run(replace(three, pid=pid, beside=()), load, client.token, seconds, CONNECTIONS).cpu
        for pid in (cluster.balancer.pid, cluster.postgres.pid)
    )
    return balancer, database


def _copy(source: Path, url: str) -> None:
    environment = {"PATH": os.environ["PATH"], "JOURNIV_DATA": str(source), **SETTINGS}
    command = [sys.executable, "-m", "journiv", "copy-store", "--to", url]
    subprocess.run(command, env=environment, cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
