"""The access log: one JSON line a request, from an allow-list of fields (security.md D22).

The route's template stands for the path: no path, query, header or body is ever written.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime

import orjson
from aiohttp import web

from journiv.api.keys import RequestContext

Write = Callable[[bytes], object]


class AccessLog:
    """Gathers lines for a moment and writes them at once: a system call costs as much as a line.

    `write` takes bytes (`sys.stderr.buffer.write`); None turns the log off.
    """

    def __init__(self, write: Write | None, *, pause: float = 0.1) -> None:
        self._sink = write
        self._pause = pause
        self._lines: list[bytes] = []

    def write(self, method: str, context: RequestContext, status: int, seconds: float) -> None:
        """Log an answered request. Needs a running event loop."""
        if self._sink is None:
            return
        if not self._lines:
            asyncio.get_running_loop().call_later(self._pause, self.flush)
        self._lines.append(
            orjson.dumps(
                {
                    "time": datetime.now(UTC).isoformat(timespec="milliseconds"),
                    "level": "INFO",
                    "event": "request",
                    "method": method,
                    "route": context.route,
                    "status": status,
                    "ms": round(seconds * 1000, 2),
                    "client": context.client,
                    "request_id": context.request_id,
                },
                option=orjson.OPT_APPEND_NEWLINE,
            )
        )

    def flush(self) -> None:
        """Write what was gathered."""
        if self._sink is not None and self._lines:
            lines, self._lines = self._lines, []
            self._sink(b"".join(lines))

    async def finish(self, app: web.Application) -> None:
        """Write the last lines; to be appended to `Application.on_cleanup`."""
        self.flush()
