from __future__ import annotations

import asyncio
from typing import Any

from aiohttp import ClientSession

from journiv.domain.ids import new_id
from tests.api import database
from tests.api.client import ApiClient
from tests.api.conftest import PASSWORD, NewUser, StartServer, register, sign_in
from tests.api.server import ServerProcess

NEW = "another-Lantern-quite-48"
CLOSED = "Sign up is disabled"
DEAD = "This link has been used or is no longer valid"


def at(server: ServerProcess, session: ClientSession) -> ApiClient:
    return ApiClient(session, server.url, server.contract)


def guest(number: int, invite: str | None = None) -> dict[str, Any]:
    account = {"email": f"guest-{number}@example.org", "name": "Guest", "password": PASSWORD}
    return account if invite is None else {**account, "invite": invite}


async def test_an_invitation_opens_one_account_with_sign_up_off(
    start_server: StartServer, session: ClientSession
) -> None:
    server = start_server(DISABLE_SIGNUP="true")
    admin = await register(at(server, session), "a@example.org")
    made = (await admin.post("/admin/invites")).json
    assert made["url"].endswith(f"/register#{made['token']}")
    stranger = admin.anonymous()
    assert (await stranger.post("/auth/register", guest(0))).detail == CLOSED
    assert (await stranger.post("/auth/register", guest(0, "jinv_made-up"))).detail == CLOSED
    weak = await stranger.post("/auth/register", {**guest(0, made["token"]), "password": "short"})
    assert weak.status == 422
    tries = [stranger.post("/auth/register", guest(n, made["token"])) for n in range(4)]
    answers = await asyncio.gather(*tries)
    assert sorted(answer.status for answer in answers) == [201, 403, 403, 403]
    assert [one.json["role"] for one in answers if one.status == 201] == ["user"]
    assert (await admin.get("/admin/invites")).json == []


async def test_an_invitation_is_listed_without_its_token_and_can_be_withdrawn(
    start_server: StartServer, session: ClientSession
) -> None:
    server = start_server(DISABLE_SIGNUP="true")
    admin = await register(at(server, session), "a@example.org")
    made = (await admin.post("/admin/invites")).json
    [listed] = (await admin.get("/admin/invites")).json
    assert listed == {name: made[name] for name in ("id", "created_at", "expires_at")}
    assert (await admin.delete(f"/admin/invites/{new_id()}")).status == 404
    assert (await admin.delete(f"/admin/invites/{made['id']}")).status == 204
    late = await admin.anonymous().post("/auth/register", guest(1, made["token"]))
    assert (late.status, late.detail) == (403, CLOSED)


async def test_an_invitation_runs_out(start_server: StartServer, session: ClientSession) -> None:
    server = start_server(DISABLE_SIGNUP="true")
    admin = await register(at(server, session), "a@example.org")
    made = (await admin.post("/admin/invites")).json
    _run_out(server)
    late = await admin.anonymous().post("/auth/register", guest(1, made["token"]))
    assert (late.status, late.detail) == (403, CLOSED)


async def test_only_administrators_hand_out_links(new_user: NewUser) -> None:
    person = await new_user()
    for method, path in (
        ("GET", "/admin/invites"),
        ("POST", "/admin/invites"),
        ("DELETE", f"/admin/invites/{new_id()}"),
        ("POST", f"/admin/users/{person.user['id']}/reset-link"),
    ):
        assert (await person.request(method, path)).status == 403
        assert (await person.anonymous().request(method, path)).status == 401


async def test_a_reset_link_sets_a_password_once_and_ends_what_was_open(
    new_user: NewUser, admin: ApiClient
) -> None:
    person = await new_user()
    token = (await person.post("/tokens", {"name": "x", "scopes": ["profile:read"]})).json["token"]
    first = (await _link(admin, person)).json["token"]
    second = (await _link(admin, person)).json["token"]
    stranger = person.anonymous()
    weak = await stranger.post("/auth/reset", {"token": first, "password": "short"})
    assert (weak.status, weak.json["errors"][0]["loc"]) == (422, ["body", "password"])
    assert (await person.get("/users/me")).status == 200
    done = await stranger.post("/auth/reset", {"token": first, "password": NEW})
    assert (done.status, done.body) == (204, b"")
    for used in (first, second, "jrst_made-up"):
        again = await stranger.post("/auth/reset", {"token": used, "password": PASSWORD})
        assert (again.status, again.detail) == (400, DEAD)
    assert (await person.get("/users/me")).status == 401
    assert (await person.with_token(token).get("/users/me")).status == 401
    old = {"email": person.user["email"], "password": PASSWORD}
    assert (await stranger.post("/auth/login", old)).status == 401
    back = await sign_in(stranger, person.user["email"], NEW)
    events = [one["event"] for one in (await back.get("/users/me/audit")).json]
    assert "password.reset" in events


async def test_a_reset_link_of_somebody_switched_off_or_unknown_does_nothing(
    new_user: NewUser, admin: ApiClient
) -> None:
    person = await new_user()
    link = (await _link(admin, person)).json["token"]
    await admin.patch(f"/admin/users/{person.user['id']}", {"is_active": False})
    answer = await person.anonymous().post("/auth/reset", {"token": link, "password": NEW})
    assert (answer.status, answer.detail) == (400, DEAD)
    assert (await admin.post(f"/admin/users/{new_id()}/reset-link")).status == 404


async def test_links_leave_nothing_usable_in_the_database_and_run_out(
    start_server: StartServer, session: ClientSession
) -> None:
    server = start_server()
    admin = await register(at(server, session), "a@example.org")
    link = (await _link(admin, admin)).json["token"]
    invite = (await admin.post("/admin/invites")).json["token"]
    stored = database.dump(server)
    assert link not in stored
    assert invite not in stored
    _run_out(server)
    late = await admin.anonymous().post("/auth/reset", {"token": link, "password": NEW})
    assert (late.status, late.detail) == (400, DEAD)


async def _link(admin: ApiClient, person: ApiClient) -> Any:
    answer = await admin.post(f"/admin/users/{person.user['id']}/reset-link")
    assert answer.status == 201, answer.json
    return answer


def _run_out(server: ServerProcess) -> None:
    database.run(server, "UPDATE key_values SET expires_at = '2020-01-01T00:00:00.000000Z'")
