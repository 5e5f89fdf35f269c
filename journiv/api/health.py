"""What is known about the server's health, refreshed in the background."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping

from aiohttp import web

_log = logging.getLogger(__name__)

Check = Callable[[], Awaitable[None]]
DATABASE = "database"


class Health:
    """Runs the checks every `interval` seconds, so that asking costs nothing.

    A check is a coroutine function that raises when its part is out of order. The one named
    `database` decides about readiness.
    """

    def __init__(
        self, checks: Mapping[str, Check], *, interval: float = 2.0, patience: float = 5.0
    ) -> None:
        self._checks = checks
        self._interval = interval
        self._patience = patience
        self._failing: frozenset[str] = frozenset({DATABASE})
        self._stopping = False

    @property
    def healthy(self) -> bool:
        """Say whether every check passed last time."""
        return not self._failing

    @property
    def database(self) -> bool:
        """Say whether the store answered last time."""
        return DATABASE not in self._failing

    @property
    def ready(self) -> bool:
        """Say whether requests can be served: the store answers and the server is not stopping."""
        return self.database and not self._stopping

    async def running(self, app: web.Application) -> AsyncIterator[None]:
        """Watch while the application runs; to be appended to `Application.cleanup_ctx`."""
        await self.refresh()
        task = asyncio.create_task(self._watch())
        yield
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task

    async def stop(self, app: web.Application) -> None:
        """Be unready from now on; to be appended to `Application.on_shutdown`."""
        self._stopping = True

    async def refresh(self) -> None:
        """Run every check once."""
        failing = {name for name, check in self._checks.items() if not await self._passes(check)}
        for name in failing - self._failing:
            _log.warning("The %s does not answer.", name)
        self._failing = frozenset(failing)

    async def _watch(self) -> None:
        while True:
            await asyncio.sleep(self._interval)
            await self.refresh()

    async def _passes(self, check: Check) -> bool:
        try:
            async with asyncio.timeout(self._patience):
                await check()
        except Exception:
            return False
        return True
