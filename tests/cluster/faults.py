"""What goes wrong in a cluster, one after the other, and waiting until all is well again."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable, Mapping

from aiohttp import ClientError, ClientSession

from bench.cluster import Cluster

PATIENCE = 60.0
AWAY = 0.5

Fault = Callable[[Cluster], None]


def kill_replica(cluster: Cluster) -> None:
    """End one without a warning, and start it again."""
    replica = random.choice(cluster.replicas)
    replica.kill()
    replica.start()


def restart_replica(cluster: Cluster) -> None:
    """Let one end what it is doing, and start it again."""
    replica = random.choice(cluster.replicas)
    code = replica.stop()
    assert code == 0, replica.log.read_text(errors="replace")[-4000:]
    replica.start()


def crash_postgres(cluster: Cluster) -> None:
    """Stop PostgreSQL as `pg_ctl -m immediate` does, and start it again: it has to recover."""
    cluster.postgres.abort()
    cluster.postgres.start()


def stop_redis(cluster: Cluster) -> None:
    """End Redis, which forgets everything."""
    cluster.redis.stop()


def start_redis(cluster: Cluster) -> None:
    cluster.redis.start()


FAULTS: Mapping[str, tuple[Fault, ...]] = {
    "a replica is killed": (kill_replica,),
    "a replica is restarted": (restart_replica,),
    "PostgreSQL is stopped with -m immediate": (crash_postgres,),
    "Redis is stopped and started": (stop_redis, start_redis),
}


async def strike(cluster: Cluster, steps: tuple[Fault, ...]) -> float:
    """Let something go wrong; return how long it took afterwards until all was well, in seconds.

    Raises TimeoutError when that took longer than `PATIENCE`.
    """
    for step in steps:
        await asyncio.to_thread(step, cluster)
        await asyncio.sleep(AWAY)
    clock = asyncio.get_running_loop().time
    began = clock()
    async with asyncio.timeout(PATIENCE), ClientSession() as session:
        for replica in cluster.replicas:
            await _until_ready(session, replica.url)
        await _until_ready(session, cluster.url)
    return clock() - began + AWAY


async def _until_ready(session: ClientSession, url: str) -> None:
    while True:
        try:
            async with session.get(f"{url}/readyz") as answer:
                if answer.status == 200 and (await answer.json())["status"] == "ok":
                    return
        except ClientError:
            pass
        await asyncio.sleep(0.05)
