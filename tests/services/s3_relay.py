"""Stands before an S3 server: notes what it is asked, and answers as other object stores do."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from aiohttp import ClientSession, web
from multidict import CIMultiDict
from yarl import URL

_NOT_OURS = ("Connection", "Transfer-Encoding", "Keep-Alive", "Expect")


@dataclass(frozen=True, slots=True)
class Asked:
    """One request as it came; `path` has its query and its percent signs."""

    method: str
    path: str
    headers: CIMultiDict[str]


Answer = Callable[[Asked], web.Response | None]


@dataclass(slots=True)
class Relay:
    """Sends requests on to `upstream`, except where `answer` has something else to say.

    Of every answer, at most `most` bytes are given before the connection is cut.
    """

    upstream: str
    endpoint: str = ""
    answer: Answer = lambda asked: None
    most: int | None = None
    asked: list[Asked] = field(default_factory=list)

    async def handle(self, request: web.Request) -> web.StreamResponse:
        path = request.raw_path
        if path.startswith("http"):  # as a proxy is asked
            path = URL(path, encoded=True).raw_path_qs
        asked = Asked(request.method, path, CIMultiDict(request.headers))
        self.asked.append(asked)
        if said := self.answer(asked):
            await request.read()
            return said
        return await self._sent_on(request, asked)

    async def _sent_on(self, request: web.Request, asked: Asked) -> web.StreamResponse:
        headers = CIMultiDict(asked.headers)
        for name in _NOT_OURS:
            headers.popall(name, None)
        url = URL(self.upstream + asked.path, encoded=True)
        body = request.content if request.body_exists else None
        async with (
            ClientSession(auto_decompress=False) as session,
            session.request(asked.method, url, headers=headers, data=body) as answer,
        ):
            # rclone says 200 to a range; what speaks S3 says 206.
            is_part = answer.status == 200 and "Content-Range" in answer.headers
            given = web.StreamResponse(status=206 if is_part else answer.status)
            for name, value in answer.headers.items():
                if name not in _NOT_OURS:
                    given.headers.add(name, value)
            await given.prepare(request)
            await self._give(request, given, answer.content.iter_any())
            return given

    async def _give(
        self, request: web.Request, given: web.StreamResponse, chunks: AsyncIterator[bytes]
    ) -> None:
        left = self.most
        async for chunk in chunks:
            await given.write(chunk if left is None else chunk[:left])
            left = None if left is None else left - len(chunk)
            if left is not None and left <= 0:
                assert request.transport is not None
                request.transport.abort()
                return


@asynccontextmanager
async def relay_before(upstream: str) -> AsyncIterator[Relay]:
    """Run a relay on a free port."""
    relay = Relay(upstream)
    app = web.Application(client_max_size=2**30)
    app.router.add_route("*", "/{path:.*}", relay.handle)
    runner = web.AppRunner(app, access_log=None, auto_decompress=False)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    host, port = runner.addresses[0][:2]
    relay.endpoint = f"http://{host}:{port}"
    yield relay
    await runner.cleanup()
