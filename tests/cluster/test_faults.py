"""Under a mixed load every part of a cluster fails, and nothing that was acknowledged is lost."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys

from bench.cluster import Cluster
from tests.api.server import SECRET_KEY
from tests.cluster.caller import callers
from tests.cluster.conftest import SHORT
from tests.cluster.faults import FAULTS, strike
from tests.cluster.load import Tally, clients

PEOPLE = 40
CLIENTS_EACH = 5
BACK_WITHIN = 10.0  # seconds; judged in `./dev soak`, where nothing else runs


async def test_no_acknowledged_write_is_lost_whatever_part_fails(
    cluster: Cluster, rounds: int
) -> None:
    tally, slowest = Tally(), 0.0
    async with callers(cluster.url, PEOPLE, "faults") as people:
        load = await clients(people, CLIENTS_EACH, tally)
        for _ in range(rounds):
            done = asyncio.Event()
            running = [asyncio.create_task(client.run(done)) for client in load]
            try:
                for name, steps in FAULTS.items():
                    before = tally.acknowledged
                    slowest = max(slowest, await strike(cluster, steps))
                    assert tally.acknowledged > before, f"nothing was written while {name}"
            finally:
                done.set()
                await asyncio.gather(*running)
            wrong = [one for client in load for one in await client.check()]
            assert (wrong, tally.strange) == ([], [])
    print(f"{rounds} rounds, {dict(tally.statuses)}, {tally.acknowledged} acknowledged writes, "
          f"all back after {slowest:.1f} s at the latest")  # fmt: skip
    assert rounds <= SHORT or slowest <= BACK_WITHIN
    await asyncio.to_thread(assert_no_drift, cluster)


def assert_no_drift(cluster: Cluster) -> None:
    location = cluster.replicas[0].location
    environment = {"PATH": os.environ["PATH"], "ENVIRONMENT": "test", "SECRET_KEY": SECRET_KEY}
    done = subprocess.run(
        [sys.executable, "-m", "journiv", "verify"],
        env=environment | location,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert done.returncode == 0, done.stdout + done.stderr
