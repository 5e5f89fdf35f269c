"""Requests that no route gets: what is answered, and what is not said (HDR-3, LOG-3, ERR-4)."""

from __future__ import annotations

import re
import time

import pytest

from journiv.api.middleware.headers import EVERYWHERE
from tests.api.server import ServerProcess
from tests.security.raw import Connection, Raw, ask

TOKEN = "jr1.0190c0de-1111-7222-8333-444455556666.c2VjcmV0LXNlY3JldC1zZWNyZXQ"
BROKEN = {
    "no HTTP at all": f"NONSENSE {TOKEN}\r\n\r\n",
    "a header without a colon": f"GET / HTTP/1.1\r\nAuthorization Bearer {TOKEN}\r\n\r\n",
    "a header with a control character": f"GET / HTTP/1.1\r\nCookie: jrt={TOKEN}\x00\r\n\r\n",
    "two lengths": f"POST / HTTP/1.1\r\nX: {TOKEN}\r\nContent-Length: 1\r\n"
    "Content-Length: 2\r\n\r\n",
    "length and chunks": "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n"
    f"Transfer-Encoding: chunked\r\nAuthorization: Bearer {TOKEN}\r\n\r\n0\r\n\r\n",
    "a header that is too long": f"GET / HTTP/1.1\r\nHost: a\r\nX: {TOKEN * 200}\r\n\r\n",
    "an impossible version": f"GET /{TOKEN} HTTP/9.x\r\nHost: a\r\n\r\n",
}


async def _answer(server: ServerProcess, sent: str) -> Raw:
    connection = await Connection.open(server)
    try:
        await connection.send(sent.encode("latin-1"))
        return await connection.receive()
    finally:
        await connection.close()


def _is_a_problem(answer: Raw, status: int) -> None:
    assert (answer.status, answer.json["status"]) == (status, status)
    assert answer.header("Content-Type") == "application/problem+json"
    for name, value in EVERYWHERE.items():
        assert answer.header(name) == value
    assert answer.header("Server") is None
    assert answer.header("X-Request-ID") == answer.json["request_id"]
    assert TOKEN[:12].encode() not in answer.body


async def _logged(server: ServerProcess, words: str) -> str:
    """Wait for the log to hold the words, and return it."""
    deadline = time.monotonic() + 10
    while words not in (log := server.log.read_text(errors="replace")):
        assert time.monotonic() < deadline, log[-2000:]
    return log


@pytest.mark.parametrize("sent", BROKEN.values(), ids=BROKEN.keys())
async def test_HDR_3_LOG_3_a_broken_request_is_a_problem_that_quotes_and_logs_nothing(
    server: ServerProcess, sent: str
) -> None:
    answer = await _answer(server, sent)
    _is_a_problem(answer, 400)
    assert answer.json["detail"] == "The request cannot be read: it is no proper HTTP."
    assert answer.header("Connection") != "keep-alive"
    await ask(server, "GET", "/livez", "X-Request-ID: after-the-broken-one")
    assert TOKEN[:12] not in await _logged(server, "after-the-broken-one")


async def test_ERR_4_the_id_of_a_broken_request_is_in_the_log(server: ServerProcess) -> None:
    answer = await _answer(server, BROKEN["a header without a colon"])
    assert re.search(
        f"Request {answer.json['request_id']} from 127.0.0.1",
        await _logged(server, answer.json["request_id"]),
    )


@pytest.mark.parametrize("expected", [f"Bearer {TOKEN}", "wonders \xff\x80", "\x80"])
async def test_HDR_3_an_expectation_at_an_unknown_path_is_not_quoted(
    server: ServerProcess, expected: str
) -> None:
    answer = await ask(server, "GET", "/api/v1/nothing-here", f"Expect: {expected}")
    _is_a_problem(answer, 417)


async def test_ERR_2_a_refused_expectation_keeps_the_connection(server: ServerProcess) -> None:
    connection = await Connection.open(server)
    try:
        first = await connection.ask("GET", "/api/v1/nothing-here", "Expect: wonders")
        second = await connection.ask("GET", "/livez")
        assert (first.status, second.status) == (417, 200)
    finally:
        await connection.close()


async def test_LOG_3_a_token_sent_as_request_id_is_not_taken(server: ServerProcess) -> None:
    token = "jpat_0190c0de_c2VjcmV0LXNlY3JldC1zZWNyZXQ"
    answer = await ask(server, "GET", "/livez", f"X-Request-ID: {token}")
    assert answer.header("X-Request-ID") != token
    assert token not in await _logged(server, answer.header("X-Request-ID") or "-")
