from __future__ import annotations

import asyncio
from typing import Any

import pytest
from aiohttp import ClientSession

from tests.api.client import ApiClient
from tests.api.conftest import PASSWORD, StartServer, register
from tests.api.server import ServerProcess

ONE_KEY = "the-first-key-of-this-little-server-12345"
OTHER_KEY = "the-second-key-of-this-little-server-6789"
HOST = "diary.example.org"


def account(email: str) -> dict[str, Any]:
    return {"email": email, "name": "Elizabeth", "password": PASSWORD}


def stranger(session: ClientSession, server: ServerProcess) -> ApiClient:
    return ApiClient(session, server.url, server.contract)


@pytest.mark.parametrize("attempt", range(3))
async def test_fifty_first_registrations_make_one_administrator(
    start_server: StartServer, session: ClientSession, attempt: int
) -> None:
    client = stranger(session, start_server())
    emails = [f"first-{number}@example.org" for number in range(50)]
    answers = await asyncio.gather(
        *(client.post("/auth/register", account(email)) for email in emails)
    )
    roles = [answer.json["role"] for answer in answers if answer.status == 201]
    assert {answer.status for answer in answers} <= {201, 503}
    assert roles.count("admin") == 1
    assert len(roles) > 1


async def test_with_sign_up_off_only_the_first_account_opens(
    start_server: StartServer, session: ClientSession
) -> None:
    client = stranger(session, start_server(DISABLE_SIGNUP="true"))
    first = await register(client, "first@example.org")
    assert first.user["role"] == "admin"
    second = await client.post("/auth/register", account("second@example.org"))
    assert (second.status, second.detail) == (403, "Sign up is disabled")
    assert (await first.post("/admin/users", account("second@example.org"))).status == 201


async def test_the_first_account_needs_the_setup_token_and_later_ones_do_not(
    start_server: StartServer, session: ClientSession
) -> None:
    client = stranger(session, start_server(SETUP_TOKEN="open-sesame-if-you-please"))
    body = account("first@example.org")
    for headers in ({}, {"X-Setup-Token": "wrong"}, {"X-Setup-Token": "\u00e9"}):
        assert (await client.post("/auth/register", body, headers=headers)).status == 403
    headers = {"X-Setup-Token": "open-sesame-if-you-please"}
    first = await client.post("/auth/register", body, headers=headers)
    assert first.json["role"] == "admin"
    second = await client.post("/auth/register", account("second@example.org"))
    assert second.json["role"] == "user"


@pytest.mark.parametrize(("previous", "status"), [(ONE_KEY, 200), ("", 401)])
async def test_sessions_outlive_a_new_key_while_the_old_one_is_named(
    start_server: StartServer, session: ClientSession, previous: str, status: int
) -> None:
    before = start_server(SECRET_KEY=ONE_KEY, DOMAIN_NAME=HOST)
    person = await register(stranger(session, before), "first@example.org")
    assert before.stop() == 0
    after = start_server(
        SECRET_KEY=OTHER_KEY,
        SECRET_KEY_PREVIOUS=previous,
        DOMAIN_NAME=HOST,
        JOURNIV_DATA=str(before.folder / "data"),
    )
    signed_in = stranger(session, after).with_token(person.token or "")
    assert (await signed_in.get("/users/me")).status == status


async def test_without_auth_local_passwords_are_off_and_the_server_runs(
    start_server: StartServer, session: ClientSession
) -> None:
    client = stranger(
        session, start_server(JOURNIV_PLUGINS_DISABLED="auth_local", JOURNIV_AUTH="none")
    )
    body = account("first@example.org")
    for path in ("/auth/register", "/auth/login"):
        answer = await client.post(path, body)
        assert (answer.status, answer.detail) == (403, "Password sign-in is off on this server")


async def test_guesses_at_one_account_are_slowed_down(
    start_server: StartServer, session: ClientSession
) -> None:
    server = start_server(RATE_LIMIT_ENABLED="true", RATE_LIMIT_EXEMPT_CIDRS="127.0.0.0/8")
    person = await register(stranger(session, server), "first@example.org")
    wrong = {"email": "first@example.org", "password": "a wrong guess"}
    answers = [await person.anonymous().post("/auth/login", wrong) for _ in range(6)]
    assert [answer.status for answer in answers] == [401] * 5 + [429]
    assert answers[-1].headers["Retry-After"] == "1"
    assert (await person.get("/users/me")).status == 200
