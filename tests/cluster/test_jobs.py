"""Jobs run once for all replicas, and go on elsewhere when the one that runs them dies."""

from __future__ import annotations

import asyncio
from itertools import pairwise

from bench.cluster import Cluster
from tests.api.server import ServerProcess
from tests.cluster.conftest import Site
from tests.cluster.tally import Note, Tally
from tests.cluster.tally_plugin import TICK_EVERY

RUNS = 8
PATIENCE = 30.0


async def noted(tally: Tally, name: str, count: int) -> list[Note]:
    """Return a file of notes once it has so many."""
    async with asyncio.timeout(PATIENCE):
        while len(notes := tally.notes(name)) < count:
            await asyncio.sleep(0.05)
    return notes[:count]


async def test_a_job_runs_once_for_all_replicas_and_not_before_it_is_due(
    site: Site, tally: Tally
) -> None:
    notes = await noted(tally, "ticks", 2 * RUNS)
    assert [note.what for note in notes] == ["begin", "end"] * RUNS
    runs = list(zip(notes[::2], notes[1::2], strict=True))
    assert all(begin.pid == end.pid for begin, end in runs)
    for (_, ended), (begun, _) in pairwise(runs):
        assert begun.at - ended.at >= TICK_EVERY


async def test_a_job_goes_on_elsewhere_once_the_lease_of_a_killed_replica_has_run_out(
    site: Site, tally: Tally
) -> None:
    tally.hold.touch()
    (first,) = await noted(tally, "holders", 1)
    worker = at(site.cluster, first.pid)
    await asyncio.to_thread(worker.kill)
    try:
        await asyncio.sleep(1.0)
        assert len(tally.notes("holders")) == 1, "the lease was not respected"
        await asyncio.to_thread(let_leases_run_out, site.cluster)
        _, second = await noted(tally, "holders", 2)
        assert second.pid != first.pid
    finally:
        tally.hold.unlink()
        await asyncio.to_thread(worker.start)


def at(cluster: Cluster, pid: int) -> ServerProcess:
    return next(replica for replica in cluster.replicas if replica.pid == pid)


def let_leases_run_out(cluster: Cluster) -> None:
    """Do what ten minutes would do."""
    sql = "UPDATE leases SET until = '2000-01-01T00:00:00.000000Z' WHERE name = 'tally.hold'"
    cluster.postgres.run(sql, "journiv_1")
