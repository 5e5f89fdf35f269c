"""Request bodies: the right type, small enough, in time, parsed and checked."""

from __future__ import annotations

import asyncio
from typing import Any
from urllib.parse import parse_qsl

from aiohttp import web
from aiohttp.web_protocol import RequestPayloadError

from journiv.api.documents import loads
from journiv.api.headers import single_header
from journiv.api.problems import HttpProblem
from journiv.api.refusals import refused
from journiv.api.validation import BodyCheck
from journiv.contracts.routes import RouteDef
from journiv.domain.errors import BadRequest, Violation

MAX_BYTES = 2 * 1024 * 1024
DEADLINE = 30.0
BODY_KINDS = {
    "json": "application/json",
    "form": "application/x-www-form-urlencoded",
    "multipart": "multipart/form-data",
    "bytes": "application/octet-stream",
}
READ_BY_HANDLER = ("multipart", "bytes")
_MAX_FORM_FIELDS = 50


class BodyReader:
    """Reads the body of one route; a route without a body shape reads its request itself."""

    def __init__(self, route: RouteDef) -> None:
        if route.body_kind not in BODY_KINDS:
            raise ValueError(f"{route.path}: unknown body kind {route.body_kind}")
        self._form = route.body_kind == "form"
        self._required = route.body_required
        self._check = BodyCheck(route.body) if route.body is not None else None

    async def read(self, request: web.Request) -> Any:
        """Return the checked body, None when a body that may be missing is missing.

        Raises `Invalid` (422), `BadRequest` (400) or `HttpProblem` (408, 413, 415).
        """
        if self._check is None:
            return None
        raw = await raw_body(request)
        if not raw:
            if self._required:
                raise refused([Violation(("body",), "missing", "A body is required.")])
            return None
        return self._check.check(self._parse(request.content_type, raw))

    def _parse(self, content_type: str, raw: bytes) -> Any:
        if self._form:
            if content_type != "application/x-www-form-urlencoded":
                raise HttpProblem(415, "Send application/x-www-form-urlencoded.")
            return _form(raw)
        if content_type != "application/json" and not content_type.endswith("+json"):
            raise HttpProblem(415, "Send application/json.")
        return loads(raw)


async def raw_body(request: web.Request) -> bytes:
    """Return the whole body, once it is here.

    Raises `HttpProblem`: 415 for a compressed body (RFC 9110 section 15.5.16), 413 for one that
    announces more than 2 MiB, 408 after 30 s without its end. Raises `BadRequest` for a body that
    breaks the framing it announced.
    """
    if not request.body_exists:
        return b""
    refuse_compressed(request)
    if (request.content_length or 0) > MAX_BYTES:
        raise web.HTTPRequestEntityTooLarge(MAX_BYTES, request.content_length or 0)
    try:
        async with asyncio.timeout(DEADLINE):
            return await request.read()
    except TimeoutError:
        raise HttpProblem(408, "The body did not arrive in time.") from None
    except RequestPayloadError:
        raise BadRequest("The body is broken.") from None


def refuse_compressed(request: web.Request) -> None:
    """Raise `HttpProblem` 415 for a compressed body (RFC 9110 section 15.5.16).

    It is never read: aiohttp unpacks what it knows, and waits for ever for a broken `deflate`.
    """
    coding = single_header(request, "Content-Encoding") or "identity"
    transfer = request.headers.get("Transfer-Encoding", "chunked")
    if coding.strip().lower() != "identity" or transfer.strip().lower() != "chunked":
        raise HttpProblem(415, "Send the body uncompressed.", {"Accept-Encoding": "identity"})


def _form(raw: bytes) -> dict[str, str]:
    """Read a form; RFC 6749 section 3.2 forbids to send a parameter twice."""
    try:
        pairs = parse_qsl(
            raw.decode(),
            keep_blank_values=True,
            max_num_fields=_MAX_FORM_FIELDS,
            errors="surrogateescape",
        )
    except ValueError:
        raise BadRequest("Invalid form") from None
    fields = dict(pairs)
    if len(fields) < len(pairs):
        raise BadRequest("Send each field of the form once.")
    return fields
