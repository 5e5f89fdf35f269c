"""Personal access tokens (security.md §4.3, PAT)."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterator, Mapping

import pytest
from aiohttp import ClientSession

from journiv.domain.ids import new_id
from tests.api.client import ApiClient
from tests.api.conftest import NewUser, StartServer
from tests.api.diary import Json
from tests.api.server import ServerProcess
from tests.security.stages import DAY, federated, later, people_at

SCOPES = (
    "entries:read", "entries:write", "moods:read", "moods:write", "tags:read", "tags:write",
    "media:read", "media:write", "profile:read", "admin:users",
)  # fmt: skip
OUTSIDE = "This access token may not do this"
INVALID = (401, "Could not validate credentials")
READING = ("GET", "HEAD")
# First match wins; what matches nothing is closed to every token.
REACH = (
    (r"/entries/{\w+}/media\b.*|/media\b.*", "media"),
    (r"/entries/{\w+}/tags\b.*|/tags\b.*", "tags"),
    (r"/(moods|mood)\b.*|/analytics/mood.*", "moods"),
    (r"/(entries|journals|trash|timeline|days|on-this-day|prompts|analytics)\b.*", "entries"),
)  # fmt: skip


def needed(method: str, path: str) -> str | None:
    """Say which scope an operation needs, by its address alone."""
    if path in ("/admin/users", "/admin/users/{user_id}"):
        return "admin:users"
    if method == "GET" and path in ("/users/me", "/users/me/settings"):
        return "profile:read"
    if path == "/media/batch-sign":
        return "media:read"  # hands out addresses, changes nothing
    for pattern, resource in REACH:
        if re.fullmatch(pattern, path):
            return f"{resource}:{'read' if method in READING else 'write'}"
    return None


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServerProcess]:
    """The server of these tests has every operation there is."""
    yield from federated(tmp_path_factory.mktemp("federated"))


@pytest.fixture(scope="module")
def signed_in() -> dict[str, ApiClient]:
    """Who signed in there."""
    return {}


async def make(owner: ApiClient, *scopes: str, **more: object) -> ApiClient:
    answer = await owner.post("/tokens", {"name": "script", "scopes": list(scopes), **more})
    assert answer.status == 201, answer.json
    return owner.with_token(answer.json["token"])


async def test_PAT_1_every_operation_is_open_to_its_scope_and_to_no_other(
    new_user: NewUser, admin: ApiClient
) -> None:
    person = await new_user()
    tokens = {scope: await make(person, scope) for scope in SCOPES if scope != "admin:users"}
    tokens["admin:users"] = await make(admin, "admin:users")
    tried = [await _try_all(tokens, *one) for one in _guarded(await _document(person))]
    assert len(tried) > 60


async def test_PAT_1_what_no_scope_opens_is_closed_to_all_of_them_together(
    admin: ApiClient,
) -> None:
    token = await make(admin, *SCOPES)
    closed = [
        (method, path)
        for method, path in _guarded(await _document(admin))
        if needed(method, path) is None
    ]
    for method, path in closed:
        answer = await token.request(method, _filled(path))
        assert answer.status == 403, (method, path)
        assert method == "HEAD" or answer.detail == OUTSIDE, (method, path)
    assert ("POST", "/tokens") in closed
    assert ("DELETE", "/users/me") in closed


async def test_PAT_1_the_scopes_are_those_the_document_names(admin: ApiClient) -> None:
    body = (await _document(admin))["components"]["schemas"]["AccessTokenCreate"]
    assert sorted(body["properties"]["scopes"]["items"]["enum"]) == sorted(SCOPES)


async def test_PAT_2_tokens_expire_on_their_day(
    start_server: StartServer, session: ClientSession
) -> None:
    server = start_server()
    [person] = await people_at(server, session, "a")
    short = await make(person, "tags:read", expires_in_days=1)
    default = await make(person, "tags:read")
    await asyncio.to_thread(later, server, DAY - 60)
    assert (await short.get("/tags/")).status == 200
    await asyncio.to_thread(later, server, DAY + 1)
    answer = await short.get("/tags/")
    assert (answer.status, answer.detail) == INVALID
    await asyncio.to_thread(later, server, 90 * DAY - 60)
    assert (await default.get("/tags/")).status == 200
    await asyncio.to_thread(later, server, 90 * DAY + 1)
    assert (await default.get("/tags/")).status == 401


async def test_PAT_2_nothing_lives_longer_than_a_year(new_user: NewUser) -> None:
    person = await new_user()
    for days in (0, -1, 366, 10**9, 1.5, "366", True, "x"):
        body = {"name": "x", "scopes": ["tags:read"], "expires_in_days": days}
        assert (await person.post("/tokens", body)).status == 422, days
    await make(person, "tags:read", expires_in_days=365)


async def test_PAT_3_a_revoked_token_is_dead_at_once_and_the_others_live(
    new_user: NewUser,
) -> None:
    person = await new_user()
    tokens = [await make(person, "profile:read") for _ in range(3)]
    for token in tokens:
        assert (await token.get("/users/me")).status == 200
    listed = (await person.get("/tokens")).json
    assert (await person.delete(f"/tokens/{listed[1]['id']}")).status == 204
    assert [(await one.get("/users/me")).status for one in tokens] == [200, 401, 200]
    assert len((await person.get("/tokens")).json) == 2


async def test_PAT_3_tokens_end_with_the_account(new_user: NewUser, admin: ApiClient) -> None:
    person = await new_user()
    token = await make(person, "profile:read")
    path = f"/admin/users/{person.user['id']}"
    assert (await admin.patch(path, {"is_active": False})).status == 200
    assert (await token.get("/users/me")).status == 403
    assert (await admin.delete(path)).status == 200
    answer = await token.get("/users/me")
    assert (answer.status, answer.detail) == INVALID


async def test_PAT_3_an_administrators_scope_ends_with_the_role(
    new_user: NewUser, admin: ApiClient
) -> None:
    person = await new_user()
    path = f"/admin/users/{person.user['id']}"
    assert (await admin.patch(path, {"role": "admin"})).status == 200
    token = await make(person, "admin:users")
    assert (await token.get("/admin/users?limit=1")).status == 200
    assert (await admin.patch(path, {"role": "user"})).status == 200
    assert (await token.get("/admin/users?limit=1")).status == 403


async def test_PAT_4_a_token_makes_no_token_and_no_session_and_proves_nobody(
    admin: ApiClient,
) -> None:
    token = await make(admin, *SCOPES)
    for method, path, body in (
        ("POST", "/tokens", {"name": "x", "scopes": ["tags:read"]}),
        ("POST", "/auth/reauthenticate", {"password": admin.password}),
        ("POST", "/auth/logout", None),
        ("GET", "/sessions", None),
        ("DELETE", "/users/me", None),
    ):
        answer = await token.request(method, path, json=body)
        assert (answer.status, answer.detail) == (403, OUTSIDE), (method, path)
    refreshed = await token.anonymous().post("/auth/refresh", {"refresh_token": token.token})
    assert (refreshed.status, refreshed.detail) == INVALID
    own = f"/admin/users/{admin.user['id']}"
    assert (await token.patch(own, {"password": "another-Lantern-48"})).status == 403
    assert (await token.delete(own)).status == 403
    assert (await admin.get("/users/me")).status == 200


async def _document(caller: ApiClient) -> Json:
    document: Json = (await caller.get("/openapi.json")).json
    return document


def _guarded(document: Json) -> Iterator[tuple[str, str]]:
    """Yield method and path of each operation that needs a sign-in."""
    for template, operations in document["paths"].items():
        for method, operation in operations.items():
            if "security" in operation:
                yield method.upper(), template.removeprefix("/api/v1")


async def _try_all(tokens: Mapping[str, ApiClient], method: str, path: str) -> None:
    right = needed(method, path)
    for scope, caller in tokens.items():
        answer = await caller.request(method, _filled(path))
        # An answer to HEAD has no words; nothing else here is refused with 403.
        closed = answer.status == 403 and (method == "HEAD" or answer.detail == OUTSIDE)
        assert closed == (scope != right), (method, path, scope, answer.status)


def _filled(path: str) -> str:
    return re.sub(r"{(\w+)}", lambda part: new_id() if part[1].endswith("_id") else "1", path)
