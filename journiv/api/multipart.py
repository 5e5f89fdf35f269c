"""Uploads: `multipart/form-data` (RFC 7578), its one file read as a stream."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Final

from aiohttp import BodyPartReader, MultipartReader, web
from aiohttp.http_exceptions import HttpProcessingError

from journiv.api.bodies import refuse_compressed
from journiv.api.problems import HttpProblem
from journiv.api.refusals import refused
from journiv.domain.errors import BadRequest, Violation

CHUNK: Final = 256 * 1024
CHUNK_DEADLINE: Final = 30.0
MAX_FIELD: Final = 4096
MAX_PARTS: Final = 50
_BROKEN: Final = (
    ValueError, AssertionError, RuntimeError, web.PayloadAccessError, HttpProcessingError,
)  # fmt: skip


class Upload:
    """One upload: `await next_file()`, read its `chunks()`, and then `await rest()`.

    `fields` holds the plain fields met so far, by name; a later one of a name wins.
    """

    def __init__(self, request: web.Request, limit: int) -> None:
        self._request = request
        self._limit = limit
        self._parts = 0
        self._reader: MultipartReader | None = None
        self._file: BodyPartReader | None = None
        self.fields: dict[str, str] = {}

    @property
    def file_name(self) -> str:
        """What the client calls the file, empty when it says nothing. Never a path of ours."""
        return (self._file.filename or "") if self._file is not None else ""

    @property
    def announced(self) -> int:
        """How many bytes the whole request announces, 0 when it does not say."""
        return self._request.content_length or 0

    async def next_file(self) -> None:
        """Read up to the file.

        Raises `HttpProblem`: 415 for another kind of body or a compressed one, 413 for one that
        announces too much. Raises `Invalid` without a file.
        """
        if self._request.content_type != "multipart/form-data":
            raise HttpProblem(415, "Send multipart/form-data.")
        refuse_compressed(self._request)
        if self.announced > self._limit + MAX_PARTS * MAX_FIELD:
            raise self._too_large()
        try:
            self._reader = await self._request.multipart()
        except _BROKEN:
            raise BadRequest("The body is broken.") from None
        await self._read_fields()
        if self._file is None:
            raise refused([Violation(("body", "file"), "missing", "A file is required.")])

    async def chunks(self) -> AsyncIterator[bytes]:
        """Yield the bytes of the file.

        Raises `HttpProblem`: 413 beyond the limit, 408 when nothing comes for half a minute.
        Raises `BadRequest` when the body breaks off.
        """
        if self._file is None:
            raise RuntimeError("there is no file to read")
        size = 0
        while chunk := await self._awaited(self._file):
            size += len(chunk)
            if size > self._limit:
                raise self._too_large()
            yield chunk

    async def rest(self) -> None:
        """Read the fields after the file."""
        self._file, done = None, self._file
        await self._read_fields()
        if self._file is not None:
            raise refused([Violation(("body", "file"), "too_long", "Send one file at a time.")])
        self._file = done

    async def _read_fields(self) -> None:
        try:
            while self._reader is not None and (part := await self._reader.next()) is not None:
                self._parts += 1
                if not isinstance(part, BodyPartReader) or self._parts > MAX_PARTS:
                    raise BadRequest("The body has parts that no form has.")
                if part.name == "file":
                    self._file = part
                    return
                self.fields[part.name or ""] = await self._text(part)
        except _BROKEN:
            raise BadRequest("The body is broken.") from None

    async def _text(self, part: BodyPartReader) -> str:
        value = bytearray()
        while chunk := await self._awaited(part):
            value += chunk
            if len(value) > MAX_FIELD:
                raise BadRequest("A field of the form is too long.")
        return value.decode()

    async def _awaited(self, part: BodyPartReader) -> bytes:
        try:
            async with asyncio.timeout(CHUNK_DEADLINE):
                return await part.read_chunk(CHUNK)
        except TimeoutError:
            raise HttpProblem(408, "The body did not arrive in time.") from None
        except _BROKEN:
            raise BadRequest("The body is broken.") from None

    def _too_large(self) -> HttpProblem:
        megabytes = self._limit // (1024 * 1024)
        return HttpProblem(413, f"The file is larger than {megabytes} MB.")
