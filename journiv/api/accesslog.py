"""The access log: one JSON line a request, from an allow-list of fields (security.md D22).

The route's template stands for the path: no path, query, header or body is ever written.
"""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Callable
from datetime import UTC, datetime
from functools import lru_cache

from aiohttp import web

from journiv.api.keys import RequestContext

Write = Callable[[bytes], object]

_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})


class AccessLog:
    """Gathers lines for a moment and writes them at once: a system call costs as much as a line.

    `write` takes bytes (`sys.stderr.buffer.write`); None turns the log off.
    """

    def __init__(self, write: Write | None, *, pause: float = 0.1) -> None:
        self._sink = write
        self._pause = pause
        self._lines: list[str] = []
        self._second = 0
        self._clock = ""

    def write(self, method: str, context: RequestContext, status: int, seconds: float) -> None:
        """Log an answered request. Needs a running event loop."""
        if self._sink is None:
            return
        if method not in _METHODS:
            method = "OTHER"  # a client may call it anything
        if not self._lines:
            asyncio.get_running_loop().call_later(self._pause, self.flush)
        self._lines.append(
            f'{{"time":"{self._time()}","level":"INFO","event":"request","method":"{method}",'
            f'"route":{_quoted(context.route)},"status":{status},"ms":{seconds * 1000:.2f},'
            f'"client":{_quoted(context.client)},"request_id":"{context.request_id}"}}\n'
        )

    def flush(self) -> None:
        """Write what was gathered."""
        if self._sink is not None and self._lines:
            lines, self._lines = self._lines, []
            self._sink("".join(lines).encode())

    def _time(self) -> str:
        """Return the time of day in milliseconds; the part before the dot is kept for a second."""
        now = time.time()
        second = int(now)
        if second != self._second:
            self._second = second
            self._clock = datetime.fromtimestamp(second, UTC).strftime("%Y-%m-%dT%H:%M:%S")
        return f"{self._clock}.{int((now - second) * 1000):03}Z"

    async def finish(self, app: web.Application) -> None:
        """Write the last lines; to be appended to `Application.on_cleanup`."""
        self.flush()


@lru_cache(maxsize=4096)
def _quoted(text: str) -> str:
    """Write a JSON string in ASCII: a client's name may hold anything a proxy lets through."""
    return json.dumps(text)
