"""Hostile bodies, repeated parts, and connections that go on afterwards (IN-11, IN-12, ERR-2)."""

from __future__ import annotations

import gzip
from collections.abc import AsyncIterator

import pytest

from tests.api.client import ApiClient
from tests.api.diary import write_journal
from tests.api.server import ServerProcess
from tests.security.raw import Connection

JSON = "Content-Type: application/json"
FORM = "Content-Type: application/x-www-form-urlencoded"
JOURNALS = "/api/v1/journals/"
BOMB = gzip.compress(b'{"title": "' + b" " * 50_000_000 + b'"}')
HOSTILE = {
    "deep": b"[" * 10_000 + b"]" * 10_000,
    "deep and open": b'{"title":' * 10_000,
    "a string without end": b"[" * 65 + b'"' + b'\\"' * 1_000_000,
    "many values": b'{"title": "t", "x": [' + b"1," * 500_000 + b"1]}",
    "many objects": b'{"title": "t", "x": [' + b"{}," * 500_000 + b"{}]}",
    "a number of 5,000 digits": b'{"title": "t", "x": ' + b"9" * 5_000 + b"}",
    "a key twice": b'{"title": "one", "title": "two"}',
    "a key twice, once escaped": b'{"title": "one", "t\\u0069tle": "two"}',
    "NaN": b'{"title": NaN}',
    "minus infinity": b'{"title": "t", "x": -Infinity}',
    "a byte order mark": b'\xef\xbb\xbf{"title": "t"}',
    "UTF-16": '{"title": "t"}'.encode("utf-16"),
    "UTF-32": '{"title": "t"}'.encode("utf-32-le"),
    "Latin-1": '{"title": "é"}'.encode("latin-1"),
    "overlong UTF-8": b'{"title": "\xc0\xaf"}',
    "a second document": b'{"title": "t"} {"title": "u"}',
    "a comment": b'{"title": "t" /* x */}',
    "single quotes": b"{'title': 't'}",
    "cut off": b'{"title": "t',
}


@pytest.fixture
async def line(server: ServerProcess) -> AsyncIterator[Connection]:
    opened = await Connection.open(server)
    yield opened
    await opened.close()


def bearer(person: ApiClient) -> str:
    return f"Authorization: Bearer {person.token}"


async def still_usable(line: Connection, person: ApiClient) -> bool:
    return (await line.ask("GET", "/api/v1/users/me", bearer(person))).status == 200


@pytest.mark.parametrize("body", HOSTILE.values(), ids=HOSTILE.keys())
async def test_IN_11_no_such_body_is_read(alice: ApiClient, line: Connection, body: bytes) -> None:
    answer = await line.ask("POST", JOURNALS, bearer(alice), JSON, body=body)
    assert (answer.status, answer.json["detail"]) == (400, "Invalid JSON")
    assert await still_usable(line, alice)


@pytest.mark.parametrize("coding", ["gzip", "deflate", "x-gzip", "identity, gzip", "br", "zstd"])
async def test_IN_11_no_compressed_body_is_unpacked(
    alice: ApiClient, line: Connection, coding: str
) -> None:
    packed = (bearer(alice), JSON, f"Content-Encoding: {coding}")
    answer = await line.ask("POST", JOURNALS, *packed, body=BOMB)
    assert answer.status in (400, 415)  # the parser itself refuses what it could never unpack


async def test_IN_11_a_second_transfer_coding_is_refused(
    server: ServerProcess, alice: ApiClient, line: Connection
) -> None:
    await line.send(
        b"POST /api/v1/journals/ HTTP/1.1\r\nHost: localhost\r\n"
        + f"{bearer(alice)}\r\n{JSON}\r\nTransfer-Encoding: gzip, chunked\r\n\r\n".encode()
        + b'e\r\n{"title": "t"}\r\n0\r\n\r\n'
    )
    assert (await line.receive()).status == 415


@pytest.mark.parametrize(
    "query",
    ["limit=1&limit=2", "limit=1&limit=1", "limit=1&LIMIT=1&limit=1", "limit=1&%6cimit=2"],
)
async def test_IN_12_a_parameter_twice_is_refused(alice: ApiClient, query: str) -> None:
    answer = await alice.get(f"/tags/?{query}")
    assert answer.status == 422
    assert "limit: This was sent more than once." in answer.detail


async def test_IN_12_a_field_of_a_form_twice_is_refused(line: Connection) -> None:
    body = b"username=a%40example.org&password=one&password=two"
    answer = await line.ask("POST", "/api/v1/auth/token", FORM, body=body)
    assert (answer.status, answer.json["detail"]) == (400, "Send each field of the form once.")


@pytest.mark.parametrize(
    "header",
    [
        "Host: localhost", "Content-Length: 14", "Content-Type: application/json",
        "Content-Encoding: identity", "Idempotency-Key: one", "Authorization: Bearer x",
        "Transfer-Encoding: identity",
    ],
)  # fmt: skip
async def test_IN_12_a_header_twice_is_refused(
    alice: ApiClient, line: Connection, header: str
) -> None:
    body = b'{"title": "t"}'
    framed = ["Host: localhost", bearer(alice), JSON]
    if header.startswith(("Idempotency", "Content-Encoding")):
        framed.append(header)
    answer = await line.ask("POST", JOURNALS, *framed, header, body=body)
    assert answer.status == 400


@pytest.mark.parametrize(
    "kind",
    [
        "", "text/plain", "text/json", "application/x-www-form-urlencoded", "multipart/form-data",
        "application/jsonp", "application/json-seq", "application/xml", "*/*", "json",
    ],
)  # fmt: skip
async def test_IN_12_another_content_type_is_refused(
    alice: ApiClient, line: Connection, kind: str
) -> None:
    sent = f"Content-Type: {kind}"
    answer = await line.ask("POST", JOURNALS, bearer(alice), sent, body=b'{"title": "t"}')
    assert answer.status == 415
    assert await still_usable(line, alice)


async def test_ERR_2_the_connection_is_usable_after_every_error(
    alice: ApiClient, line: Connection
) -> None:
    journal = (await write_journal(alice))["id"]
    me, big = bearer(alice), b'{"title": "' + b"x" * (3 << 20) + b'"}'
    errors = [
        (400, "POST", JOURNALS, (me, JSON), b"{"),
        (401, "POST", JOURNALS, (JSON,), b'{"title": "t"}'),
        (403, "GET", "/api/v1/admin/users", (me,), b""),
        (404, "GET", f"/api/v1/entries/{journal}", (me,), b""),
        (404, "POST", "/api/v1/nothing", (me, JSON), b'{"title": "t"}'),
        (405, "PATCH", JOURNALS, (me, JSON), b'{"title": "t"}'),
        (413, "POST", JOURNALS, (me, JSON), big),
        (415, "POST", JOURNALS, (me, "Content-Type: text/plain"), b'{"title": "t"}'),
        (421, "GET", "/api/v1/health", ("Host: elsewhere.example",), b""),
        (422, "POST", JOURNALS, (me, JSON), b'{"title": 5}'),
        (422, "GET", "/api/v1/tags/?limit=0", (me,), b""),
    ]
    for status, method, target, headers, body in errors:
        answer = await line.ask(method, target, *headers, body=body)
        assert (answer.status, answer.header("content-type")) == (
            status,
            "application/problem+json",
        )
        assert await still_usable(line, alice), status
