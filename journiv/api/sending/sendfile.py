"""Sending a file without copying it through the process (sendfile(2))."""

from __future__ import annotations

import asyncio
import os
from typing import BinaryIO, Final

from aiohttp import web

AT_ONCE: Final = 1024 * 1024
PATIENCE: Final = 60.0
"""Seconds in which a client must take something."""

_FLUSHED: Final = 0.002


def can_sendfile(request: web.Request) -> bool:
    """Say whether the kernel can copy: a plain socket, no TLS in this process."""
    transport = request.transport
    if transport is None or not hasattr(os, "sendfile"):
        return False
    has_tls = transport.get_extra_info("sslcontext") is not None
    return not has_tls and transport.get_extra_info("socket") is not None


async def sendfile(request: web.Request, file: BinaryIO, start: int, count: int) -> None:
    """Send bytes of a file after what was written already; the headers must have been.

    uvloop has no `loop.sendfile`, so the socket is written to under a second descriptor. Reading
    from a slow disk happens in a thread. Raises `ConnectionResetError` when the client is gone or
    takes nothing for a minute.
    """
    transport = request.transport
    if transport is None:
        raise ConnectionResetError("The connection is gone.")
    await _flushed(transport)
    descriptor = os.dup(transport.get_extra_info("socket").fileno())
    try:
        while count:
            if transport.is_closing():
                raise ConnectionResetError("The connection is gone.")
            sent = await _some(descriptor, file, start, count)
            start, count = start + sent, count - sent
    except BaseException:
        transport.abort()  # half a body must not be taken for a whole one
        raise
    finally:
        os.close(descriptor)


async def _some(descriptor: int, file: BinaryIO, start: int, count: int) -> int:
    most = min(count, AT_ONCE)
    try:
        sent = await asyncio.to_thread(os.sendfile, descriptor, file.fileno(), start, most)
    except BlockingIOError:
        await _writable(descriptor)
        return 0
    except BrokenPipeError:
        raise ConnectionResetError("The connection is gone.") from None
    if not sent:
        raise ConnectionResetError("The file is shorter than it was.")
    return sent


async def _flushed(transport: asyncio.Transport) -> None:
    for _ in range(int(PATIENCE / _FLUSHED)):
        if not transport.get_write_buffer_size():
            return
        await asyncio.sleep(_FLUSHED)
    raise ConnectionResetError("The client takes nothing.")


async def _writable(descriptor: int) -> None:
    loop = asyncio.get_running_loop()
    ready = asyncio.Event()
    loop.add_writer(descriptor, ready.set)
    try:
        async with asyncio.timeout(PATIENCE):
            await ready.wait()
    except TimeoutError:
        raise ConnectionResetError("The client takes nothing.") from None
    finally:
        loop.remove_writer(descriptor)
