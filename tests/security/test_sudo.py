"""Acts that need a recent sign-in (security.md §4.3, SUD)."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

import pytest
from aiohttp import ClientSession

from journiv.domain.ids import new_id
from tests.api.client import ApiClient
from tests.api.conftest import StartServer
from tests.security.stages import MINUTE, later, log_in, people_at, refresh

NEW = "another-Lantern-quite-48"

# Name, method, path, body. `{other}` is another account, `{invite}` an open invitation.
# There is no export over HTTP yet; where a mail address changes, only an administrator can.
SENSITIVE = (
    ("make a token", "POST", "/tokens", {"name": "x", "scopes": ["tags:read"]}),
    ("begin a second factor", "POST", "/users/me/totp", None),
    ("confirm a second factor", "POST", "/users/me/totp/confirm", {"code": "000000"}),
    ("drop a second factor", "POST", "/users/me/totp/disable", {"code": "000000"}),
    ("invite", "POST", "/admin/invites", {}),
    ("make a reset link", "POST", "/admin/users/{other}/reset-link", None),
    ("change a mail address", "PATCH", "/admin/users/{other}", {"email": "new@example.org"}),
    ("grant a role", "PATCH", "/admin/users/{other}", {"role": "admin"}),
    ("set a password", "PATCH", "/admin/users/{other}", {"password": NEW}),
    ("make an administrator", "POST", "/admin/users",
     {"email": "x@example.org", "name": "X", "password": NEW, "role": "admin"}),
    ("delete an account", "DELETE", "/admin/users/{other}", None),
    ("delete one's account", "DELETE", "/users/me", None),
)  # fmt: skip


@dataclass
class Stale:
    """An administrator who signed in eleven minutes ago, and somebody else's account."""

    admin: ApiClient
    other: ApiClient
    refresh_token: str

    async def attempt(self, method: str, path: str, body: object) -> tuple[int, str]:
        where = path.format(other=self.other.user["id"])
        answer = await self.admin.request(method, where, json=body)
        error = answer.json.get("error", "") if answer.status >= 400 else ""
        return answer.status, error


@pytest.fixture
async def stale(start_server: StartServer, session: ClientSession) -> Stale:
    server = start_server()
    admin, second, other = await people_at(server, session, "a", "b", "c")
    path = f"/admin/users/{second.user['id']}"
    assert (await admin.patch(path, {"role": "admin"})).status == 200
    tokens = await log_in(admin)
    admin.token = tokens["access_token"]
    await asyncio.to_thread(later, server, 11 * MINUTE)
    return Stale(admin, other, tokens["refresh_token"])


async def test_SUD_1_an_old_sign_in_does_nothing_that_is_sensitive(stale: Stale) -> None:
    before = (await stale.admin.get("/admin/users")).json
    for name, method, path, body in SENSITIVE:
        refused = await stale.attempt(method, path, body)
        assert refused == (403, "reauth-required"), name
    assert (await stale.admin.get("/admin/users")).json == before
    assert (await stale.admin.get("/users/me/totp")).json["is_on"] is False
    assert (await stale.admin.get("/tokens")).json == []


async def test_SUD_1_what_is_not_sensitive_goes_on(stale: Stale) -> None:
    assert (await stale.admin.get("/users/me")).status == 200
    assert (await stale.admin.post("/journals/", {"title": "Diary"})).status == 201
    path = f"/admin/users/{stale.other.user['id']}"
    assert (await stale.admin.patch(path, {"name": "Renamed"})).status == 200


async def test_SUD_1_neither_a_refresh_nor_another_sign_in_is_a_proof(stale: Stale) -> None:
    await log_in(stale.admin)
    assert (await stale.attempt("POST", "/users/me/totp", None))[0] == 403
    answer = await refresh(stale.admin, stale.refresh_token)
    stale.admin.token = answer.json["access_token"]
    assert (await stale.attempt("POST", "/users/me/totp", None))[0] == 403


async def test_SUD_2_after_the_password_all_of_it_works(stale: Stale) -> None:
    wrong = {"password": "not-the-Lantern-47"}
    assert (await stale.admin.post("/auth/reauthenticate", wrong)).status == 400
    assert (await stale.attempt(*SENSITIVE[0][1:]))[0] == 403
    proof = {"password": stale.admin.password}
    assert (await stale.admin.post("/auth/reauthenticate", proof)).status == 204
    for name, method, path, body in SENSITIVE:
        status, error = await stale.attempt(method, path, body)
        assert (status < 400) or (status == 400 and "factor" in name), (name, status, error)
        assert error != "reauth-required", name


async def test_SUD_2_the_proof_counts_for_that_session_alone(stale: Stale) -> None:
    proof = {"password": stale.admin.password}
    assert (await stale.admin.post("/auth/reauthenticate", proof)).status == 204
    assert (await stale.other.post("/users/me/totp")).status == 403


@pytest.mark.parametrize("by", ["a personal token", "nobody"])
async def test_SUD_3_without_a_session_nothing_of_it_can_be_done(admin: ApiClient, by: str) -> None:
    scopes = ["entries:write", "tags:write", "moods:write", "profile:read", "admin:users"]
    made = await admin.post("/tokens", {"name": "x", "scopes": scopes})
    token = admin.with_token(made.json["token"]) if by == "a personal token" else admin.anonymous()
    for name, method, path, body in SENSITIVE:
        answer = await token.request(method, path.format(other=new_id()), json=body)
        assert answer.status == (403 if token.token else 401), name
        assert "reauth-required" not in answer.body.decode(), name
    proof = await token.post("/auth/reauthenticate", {"password": admin.password})
    assert proof.status == (403 if token.token else 401)
