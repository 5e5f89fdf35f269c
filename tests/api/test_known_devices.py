from __future__ import annotations

import asyncio
from collections import Counter
from http.cookies import SimpleCookie

import pytest
from aiohttp import ClientSession

from tests.api.client import Answer, ApiClient
from tests.api.conftest import PASSWORD, StartServer, register

EMAIL = "sam@example.org"
WEB = {"X-Client": "web"}


async def knock(
    client: ApiClient, address: str, password: str = "wrong", cookie: str = ""
) -> Answer:
    """Try a password as a browser at this address."""
    headers = {**WEB, "X-Forwarded-For": address}
    if cookie:
        headers["Cookie"] = cookie
    return await client.post("/auth/login", {"email": EMAIL, "password": password}, headers=headers)


def device(answer: Answer, name: str = "jdev") -> str:
    jar: SimpleCookie = SimpleCookie()
    for header in answer.headers.getall("Set-Cookie"):
        jar.load(header)
    return f"{name}={jar[name].value}"


@pytest.fixture
async def guarded(start_server: StartServer, session: ClientSession) -> ApiClient:
    """A stranger at a server with limits, behind a proxy, that has one account."""
    server = start_server(RATE_LIMIT_ENABLED="true", TRUSTED_PROXIES="127.0.0.1")
    stranger = ApiClient(session, server.url, server.contract)
    await register(stranger, EMAIL)
    return stranger


async def test_RL_3_200_guesses_from_200_addresses_are_not_checked_and_the_owner_enters(
    guarded: ApiClient,
) -> None:
    entered = await knock(guarded, "203.0.113.1", PASSWORD)
    assert entered.status == 200
    guesses = (knock(guarded, f"198.51.100.{number}") for number in range(200))
    statuses = Counter(answer.status for answer in await asyncio.gather(*guesses))
    assert statuses[401] <= 20
    assert statuses[401] + statuses[429] == 200
    stranger = await knock(guarded, "203.0.113.2", PASSWORD)
    assert (stranger.status, int(stranger.headers["Retry-After"]) > 0) == (429, True)
    owner = await knock(guarded, "203.0.113.3", PASSWORD, device(entered))
    assert owner.status == 200


async def test_a_forged_device_is_a_stranger(guarded: ApiClient) -> None:
    cookie = device(await knock(guarded, "203.0.113.1", PASSWORD))
    for number in range(6):
        await knock(guarded, f"198.51.100.{number}")
    forged = cookie[:-4] + ("AAAA" if cookie[-4:] != "AAAA" else "BBBB")
    assert (await knock(guarded, "203.0.113.1", PASSWORD, forged)).status == 429


async def test_the_cookie_is_out_of_reach_and_only_for_web_clients(
    start_server: StartServer, session: ClientSession
) -> None:
    server = start_server(DOMAIN_SCHEME="https", DOMAIN_NAME="journal.example.org")
    client = ApiClient(session, server.url, server.contract)
    await register(client, EMAIL)
    answer = await knock(client, "")
    assert "Set-Cookie" not in answer.headers
    answer = await knock(client, "", PASSWORD)
    [header] = [
        one for one in answer.headers.getall("Set-Cookie") if one.startswith("__Host-jdev=")
    ]
    parts = header.split("; ")[1:]
    assert parts == ["Max-Age=15552000", "Path=/", "HttpOnly", "SameSite=Strict", "Secure"]
    refresh = [one for one in answer.headers.getall("Set-Cookie") if "jrt=" in one]
    assert len(refresh) == 1
    plain = await client.post("/auth/login", {"email": EMAIL, "password": PASSWORD})
    assert (plain.status, "Set-Cookie" in plain.headers) == (200, False)


async def test_strangers_guesses_do_not_hold_up_who_confirms_a_session(
    guarded: ApiClient,
) -> None:
    entered = await knock(guarded, "203.0.113.1", PASSWORD)
    person = guarded.with_token(entered.json["access_token"])
    for number in range(6):
        await knock(guarded, f"198.51.100.{number}")
    from_home = {"X-Forwarded-For": "203.0.113.1"}
    right = await person.post("/auth/reauthenticate", {"password": PASSWORD}, headers=from_home)
    assert right.status == 204
    for _ in range(5):
        body = {"password": "wrong"}
        assert (await person.post("/auth/reauthenticate", body, headers=from_home)).status == 400
    limited = await person.post("/auth/reauthenticate", {"password": PASSWORD}, headers=from_home)
    assert limited.status == 429
