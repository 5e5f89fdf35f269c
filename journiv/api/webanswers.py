"""A file of the web app as the answer to a request: coding, condition, range (RFC 9110)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from aiohttp import ETag, hdrs, web

from journiv.api.webfiles import WebFile

_IDENTITY: Final = "identity"


def file_answer(request: web.Request, file: WebFile, headers: Mapping[str, str]) -> web.Response:
    """Answer GET and HEAD with a file, in the smallest coding the client takes.

    A part is always one of the plain file. Conditions are by entity tag alone.
    """
    ranged = hdrs.RANGE in request.headers
    coding = _IDENTITY if ranged else _coding(request.headers.get(hdrs.ACCEPT_ENCODING, ""), file)
    tag = f'"{file.digest}"' if coding == _IDENTITY else f'"{file.digest}-{coding}"'
    described = {
        **headers,
        hdrs.CONTENT_TYPE: file.content_type,
        hdrs.CACHE_CONTROL: file.cache,
        hdrs.ETAG: tag,
        hdrs.VARY: hdrs.ACCEPT_ENCODING,
        hdrs.ACCEPT_RANGES: "bytes",
    }
    if hdrs.IF_MATCH in request.headers and not _names(request.if_match, tag):
        return web.Response(status=412, headers=described)
    if _names(request.if_none_match, tag):
        return web.Response(status=304, headers=described)
    if ranged:
        return _part(request, file.body, described)
    if coding != _IDENTITY:
        described[hdrs.CONTENT_ENCODING] = coding
    return web.Response(body=file.packed.get(coding, file.body), headers=described)


def _coding(accepted: str, file: WebFile) -> str:
    weights = dict(map(_weighed, accepted.lower().split(",")))
    fallback = weights.get("*", 0.0)
    return next((one for one in file.packed if weights.get(one, fallback) > 0), _IDENTITY)


def _weighed(item: str) -> tuple[str, float]:
    """Return a coding and its weight (section 12.4.2); an unreadable weight is none."""
    name, _, parameter = item.partition(";")
    key, _, value = parameter.partition("=")
    if key.strip() != "q":
        return name.strip(), 1.0
    try:
        return name.strip(), float(value)
    except ValueError:
        return name.strip(), 0.0


def _names(condition: tuple[ETag, ...] | None, tag: str) -> bool:
    return any(f'"{one.value}"' == tag or one.value == "*" for one in condition or ())


def _part(request: web.Request, body: bytes, headers: dict[str, str]) -> web.Response:
    whole = len(body)
    try:
        asked = request.http_range
        start, stop, _ = asked.indices(whole)
    except ValueError:  # another unit or several parts: a server may send the whole
        return web.Response(body=body, headers=headers)
    if start >= stop:
        headers[hdrs.CONTENT_RANGE] = f"bytes */{whole}"
        return web.Response(status=416, headers=headers)
    headers[hdrs.CONTENT_RANGE] = f"bytes {start}-{stop - 1}/{whole}"
    return web.Response(status=206, body=body[start:stop], headers=headers)
