from __future__ import annotations

from typing import Any

import pytest
from aiohttp import ClientSession

from journiv.domain.ids import new_id
from tests.api.client import ApiClient
from tests.api.conftest import PASSWORD, NewUser, StartServer, register, sign_in

NEW = "another-Lantern-quite-47"
LAST = "Cannot {} the last admin user. At least one admin must exist."


async def test_only_administrators_come_in(client: ApiClient, new_user: NewUser) -> None:
    person = await new_user()
    path = f"/admin/users/{person.user['id']}"
    for method, where in (
        ("GET", "/admin/users"),
        ("POST", "/admin/users"),
        ("PATCH", path),
        ("DELETE", path),
    ):
        refused = await person.request(method, where, json={})
        assert (refused.status, refused.detail) == (403, "Admin access required")
        assert (await client.request(method, where, json={})).status == 401


async def test_accounts_are_listed_newest_first(admin: ApiClient, new_user: NewUser) -> None:
    people = [await new_user() for _ in range(3)]
    page = (await admin.get("/admin/users?limit=3")).json
    assert [one["id"] for one in page] == [one.user["id"] for one in reversed(people)]
    assert (page[0]["login_type"], page[0]["linked_providers"]) == ("local", ["local"])
    second = (await admin.get("/admin/users?limit=1&offset=1")).json
    assert second == [page[1]]


@pytest.mark.parametrize("query", ["limit=0", "limit=1001", "offset=-1", "limit=x"])
async def test_pages_have_bounds(admin: ApiClient, query: str) -> None:
    assert (await admin.get(f"/admin/users?{query}")).status == 422


async def test_an_administrator_opens_accounts(admin: ApiClient, client: ApiClient) -> None:
    body = {"email": "Made@example.org", "name": "Made", "password": PASSWORD, "role": "admin"}
    made = await admin.post("/admin/users", body)
    assert (made.status, made.json["role"]) == (201, "admin")
    again = await admin.post("/admin/users", body)
    assert (again.status, again.detail) == (400, "Email already registered")
    person = await sign_in(client, "made@example.org")
    assert (await person.get("/admin/users?limit=1")).status == 200
    assert (await admin.delete(f"/admin/users/{made.json['id']}")).status == 200


async def test_password_rules_hold_for_administrators_too(
    admin: ApiClient, new_user: NewUser
) -> None:
    body = {"email": "weak@example.org", "name": "Weak", "password": "iloveyou"}
    assert (await admin.post("/admin/users", body)).status == 422
    person = await new_user()
    path = f"/admin/users/{person.user['id']}"
    assert (await admin.patch(path, {"password": "short77"})).status == 422


async def test_an_empty_change_changes_nothing(admin: ApiClient, new_user: NewUser) -> None:
    person = await new_user()
    before = (await person.get("/users/me")).json
    answer = await admin.patch(f"/admin/users/{person.user['id']}", {})
    assert (answer.status, answer.json) == (200, before)


async def test_name_and_address_change_and_the_new_address_signs_in(
    admin: ApiClient, new_user: NewUser
) -> None:
    person = await new_user()
    email = f"Renamed-{person.user['id'][-6:]}@example.org"
    path = f"/admin/users/{person.user['id']}"
    answer = await admin.patch(path, {"name": "Renamed", "email": email})
    assert (answer.json["name"], answer.json["email"]) == ("Renamed", email.lower())
    assert (await sign_in(person.anonymous(), email)).user["id"] == person.user["id"]
    stale = {"email": person.user["email"], "password": person.password}
    assert (await person.anonymous().post("/auth/login", stale)).status == 401


async def test_a_taken_address_is_refused_and_nothing_changes(
    admin: ApiClient, new_user: NewUser
) -> None:
    one, other = await new_user(), await new_user()
    changes = {"email": other.user["email"], "name": "Thief"}
    answer = await admin.patch(f"/admin/users/{one.user['id']}", changes)
    assert (answer.status, answer.detail) == (400, "Email already registered")
    assert (await one.get("/users/me")).json["name"] != "Thief"


async def test_a_switched_off_account_is_out_at_once(admin: ApiClient, new_user: NewUser) -> None:
    person = await new_user()
    credentials = {"email": person.user["email"], "password": person.password}
    tokens = (await person.anonymous().post("/auth/login", credentials)).json
    path = f"/admin/users/{person.user['id']}"
    assert (await admin.patch(path, {"is_active": False})).json["is_active"] is False
    answer = await person.get("/users/me")
    assert (answer.status, answer.detail) == (403, "User account is inactive")
    renewed = await person.anonymous().post(
        "/auth/refresh", {"refresh_token": tokens["refresh_token"]}
    )
    assert renewed.status == 401
    right = await person.anonymous().post("/auth/login", credentials)
    assert (right.status, right.detail) == (401, "User account is inactive")
    wrong = await person.anonymous().post("/auth/login", {**credentials, "password": "wrong"})
    assert (wrong.status, wrong.detail) == (401, "Incorrect email or password")
    assert (await admin.patch(path, {"is_active": True})).status == 200
    assert (await person.get("/users/me")).status == 401
    assert (await sign_in(person.anonymous(), person.user["email"])).token


async def test_a_role_counts_from_the_next_request_on(admin: ApiClient, new_user: NewUser) -> None:
    person = await new_user()
    path = f"/admin/users/{person.user['id']}"
    await admin.patch(path, {"role": "admin"})
    assert (await person.get("/admin/users?limit=1")).status == 200
    await admin.patch(path, {"role": "user"})
    assert (await person.get("/admin/users?limit=1")).status == 403


async def test_a_password_set_by_an_administrator_ends_every_session(
    admin: ApiClient, new_user: NewUser
) -> None:
    person = await new_user()
    await admin.patch(f"/admin/users/{person.user['id']}", {"password": NEW})
    assert (await person.get("/users/me")).status == 401
    assert (await sign_in(person.anonymous(), person.user["email"], NEW)).token


async def test_a_deleted_account_is_named_and_gone(admin: ApiClient, new_user: NewUser) -> None:
    person = await new_user()
    path = f"/admin/users/{person.user['id']}"
    answer = await admin.delete(path)
    assert answer.json["message"] == "User deleted successfully"
    assert person.user["email"] in answer.json["detail"]
    assert (await person.get("/users/me")).status == 401
    for gone in (await admin.delete(path), await admin.patch(path, {})):
        assert (gone.status, gone.detail) == (404, "User not found")


@pytest.mark.parametrize("user_id", ["me", "1", "0195a1b2"])
async def test_a_malformed_id_is_refused(admin: ApiClient, user_id: str) -> None:
    assert (await admin.patch(f"/admin/users/{user_id}", {})).status == 422


async def test_an_unknown_id_is_not_found(admin: ApiClient) -> None:
    assert (await admin.delete(f"/admin/users/{new_id()}")).status == 404


@pytest.mark.parametrize(
    "changes",
    [{"role": None}, {"is_active": None}, {"role": "owner"}, {"name": " "}, {"email": "nobody"}],
)
async def test_refused_changes(
    admin: ApiClient, new_user: NewUser, changes: dict[str, Any]
) -> None:
    person = await new_user()
    assert (await admin.patch(f"/admin/users/{person.user['id']}", changes)).status == 422


async def test_the_last_administrator_stays(
    start_server: StartServer, session: ClientSession
) -> None:
    server = start_server()
    first = await register(ApiClient(session, server.url, server.contract), "a@example.org")
    await register(first.anonymous(), "b@example.org")
    path = f"/admin/users/{first.user['id']}"
    demoted = await first.patch(path, {"role": "user"})
    switched_off = await first.patch(path, {"is_active": False})
    deleted, left = await first.delete(path), await first.delete("/users/me")
    found = [(one.status, one.detail) for one in (demoted, switched_off, deleted, left)]
    verbs = ("demote", "deactivate", "delete", "delete")
    assert found == [(400, LAST.format(verb)) for verb in verbs]
    me = (await first.get("/users/me")).json
    assert (me["role"], me["is_active"]) == ("admin", True)
