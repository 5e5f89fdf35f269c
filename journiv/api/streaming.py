"""Answers that are sent while they are read from elsewhere."""

from __future__ import annotations

from collections.abc import AsyncIterable

from aiohttp import web


async def stream(
    request: web.Request, response: web.StreamResponse, chunks: AsyncIterable[bytes]
) -> web.StreamResponse:
    """Send chunks as a body. Raises what the chunks raise.

    What goes wrong before the first chunk can still be answered as any error. Later the connection
    is cut: the client must not take a part for the whole, nor an error message for bytes of it.
    """
    parts = aiter(chunks)
    first = await anext(parts, b"")
    await response.prepare(request)
    try:
        await response.write(first)
        async for chunk in parts:
            await response.write(chunk)
        await response.write_eof()
    except BaseException:
        if request.transport is not None:
            request.transport.abort()
        raise
    return response
