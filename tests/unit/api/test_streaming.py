from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest
from aiohttp import ClientPayloadError, ClientSession, ClientTimeout, web

from journiv.api.accesslog import AccessLog
from journiv.api.middleware.boundary import Boundary
from journiv.api.streaming import stream
from journiv.domain.errors import NotFound, Unavailable

SIZE = 1_000_000


async def whole() -> AsyncIterator[bytes]:
    for _ in range(10):
        yield bytes(SIZE // 10)


async def missing() -> AsyncIterator[bytes]:
    raise NotFound("Media not found")
    yield b""


async def breaking() -> AsyncIterator[bytes]:
    yield bytes(SIZE // 2)
    await asyncio.sleep(0)
    raise Unavailable("The object store does not answer.")


async def nothing() -> AsyncIterator[bytes]:
    for chunk in ():
        yield chunk


SOURCES = {"whole": whole, "missing": missing, "breaking": breaking, "nothing": nothing}


@pytest.fixture
async def url() -> AsyncIterator[str]:
    """A server that streams each source at its path, with Content-Length or chunked."""

    async def handle(request: web.Request) -> web.StreamResponse:
        name = request.match_info["name"]
        response = web.StreamResponse()
        if "sized" in request.query:
            response.content_length = SIZE
        return await stream(request, response, SOURCES[name]())

    boundary = Boundary(lambda request: "127.0.0.1", AccessLog(None))
    app = web.Application(middlewares=[boundary.handle])
    app.router.add_get("/{name}", handle)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    await runner.cleanup()


async def test_chunks_become_the_body(url: str) -> None:
    async with ClientSession() as session:
        async with session.get(f"{url}/whole") as answer:
            assert (answer.status, await answer.read()) == (200, bytes(SIZE))
        async with session.get(f"{url}/nothing") as answer:
            assert (answer.status, await answer.read()) == (200, b"")


async def test_what_fails_before_the_first_byte_is_an_ordinary_answer(url: str) -> None:
    async with ClientSession() as session, session.get(f"{url}/missing") as answer:
        assert answer.status == 404
        assert (await answer.json(content_type=None))["detail"] == "Media not found"


@pytest.mark.parametrize("asked", ["breaking", "breaking?sized"])
async def test_what_fails_later_cuts_the_connection_and_adds_nothing(url: str, asked: str) -> None:
    limit = ClientTimeout(total=10)
    async with ClientSession(timeout=limit) as session, session.get(f"{url}/{asked}") as answer:
        assert answer.status == 200
        got = await answer.content.readexactly(SIZE // 2)
        assert set(got) == {0}
        with pytest.raises(ClientPayloadError):
            await answer.content.read()
