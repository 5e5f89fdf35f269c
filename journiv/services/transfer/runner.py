"""Carries out the transfers that people asked for, one or two at a time in each process."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping
from typing import Final, Protocol

from journiv.contracts.records import TransferRecord
from journiv.contracts.repositories.transfers import Ending
from journiv.contracts.storage import Store, Transaction
from journiv.domain.clock import Clock, instant
from journiv.domain.errors import JournivError, Unavailable
from journiv.domain.ids import new_id
from journiv.domain.scope import SYSTEM
from journiv.services.server.stopping import told_to_stop
from journiv.services.transfer.files import TransferFiles
from journiv.services.transfer.hold import LEASE, Hold, HoldLost

AT_ONCE: Final = 2
POLL: Final = 5.0
MOST_ATTEMPTS: Final = 5

log = logging.getLogger("journiv.transfers")


class TransferWork(Protocol):
    """What is done for one direction of transfers."""

    async def run(self, hold: Hold) -> Ending:
        """Carry a transfer out, from the start or from where an earlier process stopped.

        Raises `HoldLost` to stop without a word, `JournivError` to fail with a sentence.
        """


class TransferRunner:
    """Takes waiting transfers, and those of processes that died, and carries them out.

    A transfer is held by a lease of 30 s, prolonged every 5 s: when a process dies, another one
    goes on half a minute later. Where only one process can use the store, nobody is waited for.
    `work` is by direction.
    """

    def __init__(
        self,
        store: Store,
        clock: Clock,
        files: TransferFiles,
        work: Mapping[str, TransferWork],
    ) -> None:
        self._store = store
        self._clock = clock
        self._files = files
        self._work = work
        self._owner = new_id()
        self._asked = asyncio.Event()
        self._tasks: list[asyncio.Task[None]] = []

    async def start(self) -> None:
        """Begin to look for work."""
        if not self._store.capabilities.several_processes:
            await self._store.write(SYSTEM, lambda tx: tx.transfers.release(None))
            await asyncio.to_thread(self._files.clear_scratch)
        self._tasks = [asyncio.create_task(self._serve()) for _ in range(AT_ONCE)]

    async def stop(self) -> None:
        """Stop; what is running is given back and goes on at the next start."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self._tasks = []
        await self._store.write(SYSTEM, lambda tx: tx.transfers.release(self._owner))

    def wake(self) -> None:
        """Look for work now: somebody just asked for a transfer."""
        self._asked.set()

    async def _serve(self) -> None:
        while not told_to_stop():
            try:
                record = await self._claim()
                if record is not None:
                    await self._carry_out(record)
                    continue
            except JournivError as error:
                log.warning("no transfer could be taken: %s", error.detail)
            except Exception:
                log.exception("a transfer broke in an unexpected way")
            await self._wait()

    async def _wait(self) -> None:
        try:
            async with asyncio.timeout(POLL):
                await self._asked.wait()
        except TimeoutError:
            return
        self._asked.clear()

    async def _claim(self) -> TransferRecord | None:
        now = self._clock.now()

        def work(tx: Transaction) -> TransferRecord | None:
            return tx.transfers.claim(self._owner, instant(now), instant(now + LEASE))

        return await self._store.write(SYSTEM, work)

    async def _carry_out(self, record: TransferRecord) -> None:
        hold = Hold(self._store, self._clock, record, self._owner)
        beating = asyncio.create_task(hold.beat())
        try:
            ending = await self._ending(hold)
        finally:
            beating.cancel()
            await asyncio.gather(beating, return_exceptions=True)
        if ending is None or not await hold.end(ending):
            return
        await self._files.delete(record["source_key"])
        if ending.file_key is None:
            await self._files.delete(self._files.result_key(record["user_id"], record["id"]))

    async def _ending(self, hold: Hold) -> Ending | None:
        """Do the work and return how it ended; None when it is not this process's any more."""
        record = hold.record
        if record["is_cancelled"]:
            return self._ended("cancelled")
        if record["attempts"] > MOST_ATTEMPTS:
            return self._ended("failed", f"It was cut off {MOST_ATTEMPTS} times, and is left now.")
        try:
            return await self._work[record["direction"]].run(hold)
        except HoldLost:
            return self._ended("cancelled") if await hold.is_cancelled() else None
        except Unavailable as error:
            log.warning("a transfer has to wait: %s", error.detail)
            await self._give_back()
            return None
        except JournivError as error:
            return self._ended("failed", error.detail)
        except Exception:
            if told_to_stop():
                return None
            log.exception("transfer %s failed", record["id"])
            return self._ended("failed", "An unexpected error occurred.")

    def _ended(self, status: str, *errors: str) -> Ending:
        return Ending(status=status, at=instant(self._clock.now()), errors=errors)

    async def _give_back(self) -> None:
        """Wait a moment before anybody tries again; the lease runs out by itself."""
        await asyncio.sleep(POLL)
