from __future__ import annotations

from typing import Any

from aiohttp import ClientSession

from tests.api.client import ApiClient
from tests.api.conftest import PASSWORD, StartServer, register
from tests.api.server import ServerProcess


def account(email: str) -> dict[str, Any]:
    return {"email": email, "name": "Elizabeth", "password": PASSWORD}


def stranger(session: ClientSession, server: ServerProcess) -> ApiClient:
    return ApiClient(session, server.url, server.contract)


async def test_with_sign_up_off_only_the_first_account_opens(
    start_server: StartServer, session: ClientSession
) -> None:
    client = stranger(session, start_server(DISABLE_SIGNUP="true"))
    first = await register(client, "first@example.org")
    assert first.user["role"] == "admin"
    second = await client.post("/auth/register", account("second@example.org"))
    assert (second.status, second.detail) == (403, "Sign up is disabled")
    assert (await first.post("/admin/users", account("second@example.org"))).status == 201


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
