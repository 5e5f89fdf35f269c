"""Requests that two readers could read differently: one reading, one clear error, or none.

What is accepted here is what RFC 9112 lets through; nothing of it may change whose request it is.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest

from tests.api.client import ApiClient
from tests.api.conftest import StartServer
from tests.api.server import ServerProcess
from tests.security.raw import Connection, ask

GET = "GET /api/v1/health HTTP/1.1\r\nHost: localhost\r\n"
POST = "POST /api/v1/journals/ HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
BODY = '{"title": "t"}'
UNREADABLE = {
    "no request": "NONSENSE\r\n\r\n",
    "no host": "GET /livez HTTP/1.1\r\n\r\n",
    "two hosts": f"{GET}Host: localhost\r\n\r\n",
    "a line feed alone": "GET /livez HTTP/1.1\nHost: localhost\n\n",
    "a space before the colon": f"{GET}X-A : b\r\n\r\n",
    "a folded header": f"{GET}X-A: b\r\n c\r\n\r\n",
    "a NUL in a header": f"{GET}X-A: b\0c\r\n\r\n",
    "a header of 9 kB": f"{GET}X-A: {'a' * 9_000}\r\n\r\n",
    "300 headers": GET + "".join(f"X-{n}: a\r\n" for n in range(300)) + "\r\n",
    "an unknown method": "FROB /livez HTTP/1.1\r\nHost: localhost\r\n\r\n",
    "a method in lower case": "get /livez HTTP/1.1\r\nHost: localhost\r\n\r\n",
    "HTTP 1.9": "GET /livez HTTP/1.9\r\nHost: localhost\r\n\r\n",
    "the preface of HTTP/2": "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    "a space in the target": "GET /livez x HTTP/1.1\r\nHost: localhost\r\n\r\n",
    "two lengths": f"{POST}Content-Length: 14\r\nContent-Length: 3\r\n\r\n{BODY}",
    "the same length twice": f"{POST}Content-Length: 14\r\nContent-Length: 14\r\n\r\n{BODY}",
    "a list of lengths": f"{POST}Content-Length: 14, 14\r\n\r\n{BODY}",
    "a length with a sign": f"{POST}Content-Length: +14\r\n\r\n{BODY}",
    "a negative length": f"{POST}Content-Length: -1\r\n\r\n{BODY}",
    "a length with an underscore": f"{POST}Content-Length: 1_4\r\n\r\n{BODY}",
    "a length beyond counting": f"{POST}Content-Length: {'9' * 30}\r\n\r\n{BODY}",
    "length and chunks": f"{POST}Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    "an unknown coding": f"{POST}Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n",
    "chunked twice": f"{POST}Transfer-Encoding: chunked, chunked\r\n\r\n0\r\n\r\n",
    "a negative chunk": f"{POST}Transfer-Encoding: chunked\r\n\r\n-e\r\n{BODY}\r\n0\r\n\r\n",
    "a chunk beyond counting": f"{POST}Transfer-Encoding: chunked\r\n\r\n{'f' * 17}\r\n{BODY}",
    "chunks with line feeds alone": f"{POST}Transfer-Encoding: chunked\r\n\r\ne\n{BODY}\n0\n\n",
}


@pytest.fixture
async def line(server: ServerProcess) -> AsyncIterator[Connection]:
    opened = await Connection.open(server)
    yield opened
    await opened.close()


@pytest.mark.parametrize("sent", UNREADABLE.values(), ids=UNREADABLE.keys())
async def test_what_can_be_read_in_two_ways_is_400_and_ends_the_connection(
    line: Connection, alice: ApiClient, sent: str
) -> None:
    await line.send(
        sent.replace("\r\n", f"\r\nAuthorization: Bearer {alice.token}\r\n", 1).encode()
    )
    answer = await line.receive()
    assert (answer.status, answer.header("content-type")) == (400, "application/problem+json")
    with pytest.raises((asyncio.IncompleteReadError, ConnectionError)):
        await line.ask("GET", "/livez")


@pytest.mark.parametrize(
    ("target", "status"),
    [
        ("http://localhost/api/v1/health", 200),
        ("http://evil.example/api/v1/health", 421),
        ("http://evil.example:80/api/v1/health", 421),
        ("http://localhost@evil.example/api/v1/health", 421),
        ("https://evil.example/livez", 200),  # probes take any host
    ],
)
async def test_the_host_of_the_target_counts_like_the_header(
    server: ServerProcess, target: str, status: int
) -> None:
    assert (await ask(server, "GET", target)).status == status


@pytest.mark.parametrize(
    "host",
    [
        "a@localhost",
        "localhost evil",
        "localhost:80:80",
        "[::1",
        "",
        "local/host",
        "l\u00f6calhost",
    ],
)
async def test_a_host_that_is_none_is_refused(server: ServerProcess, host: str) -> None:
    assert (await ask(server, "GET", "/api/v1/health", f"Host: {host}")).status in (400, 421)


@pytest.mark.parametrize(
    "header",
    ["X-HTTP-Method-Override: DELETE", "X-HTTP-Method: DELETE", "X-Method-Override: DELETE"],
)
async def test_a_method_is_not_tunnelled(alice: ApiClient, line: Connection, header: str) -> None:
    me = f"Authorization: Bearer {alice.token}"
    asked = (
        "POST",
        "/api/v1/users/me?_method=DELETE",
        me,
        header,
        "Content-Type: application/json",
    )
    assert (await line.ask(*asked, body=b'{"_method": "DELETE"}')).status == 405
    assert (await line.ask("GET", "/api/v1/users/me", me)).status == 200


@pytest.mark.parametrize("header", ["X-Original-URL", "X-Rewrite-URL", "X-Forwarded-Path"])
async def test_a_header_moves_no_request(server: ServerProcess, header: str) -> None:
    answer = await ask(server, "GET", "/livez", f"{header}: /api/v1/admin/users")
    assert answer.json == {"status": "ok"}


@pytest.mark.parametrize(
    "path",
    [
        "/api/v1/users/me/x.css", "/api/v1/users/me.css", "/api/v1/users/me;x.css",
        "/api/v1/users/me%2fx.css", "/api/v1/users/me%00.css", "/api/v1/users/me%0a.css",
        "/api/v1/users/me%3fx.css", "/api/v1/users/me%23.css", "//api/v1/users/me",
        "/api/v1/x/../users/me", "/api/v1/./users/me", "/API/v1/users/me",
        "/api/v1/users%2fme", "/assets/..%2fapi/v1/users/me",
    ],
)  # fmt: skip
async def test_no_other_spelling_of_a_path_answers_a_persons_data(
    alice: ApiClient, line: Connection, path: str
) -> None:
    answer = await line.ask("GET", path, f"Authorization: Bearer {alice.token}")
    assert answer.status == 404
    assert alice.user["email"].encode() not in answer.body


async def test_pipelined_requests_are_answered_in_order_and_each_for_its_own_caller(
    alice: ApiClient, bob: ApiClient, line: Connection
) -> None:
    people = [alice, bob, alice, None, bob] * 10
    for person in people:
        token = f"Authorization: Bearer {person.token}\r\n" if person else ""
        await line.send(f"GET /api/v1/users/me HTTP/1.1\r\nHost: localhost\r\n{token}\r\n".encode())
    for person in people:
        answer = await line.receive()
        assert answer.status == (200 if person else 401)
        assert person is None or answer.json["email"] == person.user["email"]


async def test_a_body_where_none_is_read_is_not_the_next_request(
    alice: ApiClient, line: Connection
) -> None:
    smuggled = b"GET /api/v1/admin/users HTTP/1.1\r\nHost: localhost\r\n\r\n"
    for method in ("GET", "DELETE"):
        path = "/livez" if method == "GET" else "/api/v1/users/me/totp/none"
        first = await line.ask(method, path, f"Content-Length: {len(smuggled)}", body=b"")
        await line.send(smuggled)
        assert first.status in (200, 404, 405)
        assert (await line.ask("GET", "/livez")).json == {"status": "ok"}


@pytest.mark.parametrize(
    "agent", [b"\xff\xfe\x80", b"\xf0\x9f\x96\x8b", b"Mozilla/5.0 " * 600, b""]
)
async def test_a_sign_in_takes_any_user_agent(
    server: ServerProcess, alice: ApiClient, agent: bytes
) -> None:
    body = b'{"email": "alice@example.org", "password": "%s"}' % alice.password.encode()
    head = (
        b"POST /api/v1/auth/login HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
        b"Content-Length: %d\r\nUser-Agent: %s\r\n\r\n" % (len(body), agent)
    )
    line = await Connection.open(server)
    await line.send(head + body)
    assert (await line.receive()).status == 200
    await line.close()
    assert (await alice.get("/sessions")).status == 200


@pytest.mark.parametrize(
    "garbled",
    [b"Origin: \xff", b"Access-Control-Request-Headers: \xff, x", b"Origin: \xed\xa0\x80"],
)
async def test_a_preflight_with_bytes_that_are_no_text_is_refused(
    start_server: StartServer, garbled: bytes
) -> None:
    server = start_server(ENABLE_CORS="true", CORS_ORIGINS="https://app.example.org")
    line = await Connection.open(server)
    await line.send(
        b"OPTIONS /api/v1/users/me HTTP/1.1\r\nHost: localhost\r\n"
        b"Access-Control-Request-Method: GET\r\n" + garbled + b"\r\n"
        b"%s\r\n"
        % (b"" if garbled.startswith(b"Origin") else b"Origin: https://app.example.org\r\n")
    )
    answer = await line.receive()
    assert (answer.status, answer.header("content-type")) == (403, "application/problem+json")
    await line.close()
