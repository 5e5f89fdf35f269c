from __future__ import annotations

import re

import pytest

from tests.api import database
from tests.api.client import ApiClient
from tests.api.conftest import NewUser, StartServer, register, sign_in
from tests.api.diary import write_entry, write_journal

OUTSIDE = "This access token may not do this"


async def make(owner: ApiClient, *scopes: str, **more: object) -> ApiClient:
    answer = await owner.post("/tokens", {"name": "script", "scopes": list(scopes), **more})
    assert answer.status == 201, answer.json
    return owner.with_token(answer.json["token"])


async def test_a_token_reads_its_owners_diary_and_writes_nothing(new_user: NewUser) -> None:
    person, other = await new_user(), await new_user()
    entry = await write_entry(person, await write_journal(person))
    token = await make(person, "entries:read")
    foreign = await make(other, "entries:read")
    assert (await token.get(f"/entries/{entry['id']}")).json["id"] == entry["id"]
    assert (await foreign.get(f"/entries/{entry['id']}")).status == 404
    assert (await token.delete(f"/entries/{entry['id']}")).detail == OUTSIDE
    assert (await person.get(f"/entries/{entry['id']}")).status == 200


async def test_a_token_is_shown_once_and_listed_without_its_secret(new_user: NewUser) -> None:
    person = await new_user()
    made = (await person.post("/tokens", {"name": " cron ", "scopes": ["tags:read"]})).json
    token = made.pop("token")
    assert re.fullmatch(r"jpat_[a-z2-7]{8}_[\w-]{43}_[0-9a-f]{8}", token)
    assert made["name"] == "cron"
    assert token.startswith(made["starts_with"])
    assert (await person.get("/tokens")).json == [made]
    await person.with_token(token).get("/tags/")
    [used] = (await person.get("/tokens")).json
    assert used["last_used_at"] is not None


async def test_a_revoked_token_is_dead_at_once_and_only_its_owner_revokes(
    new_user: NewUser,
) -> None:
    person, other = await new_user(), await new_user()
    token = await make(person, "profile:read")
    [listed] = (await person.get("/tokens")).json
    assert (await token.get("/users/me")).status == 200
    foreign = await other.delete(f"/tokens/{listed['id']}")
    assert (foreign.status, foreign.detail) == (404, "Token not found")
    assert (await token.get("/users/me")).status == 200
    assert (await person.delete(f"/tokens/{listed['id']}")).status == 204
    dead = await token.get("/users/me")
    assert (dead.status, dead.detail) == (401, "Could not validate credentials")


async def test_a_damaged_token_is_refused_like_any_other(new_user: NewUser) -> None:
    token = (await make(await new_user(), "profile:read")).token or ""
    stranger = (await new_user()).anonymous()
    for place in range(0, len(token), 3):
        letter = "a" if token[place] != "a" else "b"
        damaged = stranger.with_token(token[:place] + letter + token[place + 1 :])
        answer = await damaged.get("/users/me")
        assert (answer.status, answer.detail) == (401, "Could not validate credentials")


@pytest.mark.parametrize(
    "body",
    [
        {"name": "x", "scopes": []},
        {"name": "x", "scopes": ["entries:*"]},
        {"name": "x", "scopes": ["tags:read"], "expires_in_days": 366},
        {"name": "x", "scopes": ["tags:read"], "expires_in_days": 0},
        {"name": " ", "scopes": ["tags:read"]},
        {"scopes": ["tags:read"]},
    ],
)
async def test_a_token_of_a_wrong_kind_is_not_made(new_user: NewUser, body: object) -> None:
    assert (await (await new_user()).post("/tokens", body)).status == 422


async def test_only_administrators_get_tokens_over_accounts(
    new_user: NewUser, admin: ApiClient
) -> None:
    body = {"name": "x", "scopes": ["admin:users"]}
    assert (await (await new_user()).post("/tokens", body)).status == 403
    token = await make(admin, "admin:users")
    assert (await token.get("/admin/users")).status == 200
    new = {"email": "made@example.org", "name": "x", "password": admin.password, "role": "admin"}
    assert (await token.post("/admin/users", new)).status == 403
    own = f"/admin/users/{admin.user['id']}"
    assert (await token.patch(own, {"password": "another-Lantern-48"})).status == 403
    assert (await token.delete(own)).status == 403


async def test_tokens_leave_nothing_usable_in_the_database(
    start_server: StartServer, client: ApiClient
) -> None:
    server = start_server()
    person = await register(ApiClient(client.session, server.url, server.contract), "a@example.org")
    answer = await person.post(
        "/tokens", {"name": "x", "scopes": ["tags:read"]}, headers={"Idempotency-Key": "once"}
    )
    secret = answer.json["token"][14:57]
    server.stop()
    assert secret not in database.dump(server)


async def test_an_old_sign_in_makes_no_token_until_the_password_is_given(
    start_server: StartServer, client: ApiClient, new_user: NewUser
) -> None:
    folder_server = start_server()
    person = await register(
        ApiClient(client.session, folder_server.url, folder_server.contract), "a@example.org"
    )
    old = "UPDATE sessions SET authenticated_at = '2020-01-01T00:00:00.000000Z'"
    database.run(folder_server, old)
    body = {"name": "x", "scopes": ["tags:read"]}
    refused = await person.post("/tokens", body)
    assert (refused.status, refused.json["error"]) == (403, "reauth-required")
    assert (await person.delete("/users/me")).json["error"] == "reauth-required"
    assert (await person.post("/auth/reauthenticate", {"password": person.password})).status == 204
    assert (await person.post("/tokens", body)).status == 201


async def test_a_new_password_from_the_administrator_ends_tokens(
    new_user: NewUser, admin: ApiClient
) -> None:
    person = await new_user()
    token = await make(person, "profile:read")
    own = f"/admin/users/{person.user['id']}"
    assert (await admin.patch(own, {"is_active": False})).status == 200
    assert (await token.get("/users/me")).status == 403
    assert (await admin.patch(own, {"is_active": True})).status == 200
    assert (await token.get("/users/me")).status == 200
    assert (await admin.patch(own, {"password": "another-Lantern-48"})).status == 200
    assert (await token.get("/users/me")).status == 401
    again = await sign_in(person.anonymous(), person.user["email"], "another-Lantern-48")
    assert (await again.get("/tokens")).json == []
