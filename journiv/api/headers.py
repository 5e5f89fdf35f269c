"""Request headers that may stand only once."""

from __future__ import annotations

from aiohttp import web

from journiv.domain.errors import BadRequest


def single_header(request: web.Request, name: str) -> str | None:
    """Return a header's value, None without it. Raises `BadRequest` when it stands twice.

    Whoever stands in front may read the other one (RFC 9110 section 5.3). What frames a request
    (`Host`, `Content-Length`, `Content-Type`) aiohttp itself refuses twice.
    """
    values = request.headers.getall(name, ())
    if len(values) > 1:
        raise BadRequest(f"Send the header {name} once.")
    return values[0] if values else None
