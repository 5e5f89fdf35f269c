from __future__ import annotations

from typing import Any

import pytest
from aiohttp import ClientSession

from journiv.contracts.routes import Access, Call, RouteDef
from tests.unit.api.conftest import Serve

APP = "https://app.example.org"
ON = {"ENABLE_CORS": "true", "CORS_ORIGINS": f"{APP}, http://localhost:5173"}


async def _handler(call: Call) -> Any:
    if call.request.method == "PUT":
        raise RuntimeError("a bug")
    return ["word " * 1000]


def _route(method: str, path: str, access: Access = Access.USER) -> RouteDef:
    return RouteDef(
        method=method, path=path, handler=_handler, access=access, summary="",
        answers={200: {"type": "list"}},
    )  # fmt: skip


ROUTES = [
    _route("GET", "/things/"),
    _route("POST", "/things/"),
    _route("GET", "/things/{thing_id}"),
    _route("DELETE", "/things/{name}"),
    _route("GET", "/open", Access.PUBLIC),
    _route("PUT", "/open", Access.PUBLIC),
]


def _preflight(method: str = "GET", origin: str = APP, headers: str = "") -> dict[str, str]:
    sent = {"Origin": origin, "Access-Control-Request-Method": method}
    return sent | ({"Access-Control-Request-Headers": headers} if headers else {})


def _cors(headers: Any) -> dict[str, str]:
    return {name: value for name, value in headers.items() if name.startswith("Access-Control-")}


@pytest.mark.parametrize("settings", [{}, {"CORS_ORIGINS": APP}])
async def test_without_the_switch_there_are_no_headers(
    serve: Serve, http: ClientSession, settings: dict[str, str]
) -> None:
    url = await serve(ROUTES, **settings)
    async with http.get(f"{url}/api/v1/open", headers={"Origin": APP}) as answer:
        assert _cors(answer.headers) == {}
        assert "Origin" not in answer.headers.get("Vary", "")
    async with http.options(f"{url}/api/v1/open", headers=_preflight()) as answer:
        assert (answer.status, _cors(answer.headers)) == (405, {})


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/api/v1/open", 200),
        ("GET", "/api/v1/things/", 401),
        ("GET", "/api/v1/nowhere", 404),
        ("POST", "/api/v1/open", 405),
        ("PUT", "/api/v1/open", 500),
    ],
)
async def test_every_answer_of_the_api_names_the_listed_origin(
    serve: Serve, http: ClientSession, method: str, path: str, status: int
) -> None:
    url = await serve(ROUTES, **ON)
    async with http.request(method, url + path, headers={"Origin": APP}) as answer:
        assert answer.status == status
        assert answer.headers["Access-Control-Allow-Origin"] == APP
        assert "Access-Control-Allow-Credentials" not in answer.headers
        assert "ETag" in answer.headers["Access-Control-Expose-Headers"]
        assert "Origin" in answer.headers["Vary"]


@pytest.mark.parametrize(
    "origin",
    [
        "https://evil.example.org",
        "http://app.example.org",
        "https://app.example.org:8443",
        "https://app.example.org.evil.net",
        "https://notapp.example.org",
        "https://example.org",
        "null",
        "*",
    ],
)
async def test_other_origins_get_no_headers_and_caches_are_told(
    serve: Serve, http: ClientSession, origin: str
) -> None:
    url = await serve(ROUTES, **ON)
    async with http.get(f"{url}/api/v1/open", headers={"Origin": origin}) as answer:
        assert (answer.status, _cors(answer.headers)) == (200, {})
        assert answer.headers["Vary"] == "Accept-Encoding, Origin"
    async with http.options(f"{url}/api/v1/open", headers=_preflight(origin=origin)) as answer:
        assert (answer.status, _cors(answer.headers)) == (403, {})
        assert answer.headers["Content-Type"] == "application/problem+json"
        assert origin not in await answer.text()


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", "/api/v1/things/"),
        ("POST", "/api/v1/things"),
        ("GET", "/api/v1/things/b1946ac9-2490-4d2f-8d1f-000000000000"),
        ("DELETE", "/api/v1/things/b1946ac9-2490-4d2f-8d1f-000000000000"),
    ],
)
async def test_a_preflight_needs_no_sign_in(
    serve: Serve, http: ClientSession, method: str, path: str
) -> None:
    url = await serve(ROUTES, **ON)
    headers = _preflight(method, headers="authorization, content-type,if-match")
    async with http.options(url + path, headers=headers) as answer:
        assert answer.status == 200
        assert answer.headers["Access-Control-Allow-Origin"] == APP
        assert answer.headers["Access-Control-Allow-Methods"] == method
        assert answer.headers["Access-Control-Max-Age"] == "600"
        assert "Origin" in answer.headers["Vary"]
        allowed = answer.headers["Access-Control-Allow-Headers"].lower().split(",")
        assert sorted(allowed) == ["authorization", "content-type", "if-match"]


@pytest.mark.parametrize(
    ("method", "path", "headers"),
    [
        ("PATCH", "/api/v1/open", ""),
        ("GET", "/api/v1/nowhere", ""),
        ("G T", "/api/v1/open", ""),
        ("GET", "/api/v1/open", "x-anything"),
    ],
)
async def test_a_preflight_for_what_does_not_exist_is_refused(
    serve: Serve, http: ClientSession, method: str, path: str, headers: str
) -> None:
    url = await serve(ROUTES, **ON)
    sent = _preflight(method, headers=headers)
    async with http.options(url + path, headers=sent) as answer:
        assert (answer.status, _cors(answer.headers)) == (403, {})


async def test_credentials_are_allowed_only_when_set(serve: Serve, http: ClientSession) -> None:
    url = await serve(ROUTES, CORS_CREDENTIALS="true", **ON)
    async with http.options(f"{url}/api/v1/open", headers=_preflight()) as answer:
        assert answer.headers["Access-Control-Allow-Credentials"] == "true"
    async with http.get(f"{url}/api/v1/open", headers={"Origin": APP}) as answer:
        assert answer.headers["Access-Control-Allow-Credentials"] == "true"


async def test_what_is_not_the_api_has_no_policy(serve: Serve, http: ClientSession) -> None:
    url = await serve(ROUTES, **ON)
    async with http.get(f"{url}/nowhere", headers={"Origin": APP}) as answer:
        assert _cors(answer.headers) == {}
