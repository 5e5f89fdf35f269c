"""From what a handler returns to bytes."""

from __future__ import annotations

import asyncio
import re
import zlib
from typing import Any

import orjson
from aiohttp import web
from multidict import CIMultiDict

from journiv.contracts.routes import Reply

JSON = "application/json"
COMPRESS_FROM = 1024
COMPRESS_IN_THREAD_FROM = 64 * 1024
_DATA = frozenset({dict, list, Reply})  # asking these whether they are a response is slow
_ZERO = re.compile(r"q\s*=\s*0(\.0*)?")


def respond(result: Any, status: int) -> web.StreamResponse:
    """Answer with a handler's result: JSON-ready data, a `Reply`, or a finished response."""
    kind = type(result)
    if kind not in _DATA and isinstance(result, web.StreamResponse):
        return result
    headers: CIMultiDict[str] = CIMultiDict({"Content-Type": JSON})
    if kind is Reply:
        headers.update(result.headers)
        status = result.status or status
        result = result.payload
    if status == 204:
        return web.Response(status=204, headers=headers)
    return web.Response(body=orjson.dumps(result), status=status, headers=headers)


async def compressed(request: web.Request, response: web.StreamResponse) -> web.StreamResponse:
    """Compress a JSON body of 1 KiB or more for a client that accepts gzip.

    Level 1: level 6 costs four times as much for a tenth less. Large bodies go to a thread.
    """
    if not isinstance(response, web.Response):
        return response
    body = response.body
    if not isinstance(body, bytes) or len(body) < COMPRESS_FROM:
        return response
    headers = response.headers
    if "Content-Encoding" in headers or headers.get("Content-Type") != JSON:
        return response
    headers["Vary"] = "Accept-Encoding"
    if accepts_gzip(request.headers.get("Accept-Encoding")):
        small = len(body) < COMPRESS_IN_THREAD_FROM
        response.body = _gzip(body) if small else await asyncio.to_thread(_gzip, body)
        headers["Content-Encoding"] = "gzip"
    return response


def accepts_gzip(accepted: str | None) -> bool:
    """Say whether an `Accept-Encoding` header (RFC 9110 §12.5.3) allows gzip."""
    if not accepted:
        return False
    refused = {}
    for part in accepted.lower().split(","):
        coding, _, weight = part.partition(";")
        refused[coding.strip()] = _ZERO.fullmatch(weight.strip()) is not None
    return not refused.get("gzip", refused.get("*", True))


def _gzip(body: bytes) -> bytes:
    packer = zlib.compressobj(1, zlib.DEFLATED, 31)
    return packer.compress(body) + packer.flush()
