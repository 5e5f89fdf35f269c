"""Telling listeners what happened, after the commit, without holding up the writer."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterable
from typing import Final

from journiv.contracts.listeners import Listener
from journiv.domain.events import Event
from journiv.services.server.stopping import told_to_stop

QUEUE: Final = 10_000

log = logging.getLogger("journiv.events")


class EventBus:
    """Delivers each event once, in order, to every listener that wants its type.

    A full queue drops the event and says so in the log: a slow listener must not cost memory
    without bound, and must never cost a sentence of anybody's diary.
    """

    def __init__(self, listeners: Iterable[Listener] = (), *, size: int = QUEUE) -> None:
        self._listeners = tuple(listeners)
        self._queue: asyncio.Queue[Event] = asyncio.Queue(size)
        self._task: asyncio.Task[None] | None = None
        self.dropped = 0

    def publish(self, event: Event) -> None:
        """Hand over an event; returns at once."""
        if not self._listeners:
            return
        try:
            self._queue.put_nowait(event)
        except asyncio.QueueFull:
            self.dropped += 1
            log.warning("event dropped: listeners are behind by %d", self._queue.qsize())

    async def start(self) -> None:
        """Begin to deliver."""
        if self._listeners:
            self._task = asyncio.create_task(self._deliver(), name="events")

    async def stop(self, grace: float = 5.0) -> None:
        """Deliver what is waiting, for at most `grace` seconds, then stop."""
        if self._task is None:
            return
        try:
            await asyncio.wait_for(self._queue.join(), grace)
        except TimeoutError:
            log.warning("stopped with %d events undelivered", self._queue.qsize())
        self._task.cancel()
        await asyncio.gather(self._task, return_exceptions=True)
        self._task = None

    async def _deliver(self) -> None:
        while True:
            event = await self._queue.get()
            for listener in self._listeners:
                if isinstance(event, listener.events):
                    await self._tell(listener, event)
            self._queue.task_done()

    async def _tell(self, listener: Listener, event: Event) -> None:
        try:
            await listener.handle(event)
        except (Exception, asyncio.CancelledError):
            if told_to_stop():
                raise
            log.exception("a listener failed on %s", type(event).__name__)
