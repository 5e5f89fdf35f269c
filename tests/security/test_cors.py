"""§4.1 COR: which pages of other origins may call the API."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.api.conftest import StartServer
from tests.api.server import ServerProcess
from tests.security.raw import Raw, ask

LISTED = "https://app.example.org"
ALSO = "https://diary.example.net:8443"
PATHS = ("/api/v1/health", "/api/v1/users/me", "/api/v1/nope")
PREFLIGHT = (
    "Access-Control-Request-Method: POST",
    "Access-Control-Request-Headers: authorization,content-type",
)


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServerProcess]:
    """A server that two other origins may call."""
    settings = {"ENABLE_CORS": "true", "CORS_ORIGINS": f"{LISTED},{ALSO}"}
    process = ServerProcess(tmp_path_factory.mktemp("shared"), settings)
    process.start()
    yield process
    assert process.stop() == 0, process.log.read_text(errors="replace")


async def preflight(server: ServerProcess, origin: str) -> Raw:
    return await ask(server, "OPTIONS", "/api/v1/auth/login", f"Origin: {origin}", *PREFLIGHT)


def cors(answer: Raw) -> dict[str, str]:
    return {name: value for name, value in answer.headers if name.startswith("access-control-")}


async def test_COR_1_without_a_setting_nobody_is_allowed(server: ServerProcess) -> None:
    for path in PATHS:
        assert cors(await ask(server, "GET", path, f"Origin: {LISTED}")) == {}
    assert cors(await preflight(server, LISTED)) == {}


@pytest.mark.parametrize("origin", [LISTED, ALSO])
async def test_COR_2_a_listed_origin_is_allowed_errors_included(
    shared: ServerProcess, origin: str
) -> None:
    for path in PATHS:
        answer = await ask(shared, "GET", path, f"Origin: {origin}")
        assert answer.header("Access-Control-Allow-Origin") == origin
        assert "Origin" in (answer.header("Vary") or "")
    asked = await preflight(shared, origin)
    assert asked.status in (200, 204)
    assert asked.header("Access-Control-Allow-Origin") == origin
    assert asked.header("Access-Control-Allow-Methods") == "POST"
    assert asked.header("Access-Control-Max-Age") == "600"


@pytest.mark.parametrize(
    "origin",
    [
        "http://app.example.org",
        "https://app.example.org.evil.net",
        "https://evil-app.example.org",
        "https://app.example.or",
        "https://example.org",
        "https://app.example.org:444",
        "https://app.example.org/",
        "https://APP.example.org.",
        "https://diary.example.net",
        "null",
        "*",
        f"{LISTED}, {ALSO}",
    ],
)
async def test_COR_3_a_lookalike_gets_no_header_at_all(shared: ServerProcess, origin: str) -> None:
    for path in PATHS:
        answer = await ask(shared, "GET", path, f"Origin: {origin}")
        assert cors(answer) == {}
        assert answer.header("Vary") == "Origin"
    assert cors(await preflight(shared, origin)) == {}


@pytest.mark.parametrize(
    "origins", ["*", "null", "https://*.example.org", "https://app.example.org/path", "example.org"]
)
async def test_COR_4_a_wildcard_and_what_is_no_origin_refuse_the_start(
    start_server: StartServer, origins: str
) -> None:
    with pytest.raises(AssertionError, match="CORS_ORIGINS"):
        start_server(ENABLE_CORS="true", CORS_ORIGINS=origins)


async def test_COR_5_credentials_are_allowed_only_when_they_are_set(
    shared: ServerProcess, start_server: StartServer
) -> None:
    for answer in (
        await ask(shared, "GET", PATHS[0], f"Origin: {LISTED}"),
        await preflight(shared, LISTED),
    ):
        assert answer.header("Access-Control-Allow-Credentials") is None
    trusting = start_server(ENABLE_CORS="true", CORS_ORIGINS=LISTED, CORS_CREDENTIALS="true")
    answer = await ask(trusting, "GET", PATHS[0], f"Origin: {LISTED}")
    assert answer.header("Access-Control-Allow-Credentials") == "true"
    assert answer.header("Access-Control-Allow-Origin") == LISTED
    assert cors(await ask(trusting, "GET", PATHS[0], "Origin: https://evil.net")) == {}
