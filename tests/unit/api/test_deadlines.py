from __future__ import annotations

import asyncio
from urllib.parse import urlsplit

import pytest
from aiohttp import ClientSession

from journiv.api import bodies, serving
from journiv.contracts.routes import Access, Call, RouteDef
from journiv.contracts.schema import Schema
from tests.unit.api.conftest import Serve

THING = Schema("Thing", {"title": {"type": "text"}})


async def _echo(call: Call) -> object:
    return {"body": call.body}


def _route(path: str, handler: object, **options: object) -> RouteDef:
    return RouteDef(
        method="POST", path=path, handler=handler, access=Access.PUBLIC, summary="",
        answers={200: {"type": "dict"}}, **options,
    )  # fmt: skip


ROUTES = [
    _route("/echo", _echo, body=THING),
]


def test_the_deadlines_are_those_of_the_design() -> None:
    assert (bodies.DEADLINE, serving.KEEPALIVE) == (30, 15)
    assert bodies.DEADLINE + serving.LINGERING <= 35


@pytest.mark.parametrize("framing", [b"Content-Length: 40", b"Transfer-Encoding: chunked"])
async def test_a_body_that_does_not_end_gets_408_and_the_connection_ends(
    serve: Serve, monkeypatch: pytest.MonkeyPatch, framing: bytes
) -> None:
    monkeypatch.setattr(bodies, "DEADLINE", 0.2)
    monkeypatch.setattr(serving, "LINGERING", 0.2)
    where = urlsplit(await serve(ROUTES))
    reader, writer = await asyncio.open_connection(where.hostname, where.port)
    writer.write(
        b"POST /api/v1/echo HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
        + framing + b"\r\n\r\n" + (b"2\r\n{ \r\n" if b"chunked" in framing else b"{ ")
    )  # fmt: skip
    async with asyncio.timeout(10):
        answer = await reader.read()
    writer.close()
    assert answer.startswith(b"HTTP/1.1 408 ")
    assert b"Connection: close" in answer
    assert b"application/problem+json" in answer


async def test_a_refused_body_leaves_the_connection_usable(
    serve: Serve, http: ClientSession
) -> None:
    url = await serve(ROUTES)
    for _ in range(3):
        async with http.post(f"{url}/api/v1/echo", data=b"{" + b" " * 900_000) as answer:
            assert answer.status == 415
    async with http.post(f"{url}/api/v1/echo", json={"title": "ok"}) as answer:
        assert answer.status == 200
