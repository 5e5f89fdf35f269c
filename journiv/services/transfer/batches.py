"""Batches of a file for whoever stores them: read in a thread, one ahead."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from typing import Any, Final, Generic, Protocol, TypeVar

from journiv.contracts.storage import Store

BATCH: Final = 200
ALONE: Final = 0.25
BESIDE_OTHERS: Final = 1.0
"""How long the store is left to others, as a share of the time it was used."""

REMEMBERED: Final = 2.0
"""Seconds for which somebody else's change tells that there are others."""


class Batch(Protocol):
    """Records to be stored at once."""

    @property
    def has_media(self) -> bool:
        """Say whether the last record has bytes, which are there until the next is asked for."""


B = TypeVar("B", bound=Batch)


class Batches(Generic[B]):
    """Takes batches, one at a time, and the next one while the last one is stored.

    `take` reads the next batch from `source`, in another thread; None is the end. After a batch
    with media it is called only when the next batch is asked for.
    """

    def __init__(self, source: Iterator[Any], take: Callable[[], B | None], store: Store) -> None:
        self._source = source
        self._take = take
        self._store = store
        self._loop = asyncio.get_running_loop()
        self._reading: asyncio.Future[B | None] | None = None
        self._given = self._loop.time()
        self._others_until = 0.0

    async def next(self) -> B | None:
        """Return the next batch, and leave the store to others meanwhile; None at the end.

        SQLite has one writer at a time, and a process that waits for its turn has to find a gap.
        """
        ahead = self._reading
        reading = self._reading = ahead or self._start()
        pause = self._gap() if ahead else 0.0  # media take longer than that
        before = self._store.revision()
        batch, _ = await asyncio.gather(asyncio.shield(reading), asyncio.sleep(pause))
        if pause and self._store.revision() != before:
            self._others_until = self._loop.time() + REMEMBERED
        self._reading = None if batch is None or batch.has_media else self._start()
        self._given = self._loop.time()
        return batch

    async def close(self) -> None:
        """Let go of the file, once the thread that reads it has come back."""
        if self._reading is not None:
            await asyncio.gather(self._reading, return_exceptions=True)
        close = getattr(self._source, "close", None)
        if close is not None:
            await asyncio.to_thread(close)

    def _start(self) -> asyncio.Future[B | None]:
        return asyncio.ensure_future(asyncio.to_thread(self._take))

    def _gap(self) -> float:
        now = self._loop.time()
        return (now - self._given) * (BESIDE_OTHERS if now < self._others_until else ALONE)
