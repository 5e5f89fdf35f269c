"""Uploads: `multipart/form-data` (RFC 7578), its one file read as a stream."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final

from aiohttp import BodyPartReader, MultipartReader, hdrs, web
from aiohttp.http_exceptions import HttpProcessingError
from aiohttp.web_protocol import RequestPayloadError

from journiv.api.bodies import refuse_compressed
from journiv.api.problems import HttpProblem
from journiv.api.refusals import refused
from journiv.domain.errors import BadRequest, Violation

CHUNK: Final = 256 * 1024
LONGEST_FIELD: Final = 8 * 1024
MOST_PARTS: Final = 20
SILENCE: Final = 30.0
DEADLINE: Final = 600.0
SLOWEST: Final = 64 * 1024
"""Seconds for one packet and for a whole body; bytes a second that a longer one has to reach."""

_BROKEN: Final = (
    ValueError, AssertionError, RuntimeError, RequestPayloadError, web.PayloadAccessError,
    HttpProcessingError,
)  # fmt: skip

_USUAL: Final = re.compile(
    r'form-data; name="(?P<name>[A-Za-z0-9_]+)"'
    r'(?:; filename="(?P<file>[A-Za-z0-9_ -][A-Za-z0-9_. -]*)")?'
)


class Upload:
    """One upload: `await next_file()`, read its `chunks()`, and then `await rest()`.

    `limit` is the largest file, in bytes. `fields` holds the plain fields met so far, by name; a
    later one of a name wins. Whoever sends too slowly is told 408, by any of the three.
    """

    def __init__(self, request: web.Request, limit: int) -> None:
        self._request = request
        self._limit = limit
        self._end = asyncio.get_running_loop().time() + max(DEADLINE, limit / SLOWEST)
        self._parts = 0
        self._reader: MultipartReader | None = None
        self._file: BodyPartReader | None = None
        self.fields: dict[str, str] = {}

    @property
    def file_name(self) -> str:
        """What the client calls the file, empty when it says nothing. Never a path of ours."""
        return _named(self._file)[1] or "" if self._file is not None else ""

    @property
    def announced(self) -> int:
        """How many bytes the whole request announces, 0 when it does not say."""
        return self._request.content_length or 0

    async def next_file(self) -> None:
        """Read up to the file.

        Raises `HttpProblem`: 415 for another kind of body or a compressed one, 413 for one that
        announces too much. Raises `BadRequest` for a broken form, `Invalid` without a file.
        """
        if _kind_of(self._request) != "multipart/form-data":
            raise HttpProblem(415, "Send multipart/form-data.")
        refuse_compressed(self._request)
        if self.announced > self._limit + MOST_PARTS * LONGEST_FIELD:
            raise self._too_large()
        async with self._in_time():
            self._reader = await self._request.multipart()
        await self._read_fields()
        if self._file is None:
            raise refused([Violation(("body", "file"), "missing", "A file is required.")])

    async def chunks(self) -> AsyncIterator[bytes]:
        """Yield the bytes of the file.

        Raises `HttpProblem` 413 beyond the limit, `BadRequest` when the body breaks off.
        """
        if self._file is None:
            raise RuntimeError("there is no file to read")
        size = 0
        while chunk := await self._some_of(self._file):
            size += len(chunk)
            if size > self._limit:
                raise self._too_large()
            yield chunk

    async def rest(self) -> None:
        """Read the fields after the file. Raises `Invalid` for a second file."""
        self._file, done = None, self._file
        await self._read_fields()
        if self._file is not None:
            raise refused([Violation(("body", "file"), "too_long", "Send one file at a time.")])
        self._file = done

    async def _read_fields(self) -> None:
        while (part := await self._next_part()) is not None:
            name, _ = _named(part)
            if name == "file":
                self._file = part
                return
            self.fields[name or ""] = await self._text_of(part)

    async def _next_part(self) -> BodyPartReader | None:
        if self._reader is None:
            return None
        async with self._in_time():
            part = await self._reader.next()
        if part is None:
            return None
        self._parts += 1
        if self._parts <= MOST_PARTS and isinstance(part, BodyPartReader):
            name, _ = _named(part)
            if name is not None:
                return part
        raise BadRequest("The form is not one that this operation takes.")

    async def _text_of(self, part: BodyPartReader) -> str:
        value = bytearray()
        while chunk := await self._some_of(part):
            value += chunk
            if len(value) > LONGEST_FIELD:
                raise BadRequest("A field of the form is too long.")
        try:
            return value.decode()
        except UnicodeDecodeError:
            raise BadRequest("The form is not in UTF-8.") from None

    async def _some_of(self, part: BodyPartReader) -> bytes:
        async with self._in_time():
            return await part.read_chunk(CHUNK)

    @asynccontextmanager
    async def _in_time(self) -> AsyncIterator[None]:
        """Wait for the sender; failures become answers."""
        left = self._end - asyncio.get_running_loop().time()
        try:
            async with asyncio.timeout(min(SILENCE, max(0.0, left))):
                yield
        except TimeoutError:
            raise HttpProblem(408, "The body did not arrive in time.") from None
        except _BROKEN:
            raise BadRequest("The form is broken.") from None

    def _too_large(self) -> HttpProblem:
        megabytes = self._limit // (1024 * 1024)
        return HttpProblem(413, f"The file is larger than {megabytes} MB.")


def _kind_of(request: web.Request) -> str:
    """Return what kind of body it is. aiohttp's own way reads it like a mail, for a millisecond."""
    return request.headers.get(hdrs.CONTENT_TYPE, "").partition(";")[0].strip().lower()


def _named(part: BodyPartReader) -> tuple[str | None, str | None]:
    """Return the name of a field and of its file; aiohttp reads what is not of the usual form."""
    usual = _USUAL.fullmatch(part.headers.get(hdrs.CONTENT_DISPOSITION, ""))
    return (usual["name"], usual["file"]) if usual else (part.name, part.filename)
