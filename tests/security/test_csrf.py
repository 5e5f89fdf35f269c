"""§4.1 CSR: what another site's page can do with somebody's browser."""

from __future__ import annotations

import re
from http.cookies import SimpleCookie

import pytest
from aiohttp import ClientSession

from tests.api.client import ApiClient
from tests.api.conftest import PASSWORD, StartServer, register
from tests.api.server import ServerProcess
from tests.security.raw import Raw, ask

REFRESH, LOGOUT = "/api/v1/auth/refresh", "/api/v1/auth/logout"
JSON = "Content-Type: application/json"
WEB = "X-Journiv-Client: pwa"
FORMS = {
    "urlencoded": ("application/x-www-form-urlencoded", b"refresh_token=x"),
    "multipart": (
        "multipart/form-data; boundary=b",
        b'--b\r\nContent-Disposition: form-data; name="refresh_token"\r\n\r\nx\r\n--b--\r\n',
    ),
    "text": ("text/plain", b"{}"),
    "text that is JSON": ("text/plain; charset=application/json", b"{}"),
}


@pytest.fixture
async def kept(alice: ApiClient) -> str:
    """The cookie a web client of A's has, as it is sent."""
    body = {"email": alice.user["email"], "password": alice.password}
    answer = await alice.anonymous().post("/auth/login", body, headers={"X-Client": "web"})
    assert answer.status == 200
    return f"Cookie: {answer.headers['Set-Cookie'].partition(';')[0]}"


async def refresh(server: ServerProcess, *headers: str) -> Raw:
    return await ask(server, "POST", REFRESH, JSON, *headers, body=b"{}")


@pytest.mark.parametrize("form", FORMS)
async def test_CSR_1_a_form_of_another_site_changes_nothing(
    server: ServerProcess, kept: str, form: str
) -> None:
    kind, body = FORMS[form]
    sent = (f"Content-Type: {kind}", "Origin: https://evil.net", kept)
    for path, refused in ((REFRESH, (403, 415)), (LOGOUT, (401,))):
        for headers in (sent, (*sent, WEB)):
            answer = await ask(server, "POST", path, *headers, body=body)
            assert answer.status in refused, answer.body
            assert answer.header("Set-Cookie") is None
    assert (await refresh(server, kept, WEB)).status == 200


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        (("Sec-Fetch-Site: cross-site",), 403),
        (("Sec-Fetch-Site: same-site",), 403),
        (("Sec-Fetch-Site: none",), 403),
        (("Sec-Fetch-Site: same-origin", "Origin: https://evil.net"), 403),
        (("Origin: https://evil.net",), 403),
        (("Origin: null",), 403),
        (("Origin: {own}.evil.net",), 403),
        (("Origin: {own}",), 200),
        (("Origin: {own}", "Sec-Fetch-Site: same-origin"), 200),
        (("Sec-Fetch-Site: same-origin",), 200),
        ((), 200),
    ],
)
async def test_CSR_2_where_a_request_comes_from_decides(
    server: ServerProcess, kept: str, headers: tuple[str, ...], status: int
) -> None:
    own = f"http://127.0.0.1:{server.port}"
    sent = [header.format(own=own) for header in headers]
    answer = await refresh(server, kept, WEB, f"Host: 127.0.0.1:{server.port}", *sent)
    assert answer.status == status, answer.body


async def test_CSR_2_without_the_clients_own_header_the_cookie_is_not_used(
    server: ServerProcess, kept: str
) -> None:
    assert (await refresh(server, kept)).status == 403


async def test_CSR_3_a_cookie_alone_opens_no_data(server: ServerProcess, kept: str) -> None:
    value = kept.partition("=")[2]
    access = (await refresh(server, kept, WEB)).json["access_token"]
    cookies = (kept, f"Cookie: access_token={access}; jrt={value}; session={access}")
    document = server.get("/api/v1/openapi.json")
    guarded = [
        (method.upper(), path)
        for path, known in document["paths"].items()
        for method, told in known.items()
        if method in ("get", "post", "put", "patch", "delete") and told.get("security")
    ]
    assert len(guarded) > 60
    for method, path in guarded:
        target = re.sub(r"{(\w+)}", "1", path)
        for cookie in cookies:
            answer = await ask(server, method, target, cookie, WEB, JSON, body=b"{}")
            assert answer.status == 401, (method, path)


@pytest.mark.parametrize(
    ("scheme", "prefix", "secure"), [("https", "__Host-", True), ("http", "", "")]
)
async def test_CSR_4_the_flags_of_the_cookies_are_exact(
    start_server: StartServer,
    session: ClientSession,
    scheme: str,
    prefix: str,
    secure: bool | str,
) -> None:
    server = start_server(DOMAIN_NAME="diary.example.org", DOMAIN_SCHEME=scheme)
    person = await register(ApiClient(session, server.url, server.contract), "a@example.org")
    body = {"email": "a@example.org", "password": PASSWORD}
    answer = await person.anonymous().post("/auth/login", body, headers={"X-Client": "web"})
    assert answer.json["refresh_token"] is None
    jar = SimpleCookie("\r\n".join(answer.headers.getall("Set-Cookie")))
    assert set(jar) == {f"{prefix}jrt", f"{prefix}jdev"}
    for kept in jar.values():
        assert (kept["secure"], kept["httponly"], kept["samesite"]) == (secure, True, "Strict")
        assert (kept["path"], kept["domain"]) == ("/", "")
        assert int(kept["max-age"]) > 0
