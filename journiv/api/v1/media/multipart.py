"""Files in `multipart/form-data` (RFC 7578), read as they arrive."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final

from aiohttp import BodyPartReader, web
from aiohttp.http_exceptions import HttpProcessingError
from aiohttp.web_protocol import RequestPayloadError

from journiv.api.bodies import refuse_compressed
from journiv.api.problems import HttpProblem
from journiv.domain.errors import BadRequest

CHUNK: Final = 256 * 1024
LONGEST_FIELD: Final = 8 * 1024
MOST_PARTS: Final = 20
SILENCE: Final = 30.0
DEADLINE: Final = 600.0
"""Seconds for one packet, and for a whole body; slower than that is nobody's upload."""


class Form:
    """The parts of one request's body, in order. Whoever sends too slowly is told 408."""

    def __init__(self, request: web.Request) -> None:
        if request.content_type != "multipart/form-data":
            raise HttpProblem(415, "Send multipart/form-data.")
        refuse_compressed(request)
        self._request = request
        self._end = asyncio.get_running_loop().time() + DEADLINE

    async def parts(self) -> AsyncIterator[BodyPartReader]:
        """Yield each part; the one before must have been read. Raises `BadRequest`."""
        async with self._in_time():
            reader = await self._request.multipart()
        count = 0
        while True:
            async with self._in_time():
                part = await reader.next()
            if part is None:
                return
            count += 1
            if count > MOST_PARTS or not isinstance(part, BodyPartReader) or part.name is None:
                raise BadRequest("The form is not one that this operation takes.")
            yield part

    async def bytes_of(self, part: BodyPartReader) -> AsyncIterator[bytes]:
        """Yield the bytes of a part as they come."""
        while True:
            async with self._in_time():
                chunk = await part.read_chunk(CHUNK)
            if not chunk:
                return
            yield chunk

    async def text_of(self, part: BodyPartReader) -> str:
        """Return a field of text, up to 8 KiB. Raises `BadRequest`."""
        whole = bytearray()
        async for chunk in self.bytes_of(part):
            whole += chunk
            if len(whole) > LONGEST_FIELD:
                raise BadRequest("A field of the form is too long.")
        try:
            return whole.decode()
        except UnicodeDecodeError:
            raise BadRequest("The form is not in UTF-8.") from None

    @asynccontextmanager
    async def _in_time(self) -> AsyncIterator[None]:
        """Wait for the sender; failures become answers."""
        left = self._end - asyncio.get_running_loop().time()
        try:
            async with asyncio.timeout(min(SILENCE, max(0.0, left))):
                yield
        except TimeoutError:
            raise HttpProblem(408, "The body did not arrive in time.") from None
        except (ValueError, RequestPayloadError, HttpProcessingError):
            raise BadRequest("The form is broken.") from None
