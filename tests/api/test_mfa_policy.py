from __future__ import annotations

import re
from typing import Any

import pytest
from aiohttp import ClientSession

from journiv.domain.ids import new_id
from tests.api.client import ApiClient
from tests.api.conftest import StartServer, register, sign_in
from tests.api.test_totp import NEXT, STANDS_STILL, challenge, code, finish, knock, switch_on

OPEN = {
    ("GET", "/users/me"),
    ("GET", "/users/me/totp"),
    ("POST", "/users/me/totp"),
    ("POST", "/users/me/totp/confirm"),
    ("POST", "/auth/reauthenticate"),
    ("POST", "/auth/logout"),
}


@pytest.fixture
def strict(start_server: StartServer, session: ClientSession) -> ApiClient:
    """A stranger at a server that requires a second factor of everybody."""
    server = start_server(REQUIRE_MFA="all", **STANDS_STILL)
    return ApiClient(session, server.url, server.contract)


async def test_without_a_second_factor_a_session_may_only_enrol_one(strict: ApiClient) -> None:
    person = await register(strict, "sam@example.org")
    document = (await person.get("/openapi.json")).json
    let_in = set()
    for template, operations in document["paths"].items():
        path = template.removeprefix("/api/v1")
        for method, operation in operations.items():
            if "security" not in operation or not template.startswith("/api/v1"):
                continue
            if path == "/auth/logout":
                let_in.add(("POST", path))
                continue
            where = re.sub("{[^}]*}", new_id(), path.replace("{number}", "1"))
            if method == "head":  # refused like GET, without words
                assert (await person.request("HEAD", where)).status == 403
                continue
            answer = await person.request(method.upper(), where, json={})
            if answer.status == 403 and answer.json["error"] == "mfa-enrolment-required":
                assert "requires a second factor" in answer.detail
            else:
                let_in.add((method.upper(), path))
    assert let_in == OPEN
    assert (await person.post("/auth/logout")).status == 200


async def test_enrolling_opens_everything_to_the_same_session(strict: ApiClient) -> None:
    person = await register(strict, "sam@example.org")
    assert (await person.get("/journals/")).status == 403
    await switch_on(person)
    assert (await person.get("/journals/")).status == 200
    assert (await person.get("/admin/users")).status == 200


async def test_sign_ins_with_a_code_are_let_in_and_older_sessions_are_not(
    strict: ApiClient,
) -> None:
    person = await register(strict, "sam@example.org")
    older = await sign_in(strict, "sam@example.org")
    secret, codes = await switch_on(person)
    entered = await finish(person, await challenge(person), code(secret))
    newer = person.with_token(entered.json["access_token"])
    assert (await newer.get("/journals/")).status == 200
    assert (await older.get("/journals/")).json["error"] == "mfa-enrolment-required"
    proof = {"password": person.password, "code": codes[0]}
    assert (await older.post("/auth/reauthenticate", proof)).status == 204
    assert (await older.get("/journals/")).status == 200


async def test_switching_it_off_closes_everything_again(strict: ApiClient) -> None:
    person = await register(strict, "sam@example.org")
    _, codes = await switch_on(person)
    assert (await person.post("/users/me/totp/disable", {"code": codes[0]})).status == 204
    assert (await person.get("/journals/")).status == 403
    assert (await person.post("/users/me/totp")).status == 201


async def test_required_of_administrators_it_follows_the_role(
    start_server: StartServer, session: ClientSession
) -> None:
    server = start_server(REQUIRE_MFA="admins", **STANDS_STILL)
    stranger = ApiClient(session, server.url, server.contract)
    admin = await register(stranger, "admin@example.org")
    person = await register(stranger, "sam@example.org")
    assert (await person.get("/journals/")).status == 200
    assert (await admin.get("/journals/")).status == 403
    await switch_on(admin)
    path = f"/admin/users/{person.user['id']}"
    role: dict[str, Any] = {"role": "admin"}
    assert (await admin.patch(path, role)).status == 200
    assert (await person.get("/journals/")).json["error"] == "mfa-enrolment-required"
    role["role"] = "user"
    assert (await admin.patch(path, role)).status == 200
    assert (await person.get("/journals/")).status == 200


async def test_a_held_back_administrator_is_anybody_to_public_routes(strict: ApiClient) -> None:
    admin = await register(strict, "admin@example.org")
    assert "version" not in (await admin.get("/health")).json
    secret, _ = await switch_on(admin)
    assert "version" in (await admin.get("/health")).json
    assert (await knock(admin)).status == 401
    assert (await finish(admin, await challenge(admin), code(secret, NEXT))).status == 200
