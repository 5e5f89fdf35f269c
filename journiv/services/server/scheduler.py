"""Jobs that repeat, each by one process of the installation at a time."""

from __future__ import annotations

import asyncio
import logging
import random
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from journiv.contracts.jobs import Job
from journiv.contracts.storage import Store, Transaction
from journiv.domain.clock import Clock, instant
from journiv.domain.errors import JournivError
from journiv.domain.ids import new_id
from journiv.domain.scope import SYSTEM
from journiv.services.server.stopping import told_to_stop

LEASE: Final = timedelta(minutes=10)
TRY_AGAIN: Final = LEASE / 10
LONGEST_WAIT: Final = 3600.0

log = logging.getLogger("journiv.jobs")


@dataclass(frozen=True, slots=True)
class NamedJob:
    """A job under the id `<plugin>.<name>`."""

    id: str
    job: Job


class Scheduler:
    """Runs jobs when they are due.

    When a job last ended, well or not, is kept in the store, so a restart neither repeats it nor
    forgets it; one that was cut short is due again. A process takes the job's lease first and
    prolongs it while the job runs. When it dies, another process runs the job at the latest
    `LEASE` and `TRY_AGAIN` later.
    """

    def __init__(self, store: Store, clock: Clock, jobs: Iterable[NamedJob]) -> None:
        self._store = store
        self._clock = clock
        self._jobs = tuple(jobs)
        self._owner = new_id()
        self._tasks: list[asyncio.Task[None]] = []

    async def start(self) -> None:
        """Begin to watch the clock."""
        self._tasks = [asyncio.create_task(self._repeat(job), name=job.id) for job in self._jobs]

    async def stop(self) -> None:
        """Stop; a job that is running is cancelled and its lease given back."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self._tasks = []

    async def _repeat(self, named: NamedJob) -> None:
        while True:
            try:
                wait = await self._seconds_until_due(named)
                if wait <= 0:
                    ran = await self._run(named, only_due=True)
                    wait = (
                        named.job.every if ran else min(named.job.every, TRY_AGAIN.total_seconds())
                    )
            except (Exception, asyncio.CancelledError):
                if told_to_stop():
                    raise
                log.exception("job %s failed", named.id)
                wait = named.job.every
            await asyncio.sleep(min(wait, LONGEST_WAIT) * random.uniform(1.0, 1.1))  # noqa: S311 - spreads processes, guards nothing

    async def _seconds_until_due(self, named: NamedJob) -> float:
        last = await self._store.read(SYSTEM, lambda tx: tx.leases.last_run(named.id))
        return _seconds_until_due(named.job, last, self._clock.now())

    async def run(self, named: NamedJob) -> bool:
        """Run a job now if no other process is running it; say whether it ran."""
        return await self._run(named, only_due=False)

    async def _run(self, named: NamedJob, *, only_due: bool) -> bool:
        if not await self._take(named, only_due=only_due):
            return False
        keeper = asyncio.create_task(self._keep(named))
        try:
            await named.job.run()
        finally:
            keeper.cancel()
            await self._give_back(named.id, ended=not told_to_stop())
        return True

    async def _keep(self, named: NamedJob) -> None:
        while True:
            await asyncio.sleep(LEASE.total_seconds() / 2)
            try:
                await self._take(named, only_due=False)
            except JournivError as error:
                log.warning("the lease of job %s was not prolonged: %s", named.id, error.detail)

    async def _take(self, named: NamedJob, *, only_due: bool) -> bool:
        now = self._clock.now()

        def work(tx: Transaction) -> bool:
            if not tx.leases.take(named.id, self._owner, instant(now), instant(now + LEASE)):
                return False
            # Another process may have run it since this one looked.
            last = tx.leases.last_run(named.id)
            if only_due and _seconds_until_due(named.job, last, now) > 0:
                tx.leases.release(named.id, self._owner)
                return False
            return True

        return await self._store.write(SYSTEM, work)

    async def _give_back(self, name: str, *, ended: bool) -> None:
        at = instant(self._clock.now())

        def work(tx: Transaction) -> None:
            if ended:
                tx.leases.set_last_run(name, at)
            tx.leases.release(name, self._owner)

        await self._store.write(SYSTEM, work)


def _seconds_until_due(job: Job, last: str | None, now: datetime) -> float:
    if last is None:
        return 0.0
    age = now - datetime.fromisoformat(last)
    if age < -LEASE:  # the clock went back; another process's may be a little ahead
        return 0.0
    return job.every - age.total_seconds()
