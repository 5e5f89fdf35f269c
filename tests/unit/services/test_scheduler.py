"""Jobs run when they are due, once for all processes, whatever they do."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import cast

import pytest

from journiv.contracts.jobs import Job
from journiv.contracts.storage import Store, Work
from journiv.domain.clock import instant
from journiv.domain.scope import SYSTEM, Scope
from journiv.services.server.scheduler import LEASE, NamedJob, Scheduler
from tests.unit.services.people import TurnedClock

NAME = "tidy.sweep"
HOUR = 3600.0


class Broom:
    """A job that counts its runs and waits, fails or goes on as it is told."""

    def __init__(self) -> None:
        self.runs = 0
        self.started = asyncio.Event()
        self.error: BaseException | None = None
        self.go_on = asyncio.Event()
        self.go_on.set()

    async def run(self) -> None:
        self.runs += 1
        self.started.set()
        await self.go_on.wait()
        if self.error is not None:
            raise self.error


@pytest.fixture
def clock() -> TurnedClock:
    return TurnedClock()


@pytest.fixture
def broom() -> Broom:
    return Broom()


def job(run: Callable[[], Awaitable[None]], every: float = HOUR) -> NamedJob:
    return NamedJob(NAME, Job(name="sweep", every=every, run=run))


async def last_run(store: Store) -> str | None:
    return await store.read(SYSTEM, lambda tx: tx.leases.last_run(NAME))


async def watch(store: Store, clock: TurnedClock, named: NamedJob, broom: Broom) -> bool:
    """Start a scheduler, give it time for what is due, stop it; say whether the job began."""
    scheduler = Scheduler(store, clock, [named])
    broom.started.clear()
    await scheduler.start()
    try:
        await asyncio.wait_for(broom.started.wait(), 0.2)
    except TimeoutError:
        return False
    finally:
        await scheduler.stop()
    return True


async def test_a_job_that_never_ran_is_due_at_once(
    store: Store, clock: TurnedClock, broom: Broom
) -> None:
    assert await watch(store, clock, job(broom.run), broom)


async def test_a_restart_repeats_no_job_and_forgets_none(
    store: Store, clock: TurnedClock, broom: Broom
) -> None:
    await Scheduler(store, clock, []).run(job(broom.run))
    assert await last_run(store) == instant(clock.now())
    clock.later(minutes=59)
    assert not await watch(store, clock, job(broom.run), broom)
    clock.later(minutes=1)
    assert await watch(store, clock, job(broom.run), broom)


async def test_a_clock_that_was_set_back_stops_no_job(
    store: Store, clock: TurnedClock, broom: Broom
) -> None:
    await Scheduler(store, clock, []).run(job(broom.run))
    clock.later(days=-300)
    assert await watch(store, clock, job(broom.run), broom)


async def test_of_two_processes_one_runs_a_job(
    store: Store, clock: TurnedClock, broom: Broom
) -> None:
    broom.go_on.clear()
    first, second = Scheduler(store, clock, []), Scheduler(store, clock, [])
    running = asyncio.create_task(first.run(job(broom.run)))
    await broom.started.wait()
    async with asyncio.timeout(10):
        assert await second.run(job(broom.run)) is False
    broom.go_on.set()
    assert await running is True
    assert await second.run(job(broom.run)) is True
    assert broom.runs == 2


class Slow:
    """The same store for a process that waits before it writes."""

    def __init__(self, store: Store) -> None:
        self.read = store.read
        self._store = store
        self.asked = asyncio.Event()
        self.go_on = asyncio.Event()

    async def write(self, scope: Scope, work: Work[bool]) -> bool:
        self.asked.set()
        await self.go_on.wait()
        return await self._store.write(scope, work)


async def test_who_takes_a_lease_after_another_process_has_run_the_job_does_not_run_it_again(
    store: Store, clock: TurnedClock, broom: Broom
) -> None:
    slow = Slow(store)
    late = Scheduler(cast("Store", slow), clock, [job(broom.run)])
    await late.start()
    await slow.asked.wait()
    assert await Scheduler(store, clock, []).run(job(broom.run)) is True
    slow.go_on.set()
    await asyncio.sleep(0.2)
    await late.stop()
    assert broom.runs == 1
    clock.later(hours=1)
    assert await watch(store, clock, job(broom.run), broom)


async def test_a_job_with_a_long_period_goes_on_elsewhere_soon_after_the_lease_has_run_out(
    store: Store, clock: TurnedClock, broom: Broom, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("journiv.services.server.scheduler.TRY_AGAIN", timedelta(seconds=0.05))
    dead = {"now": instant(clock.now()), "until": instant(clock.now() + LEASE)}
    await store.write(SYSTEM, lambda tx: tx.leases.take(NAME, "dead", **dead))
    scheduler = Scheduler(store, clock, [job(broom.run)])
    await scheduler.start()
    await asyncio.sleep(0.1)
    assert broom.runs == 0
    clock.later(minutes=10)
    async with asyncio.timeout(10):
        await broom.started.wait()
    await scheduler.stop()


async def test_the_lease_of_a_process_that_died_runs_out(
    store: Store, clock: TurnedClock, broom: Broom
) -> None:
    dead = {"now": instant(clock.now()), "until": instant(clock.now().replace(hour=13))}
    await store.write(SYSTEM, lambda tx: tx.leases.take(NAME, "dead", **dead))
    scheduler = Scheduler(store, clock, [])
    assert await scheduler.run(job(broom.run)) is False
    clock.later(hours=1)
    assert await scheduler.run(job(broom.run)) is True


@pytest.mark.parametrize("error", [RuntimeError("no"), asyncio.CancelledError()])
async def test_a_job_that_fails_is_logged_and_has_its_next_turn(
    store: Store,
    clock: TurnedClock,
    broom: Broom,
    error: BaseException,
    caplog: pytest.LogCaptureFixture,
) -> None:
    broom.error = error
    scheduler = Scheduler(store, clock, [job(broom.run, every=0.01)])
    await scheduler.start()
    async with asyncio.timeout(10):
        while broom.runs < 2:
            clock.later(seconds=1)
            await asyncio.sleep(0.01)
    await scheduler.stop()
    assert f"job {NAME} failed" in caplog.text


async def test_a_job_cut_short_by_the_end_is_due_again_and_holds_no_lease(
    store: Store, clock: TurnedClock, broom: Broom
) -> None:
    broom.go_on.clear()
    assert await watch(store, clock, job(broom.run), broom)
    assert await last_run(store) is None
    broom.go_on.set()
    assert await Scheduler(store, clock, []).run(job(broom.run)) is True
