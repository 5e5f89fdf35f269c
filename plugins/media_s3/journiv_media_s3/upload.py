"""Bytes as they come become one object, in flat memory and whole or not at all."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncIterator
from typing import Any, Final

from obstore.store import S3Store

from journiv_media_s3.errors import FAILURES

PARTS_AT_ONCE: Final = 2
PATIENCE: Final = 10.0
"""Seconds an unfinished upload may take to be given up at the object store."""


class _BrokenOff(Exception):
    """Nothing more comes; the object store forgets the parts it has."""


class _Pieces(AsyncIterator[bytes]):
    """Hands over one piece at a time, from the task that has them to the one that sends them."""

    def __init__(self) -> None:
        self._queue: asyncio.Queue[bytes | Exception] = asyncio.Queue()
        self._room = asyncio.Semaphore(1)

    async def give(self, piece: bytes) -> None:
        """Wait until the last piece is taken, and hand over the next one."""
        await self._room.acquire()
        self._queue.put_nowait(piece)

    def end(self, error: Exception) -> None:
        """Raise this where the next piece is expected."""
        self._queue.put_nowait(error)

    def stop_waiting(self, sent: asyncio.Future[Any]) -> None:
        """Let a giver go on: nobody will take what it has."""
        self._room.release()
        if not sent.cancelled():
            sent.exception()  # looked at, so that asyncio does not report it as forgotten

    async def __anext__(self) -> bytes:
        piece = await self._queue.get()
        if isinstance(piece, Exception):
            raise piece
        self._room.release()
        return piece


async def upload(
    store: S3Store, key: str, chunks: AsyncIterator[bytes], part_size: int
) -> Exception | None:
    """Send what the chunks bring; up to `part_size` bytes are one request, more are parts.

    Returns what the object store has against it; raises what the chunks raise. An upload that
    is broken off or cancelled is given up at the object store, so that no parts stay there.
    """
    head: deque[bytes] = deque()
    size = 0
    async for chunk in chunks:
        head.append(chunk)
        size += len(chunk)
        if size > part_size:
            return await _in_parts(store, key, _chained(head, chunks), part_size)
    try:
        await store.put_async(key, b"".join(head), use_multipart=False)
    except FAILURES as error:
        return error
    return None


async def _in_parts(
    store: S3Store, key: str, chunks: AsyncIterator[bytes], part_size: int
) -> Exception | None:
    pieces = _Pieces()
    sending = asyncio.ensure_future(
        store.put_async(key, pieces, chunk_size=part_size, max_concurrency=PARTS_AT_ONCE)
    )
    sending.add_done_callback(pieces.stop_waiting)
    try:
        async for chunk in chunks:
            await pieces.give(chunk)
            if sending.done():
                break
        pieces.end(StopAsyncIteration())
        await asyncio.wait({sending})  # never cancels it: obstore would forget to give it up
    except BaseException:
        pieces.end(_BrokenOff())
        await asyncio.wait({sending}, timeout=PATIENCE)
        raise
    error = sending.exception()
    if error is None or isinstance(error, FAILURES):
        return error
    raise error


async def _chained(head: deque[bytes], rest: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    while head:
        yield head.popleft()
    async for chunk in rest:
        yield chunk
