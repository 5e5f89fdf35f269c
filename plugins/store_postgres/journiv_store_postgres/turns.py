"""Writes of one person queue here, before they take a connection, and not at the database."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from weakref import WeakValueDictionary

from journiv.domain.errors import Unavailable


class Turns:
    """Lets one unit at a time go for each advisory lock.

    All but one of them would only wait for that lock, each on a connection of the pool that
    others need. The lock itself still keeps out the writers of other processes.
    """

    def __init__(self, patience: float) -> None:
        self._patience = patience
        self._locks: WeakValueDictionary[int, asyncio.Lock] = WeakValueDictionary()

    @asynccontextmanager
    async def take(self, number: int) -> AsyncIterator[None]:
        """Wait for a turn, in order of arrival. Raises `Unavailable` after `patience` seconds."""
        lock = self._locks.get(number)
        if lock is None:
            lock = self._locks[number] = asyncio.Lock()
        try:
            # Even one that nobody holds may have been promised to those who wait for it.
            async with asyncio.timeout(self._patience):
                await lock.acquire()
        except TimeoutError:
            raise Unavailable("Too many changes at once: try again.") from None
        try:
            yield
        finally:
            lock.release()
