"""§4.1 HDR: what every answer carries, and what none does."""

from __future__ import annotations

import re
from collections.abc import Iterator

import orjson
import pytest

from tests.api.client import ApiClient
from tests.api.conftest import StartServer
from tests.api.server import ServerProcess
from tests.security.raw import Connection, Raw, ask
from tests.security.site import HTML, build

# Decision 24, written out: a changed constant must not change what is tested.
PAGE_CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob: data:; "
    "media-src 'self' blob:; font-src 'self'; connect-src 'self'; manifest-src 'self'; "
    "worker-src 'self'; form-action 'self'; base-uri 'none'; object-src 'none'; "
    "frame-src 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; "
    "trusted-types svelte-trusted-html journal-sw; report-to csp; "
    "report-uri /api/v1/security/csp-report"
)
API_CSP = "default-src 'none'; frame-ancestors 'none'; sandbox"
BASE = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Origin-Agent-Cluster": "?1",
    "X-Permitted-Cross-Domain-Policies": "none",
    "Permissions-Policy": (
        "accelerometer=(), autoplay=(self), camera=(self), display-capture=(), fullscreen=(self), "
        "geolocation=(self), gyroscope=(), magnetometer=(), microphone=(self), midi=(), "
        "payment=(), usb=(), browsing-topics=()"
    ),
}
NEVER = ("Server", "X-Powered-By", "X-Process-Time", "X-XSS-Protection", "X-AspNet-Version", "Via")
JSON = "Content-Type: application/json"
HOST = "Host: diary.example.org"
LOGIN = "/api/v1/auth/login"
ASSET = "/assets/app-1a2b.js"
ORIGIN = "Origin: https://app.example.org"
ASKS = "Access-Control-Request-Method"

# What is asked (method, path, headers, body), and the status it gets.
KINDS: dict[str, tuple[int, str, str, tuple[str, ...], bytes]] = {
    "page": (200, "GET", "/login", (HTML,), b""),
    "asset": (200, "GET", ASSET, (), b""),
    "retired worker": (200, "GET", "/flutter_service_worker.js", (), b""),
    "probe": (200, "GET", "/livez", (), b""),
    "public": (200, "GET", "/api/v1/instance/config", (), b""),
    "head": (200, "HEAD", "/login", (HTML,), b""),
    "bad JSON": (400, "POST", LOGIN, (JSON,), b"{"),
    "no sign-in": (401, "GET", "/api/v1/users/me", (), b""),
    "no route": (404, "GET", "/api/v1/nope", (), b""),
    "no file": (404, "GET", "/gone.js", (), b""),
    "other method": (405, "DELETE", LOGIN, (), b""),
    "trace": (405, "TRACE", "/login", (), b""),
    "too large": (413, "POST", LOGIN, (JSON,), b'"' + b"x" * 2_200_000 + b'"'),
    "no JSON": (415, "POST", LOGIN, ("Content-Type: text/xml",), b"<a/>"),
    "other host": (421, "GET", "/api/v1/health", ("Host: evil.example.com",), b""),
    "refused": (422, "POST", LOGIN, (JSON,), b"{}"),
    "not modified": (304, "GET", ASSET, ("If-None-Match: *",), b""),
    "part": (206, "GET", ASSET, ("Range: bytes=0-1",), b""),
    "other file": (412, "GET", ASSET, ('If-Match: "x"',), b""),
    "no such part": (416, "GET", ASSET, ("Range: bytes=90-",), b""),
    "expectation": (417, "GET", "/nope", ("Expect: magic",), b""),
    "preflight": (200, "OPTIONS", LOGIN, (ORIGIN, f"{ASKS}: POST"), b""),
    "foreign preflight": (403, "OPTIONS", LOGIN, ("Origin: https://a.b", f"{ASKS}: POST"), b""),
}
# What the parser refuses, which knows no application.
NO_HTTP = {
    "nonsense": b"NONSENSE\r\n\r\n",
    "HTTP/2": b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    "long header": b"GET / HTTP/1.1\r\nHost: localhost\r\nX: " + b"a" * 20_000 + b"\r\n\r\n",
    "broken chunk": b"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nZZ\r\n",
    "negative length": b"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: -1\r\n\r\n",
}


@pytest.fixture(scope="module")
def secure(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServerProcess]:
    """A server with a web app whose public address is https."""
    folder = tmp_path_factory.mktemp("secure")
    settings = {"DOMAIN_NAME": "diary.example.org", "DOMAIN_SCHEME": "https",
                "ENABLE_CORS": "true", "CORS_ORIGINS": "https://app.example.org"}  # fmt: skip
    process = ServerProcess(folder, {**settings, "JOURNIV_WEB": str(build(folder))})
    process.start()
    yield process
    assert process.stop() == 0, process.log.read_text(errors="replace")


async def kind(server: ServerProcess, name: str) -> Raw:
    status, method, path, headers, body = KINDS[name]
    answer = await ask(server, method, path, *headers, body=body)
    assert answer.status == status, answer.body
    return answer


def check_base(answer: Raw) -> None:
    assert {name: answer.header(name) for name in BASE} == BASE
    request_id = answer.header("X-Request-ID")
    assert request_id
    assert [name for name in NEVER if answer.all(name)] == []
    if answer.status >= 400 and answer.body:
        assert answer.header("Content-Type") == "application/problem+json"
        assert answer.json["request_id"] == request_id


async def test_HDR_1_the_policy_of_pages_is_exact(
    server: ServerProcess, secure: ServerProcess
) -> None:
    plain, https = await kind(server, "page"), await kind(secure, "page")
    assert plain.header("Content-Security-Policy") == PAGE_CSP
    assert https.header("Content-Security-Policy") == f"{PAGE_CSP}; upgrade-insecure-requests"
    assert https.header("Reporting-Endpoints") == 'csp="/api/v1/security/csp-report"'
    assert "unsafe" not in PAGE_CSP
    assert re.search(r"https?:|\*|\w\.\w", PAGE_CSP) is None
    for name in ("asset", "retired worker"):
        policy = (await kind(secure, name)).header("Content-Security-Policy") or ""
        assert policy.startswith(PAGE_CSP)


@pytest.mark.parametrize("name", ["public", "no sign-in", "no route", "no file", "probe"])
async def test_HDR_1_what_is_no_page_may_load_nothing(secure: ServerProcess, name: str) -> None:
    assert (await kind(secure, name)).header("Content-Security-Policy") == API_CSP


@pytest.mark.parametrize("name", KINDS)
async def test_HDR_2_https_is_insisted_on_where_there_is_https(
    server: ServerProcess, secure: ServerProcess, name: str
) -> None:
    assert (await kind(secure, name)).header("Strict-Transport-Security") == "max-age=31536000"
    _, method, path, headers, body = KINDS[name]
    plain = await ask(server, method, path, *headers, body=body)
    assert plain.header("Strict-Transport-Security") is None


async def test_HDR_2_subdomains_are_a_decision_and_preload_is_none(
    start_server: StartServer,
) -> None:
    wide = start_server(DOMAIN_SCHEME="https", HSTS_INCLUDE_SUBDOMAINS="true")
    answer = await kind(wide, "public")
    assert answer.header("Strict-Transport-Security") == "max-age=31536000; includeSubDomains"


@pytest.mark.parametrize("name", KINDS)
async def test_HDR_3_and_HDR_4_every_kind_of_answer_has_the_base_and_tells_nothing(
    secure: ServerProcess, name: str
) -> None:
    answer = await kind(secure, name)
    check_base(answer)
    sent = orjson.dumps(answer.headers).decode().lower()
    assert not [word for word in ("aiohttp", "python", "uvloop", "sqlite") if word in sent]


@pytest.mark.parametrize("name", NO_HTTP)
async def test_HDR_3_and_HDR_4_what_is_no_http_is_refused_with_the_base(
    secure: ServerProcess, name: str
) -> None:
    connection = await Connection.open(secure)
    await connection.send(NO_HTTP[name])
    answer = await connection.receive()
    await connection.close()
    assert answer.status == 400
    check_base(answer)
    assert answer.header("Strict-Transport-Security") == "max-age=31536000"


async def test_HDR_3_a_refusal_by_the_limits_has_the_base(start_server: StartServer) -> None:
    limited = start_server(RATE_LIMIT_ENABLED="true", RATE_LIMIT_PER_MINUTE="1")
    await kind(limited, "no sign-in")
    answer = await ask(limited, "GET", "/api/v1/users/me")
    assert answer.status == 429
    check_base(answer)
    assert answer.header("Cache-Control") == "no-store"


@pytest.mark.parametrize(
    "host",
    ["evil.example.com", "diary.example.org.evil.net", "diary.example.org@evil.net", "evil.net:80"],
)
@pytest.mark.parametrize("path", ["/", "/login", "/api/v1/health", "/api/v1/auth/login"])
async def test_HDR_5_a_foreign_host_gets_nothing_and_is_not_repeated(
    secure: ServerProcess, host: str, path: str
) -> None:
    answer = await ask(secure, "GET", path, HTML, f"Host: {host}")
    assert answer.status == 421
    assert b"evil" not in answer.body
    assert "evil" not in str(answer.headers)


async def test_HDR_5_a_forwarded_host_of_a_stranger_changes_nothing(secure: ServerProcess) -> None:
    forged = ("X-Forwarded-Host: evil.net", "X-Host: evil.net", "Forwarded: host=evil.net")
    answer = await ask(secure, "GET", "/login", HTML, HOST, *forged)
    assert answer.status == 200
    assert b"evil.net" not in answer.body
    assert "evil.net" not in str(answer.headers)


@pytest.mark.parametrize("name", [name for name, known in KINDS.items() if known[0] >= 400])
async def test_HDR_6_no_error_is_stored(secure: ServerProcess, name: str) -> None:
    assert (await kind(secure, name)).header("Cache-Control") == "no-store"


async def test_HDR_6_nothing_that_needs_a_sign_in_is_stored(
    server: ServerProcess, admin: ApiClient
) -> None:
    document = server.get("/api/v1/openapi.json")
    paths = [path for path, known in document["paths"].items() if "get" in known]
    asked = [path for path in paths if "{" not in path and path.startswith("/api/v1")]
    assert len(asked) > 20
    for path in asked:
        for headers in ((f"Authorization: Bearer {admin.token}",), ()):
            answer = await ask(server, "GET", path, *headers)
            assert answer.header("Cache-Control") == "no-store", path
