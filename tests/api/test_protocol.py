"""What a broken or hostile client gets at the level of bytes."""

from __future__ import annotations

import asyncio
import contextlib

import pytest

from tests.api.client import ApiClient
from tests.api.conftest import NewUser
from tests.api.server import ServerProcess


async def _status_line(server: ServerProcess, *sent: bytes) -> bytes:
    """Return the first line of the answer to what is sent, piece after piece."""
    reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
    try:
        for piece in sent:
            writer.write(piece)
            await writer.drain()
            await asyncio.sleep(0.05)
        async with asyncio.timeout(10):
            return await reader.readline()
    finally:
        writer.close()


@pytest.mark.parametrize(
    "sent",
    [
        b"NONSENSE\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: localhost\r\nSecret-Header value-to-hide\r\n\r\n",
        b"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\n"
        b"Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    ],
)
async def test_a_broken_request_is_400_and_its_bytes_are_not_logged(
    server: ServerProcess, client: ApiClient, sent: bytes
) -> None:
    answer = await _status_line(server, sent)
    assert answer.startswith((b"HTTP/1.1 400", b"HTTP/1.0 400"))
    assert (await client.get("/health")).status == 200
    assert "value-to-hide" not in server.log.read_text(errors="replace")


async def test_an_endless_request_line_is_cut_off(server: ServerProcess, client: ApiClient) -> None:
    answer = b""
    with contextlib.suppress(ConnectionResetError):
        answer = await _status_line(server, b"GET /" + b"a" * 300_000)
    assert not answer or b" 400 " in answer
    assert (await client.get("/health")).status == 200
    assert "aaaaaaaaaa" not in server.log.read_text(errors="replace")


async def test_a_request_without_host_is_refused(server: ServerProcess) -> None:
    answer = await _status_line(server, b"GET /api/v1/health HTTP/1.0\r\n\r\n")
    assert b" 421 " in answer


@pytest.mark.parametrize("coding", [b"deflate", b"gzip", b"x"])
async def test_a_compressed_body_is_refused_at_once(server: ServerProcess, coding: bytes) -> None:
    head = b"POST /api/v1/auth/login HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2\r\n"
    head += b"Content-Type: application/json\r\nContent-Encoding: " + coding + b"\r\n\r\n"
    answer = await _status_line(server, head, b"{}")
    assert b" 415 " in answer


@pytest.mark.parametrize(
    ("expected", "status"),
    [(b"100-continue", b" 100 "), (b"wonders", b" 422 "), (b"\x80\xff", b" 422 ")],
)
async def test_a_body_is_asked_for_and_other_expectations_are_ignored(
    server: ServerProcess, expected: bytes, status: bytes
) -> None:
    head = b"POST /api/v1/auth/login HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2\r\n"
    head += b"Content-Type: application/json\r\nExpect: " + expected + b"\r\n\r\n"
    assert status in await _status_line(server, head, b"{}")


async def test_the_log_of_a_server_holds_no_secret(
    server: ServerProcess, new_user: NewUser
) -> None:
    person = await new_user("hidden-address@example.org")
    await person.get("/users/me?token=hidden-query")
    await asyncio.sleep(0.3)
    log = server.log.read_text(errors="replace")
    for secret in (person.password, person.token, "hidden-query", "hidden-address"):
        assert secret
        assert secret not in log
