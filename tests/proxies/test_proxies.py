"""The product behind the proxies of its manual, with TLS (PRX-5 of the security plan)."""

from __future__ import annotations

import itertools
from io import BytesIO
from typing import Any

import orjson
from aiohttp import ClientOSError, ClientResponse, ClientSession

from tests.proxies.conftest import CLIENT, Site, client_of
from tests.proxies.processes import NAME

PASSWORD = "quill-Lantern-harbour-47"
_numbers = itertools.count(1)


async def _post(http: ClientSession, site: Site, path: str, **options: Any) -> ClientResponse:
    headers = {"X-Client": "web", "Origin": f"https://{NAME}", **options.pop("headers", {})}
    url = f"{site.proxy.url}/api/v1{path}"
    async with http.post(url, headers=headers, **options) as answer:
        await answer.read()
        return answer


async def _signed_in(http: ClientSession, site: Site) -> ClientResponse:
    account = {"email": f"person-{next(_numbers)}@example.org", "name": "S", "password": PASSWORD}
    assert (await _post(http, site, "/auth/register", json=account)).status == 201
    answer = await _post(http, site, "/auth/login", json=account)
    assert answer.status == 200, await answer.text()
    return answer


async def _token(http: ClientSession, site: Site) -> dict[str, str]:
    answer = await (await _signed_in(http, site)).json()
    return {"Authorization": f"Bearer {answer['access_token']}"}


async def _journal(http: ClientSession, site: Site, headers: dict[str, str]) -> str:
    made = await _post(http, site, "/journals/", json={"title": "Diary"}, headers=headers)
    assert made.status == 201
    journal: str = (await made.json())["id"]
    return journal


async def test_sign_in_and_refresh_by_cookie(http: ClientSession, site: Site) -> None:
    await _sign_in_and_refresh(http, site)


async def _sign_in_and_refresh(http: ClientSession, site: Site) -> None:
    answer = await _signed_in(http, site)
    cookie = answer.headers["Set-Cookie"]
    assert cookie.startswith("__Host-jrt=")
    for flag in ("HttpOnly", "Secure", "SameSite=Strict", "Path=/"):
        assert flag in cookie
    sent = {"Cookie": cookie.partition(";")[0]}
    fresh = await _post(http, site, "/auth/refresh", json={}, headers=sent)
    assert fresh.status == 200, await fresh.text()
    headers = {"Authorization": f"Bearer {(await fresh.json())['access_token']}"}
    async with http.get(f"{site.proxy.url}/api/v1/users/me", headers=headers) as me:
        assert me.status == 200
    foreign = {**sent, "Origin": "https://evil.example.com"}
    assert (await _post(http, site, "/auth/refresh", json={}, headers=foreign)).status == 403


async def test_an_entry_as_long_as_entries_may_be_passes(http: ClientSession, site: Site) -> None:
    headers = await _token(http, site)
    entry = {
        "journal_id": await _journal(http, site, headers),
        "title": "Long",
        "content": "é" * 1_000_000,
    }
    headers["Content-Type"] = "application/json"
    made = await _post(http, site, "/entries/", data=BytesIO(orjson.dumps(entry)), headers=headers)
    assert made.status == 201
    assert (await made.json())["content"] == entry["content"]


async def test_an_upload_sized_body_reaches_the_server(http: ClientSession, site: Site) -> None:
    headers = {**await _token(http, site), "Content-Type": "application/json"}
    answer = await _refused_upload(http, site, headers)
    assert answer.status == 413
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert "X-Request-ID" in answer.headers


async def _refused_upload(
    http: ClientSession, site: Site, headers: dict[str, str]
) -> ClientResponse:
    """Send too much. Who still writes when the refusal comes may lose it (RFC 9112, 9.6)."""
    for left in reversed(range(10)):
        body = BytesIO(b"x" * 40_000_000)
        try:
            return await _post(http, site, "/entries/", data=body, headers=headers)
        except ClientOSError:
            if not left:
                raise
    raise AssertionError("unreachable")


async def test_PRX_5_the_server_knows_the_client_whatever_it_claims(
    http: ClientSession, site: Site
) -> None:
    claims = ({}, {"X-Forwarded-For": "203.0.113.7"}, {"X-Forwarded-For": "unknown, 10.0.0.1"})
    for number, claim in enumerate(claims):
        request_id = f"who-{site.proxy.url[-5:]}-{number}"
        headers = {"X-Request-ID": request_id, **claim}
        async with http.get(f"{site.proxy.url}/api/v1/health", headers=headers) as answer:
            assert answer.status == 200
        assert await client_of(site.server, request_id) == CLIENT


async def test_https_is_insisted_on_over_https_only(http: ClientSession, site: Site) -> None:
    async with http.get(f"{site.proxy.url}/login") as answer:
        assert answer.status == 200
        assert answer.headers["Strict-Transport-Security"] == "max-age=31536000"
        assert answer.headers["Content-Type"].startswith("text/html")
        assert "upgrade-insecure-requests" in answer.headers["Content-Security-Policy"]
    async with http.get(f"{site.proxy.plain}/login?a=b", allow_redirects=False) as answer:
        assert answer.status in (301, 308)
        assert answer.headers["Location"].startswith(f"https://{NAME}")
        assert answer.headers["Location"].endswith("/login?a=b")
        assert "Strict-Transport-Security" not in answer.headers


async def test_unknown_paths_and_foreign_hosts_get_no_page(http: ClientSession, site: Site) -> None:
    async with http.get(f"{site.proxy.url}/api/v1/nope") as answer:
        assert answer.status == 404
        assert answer.headers["Content-Type"] == "application/problem+json"
    async with http.get(f"{site.proxy.url}/api/v1/health", headers={"Host": "evil.net"}) as answer:
        assert b"connected" not in await answer.read()


async def test_the_block_of_one_rule_works_as_it_stands(http: ClientSession, literal: Site) -> None:
    await _sign_in_and_refresh(http, literal)
    for path in ("/login", "/entry/a/b", "/oidc-finish", "/main.dart.js", "/api/v1/health"):
        async with http.get(literal.proxy.url + path) as answer:
            assert answer.status == 200
            assert answer.headers["Strict-Transport-Security"] == "max-age=31536000"
    headers = await _token(http, literal)
    await _journal(http, literal, headers)


async def test_the_block_of_one_rule_costs_addresses_and_large_bodies(
    http: ClientSession, literal: Site
) -> None:
    headers = {"X-Request-ID": "literal-client"}
    async with http.get(f"{literal.proxy.url}/api/v1/health", headers=headers) as answer:
        assert answer.status == 200
    assert await client_of(literal.server, "literal-client") == "127.0.0.1"
    answer = await _post(http, literal, "/entries/", data=BytesIO(b"x" * 2_000_000))
    assert answer.status == 413
    assert "X-Request-ID" not in answer.headers
