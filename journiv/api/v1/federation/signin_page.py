"""A page for people whose sign-in elsewhere went wrong; programs get the problem itself."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from html import escape
from typing import Final

from aiohttp import hdrs, web

from journiv.api.problems import from_error, status_of
from journiv.contracts.routes import Call
from journiv.domain.errors import JournivError

PAGE_CSP: Final = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
_PAGE: Final = """<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>Sign-in did not work</title>
<h1>Sign-in did not work</h1>
<p>{sentence}</p>
<p><a href="/login">Back to sign-in</a></p>
<p>Request {request_id}</p>
</html>
"""

Handler = Callable[[Call], Awaitable[web.StreamResponse]]


async def readable(call: Call, handler: Handler) -> web.StreamResponse:
    """Run a handler that browsers are sent to; show its error as a page to who asks for HTML."""
    try:
        return await handler(call)
    except JournivError as error:
        if "text/html" not in call.request.headers.get(hdrs.ACCEPT, "") or status_of(error) == 500:
            raise
        problem = from_error(error, call.request_id)
        text = _PAGE.format(sentence=escape(error.detail), request_id=escape(call.request_id))
        headers = {"Content-Security-Policy": PAGE_CSP}
        if hdrs.RETRY_AFTER in problem.headers:
            headers[hdrs.RETRY_AFTER] = problem.headers[hdrs.RETRY_AFTER]
        return web.Response(
            text=text, status=problem.status, content_type="text/html", headers=headers
        )
