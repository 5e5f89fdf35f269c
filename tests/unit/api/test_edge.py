"""Hosts, proxies, headers, errors, compression and the access log."""

from __future__ import annotations

import asyncio
import gzip
from typing import Any

import orjson
import pytest
from aiohttp import ClientSession, web

from journiv.api.keys import SEEN_PROXIES
from journiv.api.middleware.headers import API_CSP
from journiv.contracts.routes import Access, Call, Param, Reply, RouteDef
from journiv.domain import errors
from tests.unit.api.conftest import Serve

_ERRORS: dict[str, Exception] = {
    "bad": errors.BadRequest("Bad."),
    "auth": errors.AuthenticationFailed("Who?"),
    "forbidden": errors.Forbidden("No."),
    "missing": errors.NotFound("Entry not found"),
    "conflict": errors.Conflict("Taken."),
    "stale": errors.PreconditionFailed("Changed.", {"title": "theirs"}),
    "rule": errors.Unprocessable("Cannot move entry to an archived journal"),
    "many": errors.TooMany("Slow down.", 7),
    "away": errors.Unavailable("Busy.", 3),
    "full": errors.StorageFull("The disk is full."),
    "bug": RuntimeError("secret SELECT * FROM users"),
}


async def _echo(call: Call) -> Any:
    what = call.query["what"]
    if what in _ERRORS:
        raise _ERRORS[what]
    if what == "large":
        return ["word " * 1000] * 40
    if what == "medium":
        return ["word " * 1000]
    if what == "none":
        return Reply(status=204)
    if what == "tagged":
        return Reply(payload={}, status=201, headers={"ETag": '"7"', "Cache-Control": "private"})
    return {"client": call.client}


ROUTES = [
    RouteDef(
        method="GET", path="/echo/{word}", handler=_echo, access=Access.PUBLIC, summary="",
        answers={200: {}}, query=(Param(name="what", kind="text", default=""),),
    )
]  # fmt: skip
PATH = "/api/v1/echo/private-word"


@pytest.mark.parametrize(
    ("what", "status", "more"),
    [
        ("bad", 400, {}),
        ("auth", 401, {}),
        ("forbidden", 403, {}),
        ("missing", 404, {}),
        ("conflict", 409, {}),
        ("stale", 412, {"current": {"title": "theirs"}}),
        ("rule", 422, {}),
        ("many", 429, {"retry_after": 7}),
        ("away", 503, {}),
        ("full", 507, {}),
    ],
)
async def test_every_domain_error_is_a_problem(
    serve: Serve, http: ClientSession, what: str, status: int, more: dict[str, Any]
) -> None:
    url = await serve(ROUTES)
    async with http.get(f"{url}{PATH}?what={what}") as answer:
        body = await answer.json(content_type=None)
        assert answer.status == body["status"] == status
        assert answer.headers["Content-Type"] == "application/problem+json"
        assert body["request_id"] == answer.headers["X-Request-ID"]
        assert body["detail"] == str(_ERRORS[what])
        assert more.items() <= body.items()
        assert ("Retry-After" in answer.headers) == (status in (429, 503))


async def test_a_bug_tells_nothing_but_the_request_id(
    serve: Serve, http: ClientSession, caplog: pytest.LogCaptureFixture
) -> None:
    url = await serve(ROUTES)
    async with http.get(f"{url}{PATH}?what=bug") as answer:
        text = await answer.text()
        assert answer.status == 500
        assert answer.headers["X-Request-ID"] in text
        assert "SELECT" not in text
        assert "RuntimeError" not in text
        assert answer.headers["X-Request-ID"] in caplog.text
    async with http.get(f"{url}{PATH}") as answer:
        assert answer.status == 200


@pytest.mark.parametrize("path", [PATH, "/nowhere", f"{PATH}?what=bug"])
async def test_security_headers_are_on_every_answer(
    serve: Serve, http: ClientSession, path: str
) -> None:
    url = await serve(ROUTES, DOMAIN_SCHEME="https")
    async with http.get(url + path) as answer:
        sent = answer.headers
    assert sent["X-Content-Type-Options"] == "nosniff"
    assert sent["Referrer-Policy"] == "same-origin"
    assert sent["X-Frame-Options"] == "DENY"
    assert sent["Cross-Origin-Opener-Policy"] == "same-origin"
    assert sent["Cross-Origin-Resource-Policy"] == "same-origin"
    assert sent["Content-Security-Policy"] == API_CSP
    assert sent["Cache-Control"] == "no-store"
    assert sent["Strict-Transport-Security"] == "max-age=31536000"
    assert "geolocation=(self)" in sent["Permissions-Policy"]
    for absent in ("Server", "X-Powered-By", "X-Process-Time", "X-XSS-Protection", "Set-Cookie"):
        assert absent not in sent


async def test_plain_http_promises_no_https(serve: Serve, http: ClientSession) -> None:
    url = await serve(ROUTES, HSTS_INCLUDE_SUBDOMAINS="true")
    async with http.get(url + PATH) as answer:
        assert "Strict-Transport-Security" not in answer.headers


async def test_subdomains_are_included_when_wanted(serve: Serve, http: ClientSession) -> None:
    url = await serve(ROUTES, DOMAIN_SCHEME="https", HSTS_INCLUDE_SUBDOMAINS="true")
    async with http.get(url + PATH) as answer:
        sent = answer.headers["Strict-Transport-Security"]
        assert sent == "max-age=31536000; includeSubDomains"


async def test_what_a_handler_sets_itself_stays(serve: Serve, http: ClientSession) -> None:
    url = await serve(ROUTES)
    async with http.get(f"{url}{PATH}?what=tagged") as answer:
        assert answer.status == 201
        assert (answer.headers["ETag"], answer.headers["Cache-Control"]) == ('"7"', "private")
    async with http.get(f"{url}{PATH}?what=none") as answer:
        assert (answer.status, await answer.read()) == (204, b"")


@pytest.mark.parametrize(
    ("sent", "kept"),
    [("trace-1.2_3", True), ("a b", False), ("x" * 65, False), ('"}', False), ("", False)],
)
async def test_a_safe_request_id_is_kept(
    serve: Serve, http: ClientSession, sent: str, kept: bool
) -> None:
    url = await serve(ROUTES)
    async with http.get(url + PATH, headers={"X-Request-ID": sent}) as answer:
        assert (answer.headers["X-Request-ID"] == sent) == kept


@pytest.mark.parametrize(
    ("host", "status"),
    [
        ("localhost:8000", 200),
        ("127.0.0.1", 200),
        ("[::1]:8000", 200),
        ("diary.example.org", 200),
        ("DIARY.example.org.:443", 200),
        ("other.example.net", 200),
        ("a.home.arpa", 200),
        ("journiv:8000", 200),
        ("evil.example.com", 421),
        ("xdiary.example.org", 421),
        ("203.0.113.9", 421),
        ("", 421),
        ("localhost:8000@evil.example.com", 421),
        ("localhost:evil", 421),
        ("[::1", 421),
        ("[::1]evil.example.com", 421),
    ],
)
async def test_only_known_hosts_are_answered(
    serve: Serve, http: ClientSession, host: str, status: int
) -> None:
    url = await serve(
        ROUTES, DOMAIN_NAME="diary.example.org", ALLOWED_HOSTS="other.example.net,.home.arpa"
    )
    for _ in range(2):
        async with http.get(url + PATH, headers={"Host": host}) as answer:
            assert answer.status == status


@pytest.mark.parametrize(
    ("trusted", "forwarded", "client"),
    [
        ("", "203.0.113.9", "127.0.0.1"),
        ("127.0.0.1", "203.0.113.9", "203.0.113.9"),
        ("127.0.0.1", "198.51.100.1, 203.0.113.9", "203.0.113.9"),
        ("127.0.0.1, 203.0.113.0/24", "198.51.100.1, 203.0.113.9", "198.51.100.1"),
        ("127.0.0.1", "203.0.113.9:4711", "203.0.113.9"),
        ("127.0.0.1", "[2001:db8::1]:80", "2001:db8::1"),
        ("127.0.0.1", "nonsense", "127.0.0.1"),
        ("127.0.0.1", "", "127.0.0.1"),
        ("127.0.0.1", "unknown", "127.0.0.1"),
        ("127.0.0.1", "_hidden, 203.0.113.9", "203.0.113.9"),
        ("127.0.0.1", "203.0.113.9, ", "127.0.0.1"),
        ("127.0.0.0/8", "203.0.113.9" + ", 127.0.0.2" * 9, "203.0.113.9"),
        ("127.0.0.0/8", "203.0.113.9" + ", 127.0.0.2" * 19, "127.0.0.1"),
    ],
)
async def test_the_client_is_the_last_hop_that_is_not_trusted(
    serve: Serve, http: ClientSession, trusted: str, forwarded: str, client: str
) -> None:
    url = await serve(ROUTES, TRUSTED_PROXIES=trusted)
    async with http.get(url + PATH, headers={"X-Forwarded-For": forwarded}) as answer:
        assert (await answer.json())["client"] == client


@pytest.mark.parametrize(("scheme", "client"), [("https", "203.0.113.9"), ("http", "127.0.0.1")])
async def test_auto_trusts_private_proxies_of_an_https_address(
    serve: Serve, http: ClientSession, scheme: str, client: str
) -> None:
    url = await serve(ROUTES, TRUSTED_PROXIES="auto", DOMAIN_SCHEME=scheme)
    async with http.get(url + PATH, headers={"X-Forwarded-For": "203.0.113.9"}) as answer:
        assert (await answer.json())["client"] == client


async def test_a_forged_header_is_ignored_and_reported_once(
    serve: Serve, http: ClientSession, running: list[web.AppRunner], caplog: Any
) -> None:
    url = await serve(ROUTES)
    for _ in range(3):
        async with http.get(url + PATH, headers={"X-Forwarded-For": "203.0.113.9"}) as answer:
            assert (await answer.json())["client"] == "127.0.0.1"
    assert caplog.text.count("127.0.0.1 sent X-Forwarded-For and is no trusted proxy") == 1
    assert "203.0.113.9" not in caplog.text
    seen = running[0].app[SEEN_PROXIES]
    assert (seen.ignored, seen.named, seen.unnamed) == (3, 0, 0)


async def test_it_is_known_whether_a_trusted_proxy_names_clients(
    serve: Serve, http: ClientSession, running: list[web.AppRunner]
) -> None:
    url = await serve(ROUTES, TRUSTED_PROXIES="127.0.0.1")
    for headers in ({}, {"X-Forwarded-For": "203.0.113.9"}, {}):
        async with http.get(url + PATH, headers=headers) as answer:
            assert answer.status == 200
    seen = running[0].app[SEEN_PROXIES]
    assert (seen.ignored, seen.named, seen.unnamed) == (0, 1, 2)


@pytest.mark.parametrize("name", ["diary.example.org:8443", "Diary.Example.org", "192.0.2.7:80"])
async def test_the_port_of_a_public_name_does_not_matter(
    serve: Serve, http: ClientSession, name: str
) -> None:
    url = await serve(ROUTES, DOMAIN_NAME=name)
    for host in (name, name.partition(":")[0], name.lower()):
        async with http.get(url + PATH, headers={"Host": host}) as answer:
            assert answer.status == 200


@pytest.mark.parametrize("what", ["medium", "large"])
async def test_long_answers_are_compressed_for_clients_that_accept_it(
    serve: Serve, http: ClientSession, what: str
) -> None:
    url = await serve(ROUTES)
    async with http.get(f"{url}{PATH}?what={what}", headers={"Accept-Encoding": ""}) as answer:
        plain = await answer.read()
        assert "Content-Encoding" not in answer.headers
        assert answer.headers["Vary"] == "Accept-Encoding"
    async with ClientSession(auto_decompress=False) as raw:
        headers = {"Accept-Encoding": "br, gzip;q=0.5"}
        async with raw.get(f"{url}{PATH}?what={what}", headers=headers) as answer:
            assert answer.headers["Content-Encoding"] == "gzip"
            packed = await answer.read()
    assert gzip.decompress(packed) == plain
    assert len(packed) < len(plain) / 10


@pytest.mark.parametrize("accepted", ["gzip;q=0", "gzip; q=0.0", "br", "*, gzip;q=0"])
async def test_a_client_that_refuses_gzip_gets_none(
    serve: Serve, http: ClientSession, accepted: str
) -> None:
    url = await serve(ROUTES)
    headers = {"Accept-Encoding": accepted}
    async with http.get(f"{url}{PATH}?what=medium", headers=headers) as answer:
        assert "Content-Encoding" not in answer.headers


async def test_the_log_tells_the_template_and_nothing_private(
    serve: Serve, http: ClientSession, log: list[bytes]
) -> None:
    url = await serve(ROUTES)
    headers = {"Authorization": "Bearer hidden", "Host": "localhost"}
    async with http.get(f"{url}{PATH}?what=secret", headers=headers) as answer:
        request_id = answer.headers["X-Request-ID"]
    async with http.get(f"{url}/nowhere/secret") as answer:
        assert answer.status == 404
    await _until(log, 2)
    text = b"".join(log)
    for hidden in (b"secret", b"private-word", b"hidden", b"localhost"):
        assert hidden not in text
    first, second = (orjson.loads(line) for line in text.splitlines())
    assert first["route"] == "/api/v1/echo/{word}"
    assert (first["method"], first["status"], first["client"]) == ("GET", 200, "127.0.0.1")
    assert first["request_id"] == request_id
    assert first["ms"] >= 0
    assert (second["route"], second["status"]) == ("unmatched", 404)


async def _until(log: list[bytes], lines: int) -> None:
    async with asyncio.timeout(5):
        while b"".join(log).count(b"\n") < lines:
            await asyncio.sleep(0.02)
