"""Refresh tokens (security.md §4.3, TOK): families, their grace, their end."""

from __future__ import annotations

import asyncio

import pytest
from aiohttp import ClientSession

from tests.api.client import ApiClient
from tests.api.conftest import NewUser, StartServer
from tests.api.server import ServerProcess
from tests.security.stages import (
    DAY,
    dump,
    later,
    log_in,
    people_at,
    refresh,
    renewed,
    rows,
    status_of,
)

INVALID = (401, "Could not validate credentials")
STRICT = {"REFRESH_ROTATION": "strict"}
AT_ONCE = 20


@pytest.fixture
def strict(start_server: StartServer) -> ServerProcess:
    return start_server(**STRICT)


@pytest.fixture
async def owner(strict: ServerProcess, session: ClientSession) -> ApiClient:
    [person] = await people_at(strict, session, "a")
    return person


async def test_TOK_1_every_refresh_gives_new_tokens(owner: ApiClient) -> None:
    first = await log_in(owner)
    answer = await refresh(owner, first["refresh_token"])
    assert answer.json["refresh_token"] != first["refresh_token"]
    assert answer.json["access_token"] != first["access_token"]
    assert await status_of(owner, answer.json["access_token"]) == 200


async def test_TOK_1_the_old_token_after_the_grace_ends_the_family(
    strict: ServerProcess, owner: ApiClient
) -> None:
    first = await log_in(owner)
    second = await refresh(owner, first["refresh_token"])
    await asyncio.to_thread(later, strict, 11)
    replayed = await refresh(owner, first["refresh_token"])
    assert (replayed.status, replayed.detail) == INVALID
    assert (await refresh(owner, second.json["refresh_token"])).status == 401
    assert await status_of(owner, second.json["access_token"]) == 401
    [event] = [one for one in (await owner.get("/users/me/audit")).json if "reuse" in one["event"]]
    assert event["event"] == "token.reuse"


async def test_TOK_2_within_the_grace_the_predecessor_gives_the_same_successor(
    strict: ServerProcess, owner: ApiClient
) -> None:
    first = (await log_in(owner))["refresh_token"]
    second = await renewed(owner, first)
    assert await renewed(owner, first) == second
    await asyncio.to_thread(later, strict, 5)
    assert await renewed(owner, first) == second
    assert await renewed(owner, second) != second


async def test_TOK_2_the_last_but_one_ends_the_family(owner: ApiClient) -> None:
    first = (await log_in(owner))["refresh_token"]
    third = await renewed(owner, await renewed(owner, first))
    assert (await refresh(owner, first)).status == 401
    assert (await refresh(owner, third)).status == 401


async def test_TOK_2_the_grace_does_not_repeat_without_end(
    strict: ServerProcess, owner: ApiClient
) -> None:
    first = (await log_in(owner))["refresh_token"]
    second = await renewed(owner, first)
    await asyncio.to_thread(later, strict, 4)
    for _ in range(5):
        assert await renewed(owner, first) == second
    assert (await refresh(owner, first)).status == 401
    assert (await refresh(owner, second)).status == 401


async def test_TOK_3_twenty_refreshes_at_once_rotate_once(
    strict: ServerProcess, owner: ApiClient
) -> None:
    first = (await log_in(owner))["refresh_token"]
    answers = await asyncio.gather(*(refresh(owner, first) for _ in range(AT_ONCE)))
    assert [answer.status for answer in answers] == [200] * AT_ONCE
    [successor] = {answer.json["refresh_token"] for answer in answers}
    assert successor != first
    statement = "SELECT generation FROM sessions WHERE id = ?"
    assert rows(strict, statement, first.split(".")[1]) == [(1,)]
    await renewed(owner, successor)


async def test_TOK_4_a_client_that_never_rotates_works_and_can_be_revoked(
    new_user: NewUser,
) -> None:
    person = await new_user()
    first = await log_in(person)
    for _ in range(10):
        await renewed(person, first["refresh_token"])
    [mine] = [
        one["id"]
        for one in (await person.with_token(first["access_token"]).get("/sessions")).json
        if one["is_current"]
    ]
    assert (await person.delete(f"/sessions/{mine}")).status == 204
    assert (await refresh(person, first["refresh_token"])).status == 401


async def test_TOK_4_a_client_that_once_rotated_must_go_on(new_user: NewUser) -> None:
    person = await new_user()
    first = (await log_in(person))["refresh_token"]
    second = await renewed(person, first)
    assert await renewed(person, first) == second
    third = await renewed(person, second)
    assert third not in (first, second)
    assert (await refresh(person, first)).status == 401
    assert (await refresh(person, third)).status == 401


@pytest.mark.parametrize("mode", ["strict", "adaptive"])
async def test_TOK_5_a_session_unused_for_seven_days_is_over(
    start_server: StartServer, session: ClientSession, mode: str
) -> None:
    server = start_server(REFRESH_ROTATION=mode)
    [person] = await people_at(server, session, "a")
    used, unused = [(await log_in(person))["refresh_token"] for _ in range(2)]
    await asyncio.to_thread(later, server, 6 * DAY)
    used = await renewed(person, await renewed(person, used))  # twice: strict from now on
    await asyncio.to_thread(later, server, 8 * DAY)
    assert (await refresh(person, unused)).status == 401
    await renewed(person, used)


async def test_TOK_5_a_session_ends_after_thirty_days_however_much_it_is_used(
    strict: ServerProcess, owner: ApiClient
) -> None:
    token = (await log_in(owner))["refresh_token"]
    for day in (6, 12, 18, 24, 29):
        await asyncio.to_thread(later, strict, day * DAY)
        token = await renewed(owner, token)
    await asyncio.to_thread(later, strict, 31 * DAY)
    assert (await refresh(owner, token)).status == 401


async def test_TOK_6_the_database_holds_no_usable_token(
    start_server: StartServer, session: ClientSession
) -> None:
    server = start_server()
    admin, _ = await people_at(server, session, "a", "b")
    tokens = await log_in(admin)
    refreshed = (await refresh(admin, tokens["refresh_token"])).json
    kind = {"name": "x", "scopes": ["tags:read"]}
    reset = await admin.post(f"/admin/users/{admin.user['id']}/reset-link")
    secrets = [
        tokens["access_token"].rpartition(".")[2],
        tokens["refresh_token"].rpartition(".")[2],
        refreshed["access_token"].rpartition(".")[2],
        refreshed["refresh_token"].rpartition(".")[2],
        (await admin.post("/tokens", kind)).json["token"][14:57],
        (await admin.post("/admin/invites", {})).json["token"].split("_", 1)[1],
        reset.json["token"].split("_", 1)[1],
    ]
    server.stop()
    kept = dump(server)
    assert [secret for secret in secrets if secret in kept] == []
    files = [path.read_bytes() for path in server.folder.rglob("data/**/*") if path.is_file()]
    assert not any(secret.encode() in data for data in files for secret in secrets)
