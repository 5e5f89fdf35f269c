"""Answers that no middleware gives: to requests that cannot be read or routed (security.md D10).

aiohttp's own quote what was sent, name the software and are plain text. These are problems like
all others, with the base headers and a request id that leads to the log.
"""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable
from typing import Any

from aiohttp import web
from aiohttp.http_exceptions import BadHttpMethod
from aiohttp.web_protocol import RequestHandler

from journiv.api import problems
from journiv.api.middleware.boundary import new_request_id
from journiv.api.middleware.headers import HEADERS, SecurityHeaders

Handler = Callable[[web.BaseRequest], Awaitable[web.StreamResponse]]

_log = logging.getLogger(__name__)


class Runner(web.AppRunner):
    """Serves an application by this module's protocol."""

    async def _make_server(self) -> web.Server:
        made = await super()._make_server()
        return Server(made.request_handler, self.app[HEADERS], made.request_factory, **self._kwargs)


class Server(web.Server):
    """Makes a protocol for each connection."""

    def __init__(
        self, handler: Any, headers: SecurityHeaders, request_factory: Any, **options: Any
    ) -> None:
        super().__init__(handler, request_factory=request_factory, **options)
        self._headers = headers

    def __call__(self) -> RequestHandler:
        """Return what reads one connection."""
        return Protocol(self, self._headers, loop=self._loop, **self._kwargs)


class Protocol(RequestHandler):
    """Reads requests and answers those that get no further."""

    __slots__ = ("_headers",)

    def __init__(self, manager: web.Server, headers: SecurityHeaders, **options: Any) -> None:
        super().__init__(manager, **options)
        self._headers = headers

    async def _handle_request(
        self, request: web.BaseRequest, start_time: float | None, request_handler: Handler
    ) -> tuple[web.StreamResponse, bool]:
        if not request.headers.get("Expect", "").isascii():
            request_handler = _refusing_expectation(request_handler)
        return await super()._handle_request(request, start_time, request_handler)

    def handle_error(
        self,
        request: web.BaseRequest,
        status: int = 500,
        exc: BaseException | None = None,
        message: str | None = None,
    ) -> web.StreamResponse:
        """Answer what cannot be read, or an error outside of every handler; then hang up.

        Raises `ConnectionError` when an answer has already begun.
        """
        request_id = new_request_id()
        if status < 500:
            level = logging.DEBUG if isinstance(exc, BadHttpMethod) else logging.INFO
            kind = type(exc).__name__
            _log.log(level, "Request %s from %s is no HTTP: %s.", request_id, request.remote, kind)
        else:
            _log.error("Request %s failed outside of every handler.", request_id, exc_info=exc)
        if request.writer.output_size > 0:
            raise ConnectionError("The answer has begun, so there cannot be another.")
        if status < 500:
            detail = "The request cannot be read: it is no proper HTTP."
            answer = problems.problem(status, detail, request_id)
        else:
            answer = problems.unexpected(request_id)
        completed = self._completed(answer, request_id)
        completed.force_close()
        return completed

    async def finish_response(
        self, request: web.BaseRequest, resp: web.StreamResponse, start_time: float | None
    ) -> tuple[web.StreamResponse, bool]:
        """Send an answer; what aiohttp raised before the middlewares becomes a problem."""
        if isinstance(resp, web.HTTPException):
            request_id = new_request_id()
            _log.info("Request %s was refused before its route: %d.", request_id, resp.status)
            resp = self._completed(problems.from_http(resp, request_id), request_id)
        return await super().finish_response(request, resp, start_time)

    def _completed(self, problem: web.Response, request_id: str) -> web.Response:
        answer = Refusal(body=problem.body, status=problem.status, headers=problem.headers)
        self._headers.add_to(answer)
        answer.headers["X-Request-ID"] = request_id
        return answer


class Refusal(web.Response):
    """An answer that does not name the software; no application is there to prepare it."""

    async def _prepare_headers(self) -> None:
        await super()._prepare_headers()
        self.headers.pop("Server", None)


def _refusing_expectation(handler: Handler) -> Handler:
    """Answer 417 where aiohttp fails over quoting an `Expect` that is not text."""

    async def handle(request: web.BaseRequest) -> web.StreamResponse:
        try:
            return await handler(request)
        except UnicodeEncodeError:
            raise web.HTTPExpectationFailed from None

    return handle
