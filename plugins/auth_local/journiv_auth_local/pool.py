"""A bounded pool for hashing: sign-ins wait in line, never the event loop."""

from __future__ import annotations

import asyncio
import os
import sys
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Final, TypeVar

from journiv.domain.errors import Unavailable

T = TypeVar("T")

QUEUE: Final = 32
PATIENCE: Final = 2.0
NICENESS: Final = 10
BUSY: Final = "Too many people are signing in at this moment. Please try again."


class HashPool:
    """Runs slow work in `threads` threads; at most `queue` calls wait, `patience` seconds each."""

    def __init__(self, threads: int = 1, *, queue: int = QUEUE, patience: float = PATIENCE) -> None:
        self._executor = ThreadPoolExecutor(
            threads, thread_name_prefix="hash", initializer=_stand_back
        )
        self._free = asyncio.Semaphore(threads)
        self._queue = queue
        self._patience = patience
        self._waiting = 0

    async def run(self, work: Callable[[], T]) -> T:
        """Return what `work` returns. Raises `Unavailable` when the line is full or too slow."""
        await self._take_place()
        try:
            job = asyncio.get_running_loop().run_in_executor(self._executor, work)
        except BaseException:
            self._free.release()
            raise
        job.add_done_callback(lambda _: self._free.release())
        # A caller that goes away must not free the place while the thread is still at work.
        return await asyncio.shield(job)

    async def _take_place(self) -> None:
        if self._free.locked() and self._waiting >= self._queue:
            raise Unavailable(BUSY)
        self._waiting += 1
        try:
            async with asyncio.timeout(self._patience):
                await self._free.acquire()
        except TimeoutError:
            raise Unavailable(BUSY) from None
        finally:
            self._waiting -= 1

    def close(self) -> None:
        """Finish the hash at work and end the threads."""
        self._executor.shutdown(wait=True, cancel_futures=True)


def _stand_back() -> None:
    """Let the event loop go first: hashing takes every core, and nobody waits for it alone.

    On Linux priority belongs to a thread and is inherited by the lanes Argon2 starts.
    """
    if sys.platform == "linux":
        thread = threading.get_native_id()
        now = os.getpriority(os.PRIO_PROCESS, thread)
        os.setpriority(os.PRIO_PROCESS, thread, max(now, NICENESS))
