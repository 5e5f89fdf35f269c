"""How the server talks HTTP (security.md D18)."""

from __future__ import annotations

import logging

from aiohttp import web

from journiv.api.protocol import Runner

KEEPALIVE = 15.0
SHUTDOWN = 20.0
# A client that still sends a refused body may read its answer first; then it is cut off.
LINGERING = 4.0
# A search of 10 kB, percent-encoded, still gets an answer that says what is wrong with it.
MAX_LINE = 32 * 1024
MAX_FIELD = 8190


def runner(app: web.Application) -> web.AppRunner:
    """Return what serves an application, not yet started.

    Stopping it ends the listening, waits up to 20 s for what is in progress, then cancels.
    """
    quiet = logging.getLogger("aiohttp.server")
    if not any(isinstance(one, RawBytesFilter) for one in quiet.filters):
        quiet.addFilter(RawBytesFilter())
    return Runner(
        app,
        access_log=None,
        keepalive_timeout=KEEPALIVE,
        shutdown_timeout=SHUTDOWN,
        lingering_time=LINGERING,
        max_line_size=MAX_LINE,
        max_field_size=MAX_FIELD,
    )


class RawBytesFilter(logging.Filter):
    """Takes what a broken client sent out of aiohttp's error lines: it may hold secrets."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Leave the message, drop the traceback that quotes raw header bytes."""
        if record.exc_info:
            kind = record.exc_info[0]
            record.msg = f"A request could not be handled: {kind.__name__ if kind else 'error'}."
            record.args = ()
            record.exc_info = None
            record.exc_text = None
        return True
