from __future__ import annotations

import asyncio
from typing import Any

import pytest

from tests.api.client import Answer, ApiClient
from tests.api.conftest import PASSWORD, NewUser, sign_in
from tests.api.server import ServerProcess

INVALID = "Could not validate credentials"


def account(email: str, **changes: Any) -> dict[str, Any]:
    return {"email": email, "name": "Elizabeth", "password": PASSWORD, **changes}


def credentials(person: ApiClient) -> dict[str, str]:
    return {"email": person.user["email"], "password": person.password}


async def refresh(client: ApiClient, token: str) -> Answer:
    return await client.post("/auth/refresh", {"refresh_token": token})


async def test_registering_answers_the_account_without_secrets(
    admin: ApiClient, client: ApiClient
) -> None:
    answer = await client.post("/auth/register", account(" Elizabeth@Example.org ", name=" Beth "))
    body = answer.json
    assert answer.status == 201
    assert (body["email"], body["name"], body["role"]) == ("elizabeth@example.org", "Beth", "user")
    assert (body["is_active"], body["is_oidc_user"], body["time_zone"]) == (True, False, "UTC")
    assert "password" not in answer.body.decode().lower()


async def test_an_address_registers_once_whatever_its_case(new_user: NewUser) -> None:
    person = await new_user("twice@example.org")
    answer = await person.anonymous().post("/auth/register", account("TWICE@example.org"))
    assert (answer.status, answer.detail) == (400, "Email already registered")


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("email", "nobody"),
        ("email", "a@b"),
        ("email", "a@home.test"),
        ("email", "a@pc.localhost"),
        ("email", None),
        ("email", "x" * 250 + "@example.org"),
        ("name", ""),
        ("name", "   "),
        ("name", "x" * 101),
        ("name", None),
        ("password", ""),
        ("password", "short77"),
        ("password", "aaaaaaaa"),
        ("password", "iloveyou"),
        ("password", "refused2026"),
        ("password", "x" * 100 + "y" * 157),
        ("password", None),
        ("password", 12345678),
        ("password", "with\x00nul inside"),
    ],
)
async def test_refused_fields_are_named_and_never_echoed(
    admin: ApiClient, client: ApiClient, field: str, value: Any
) -> None:
    body = {**account("refused@example.org"), field: value}
    answer = await client.post("/auth/register", body)
    assert answer.status == 422
    assert answer.json["errors"][0]["loc"] == ["body", field]
    assert answer.json["message"] == answer.json["errors"]
    if isinstance(value, str) and len(value) > 4:
        assert value not in answer.body.decode()


@pytest.mark.parametrize(
    "password", ["lowercaseonlyletters", "tide at the wharf ", "\u26f5 at sea " * 25]
)
async def test_any_other_password_will_do(
    client: ApiClient, admin: ApiClient, password: str
) -> None:
    email = f"free-{len(password)}@example.org"
    answer = await client.post("/auth/register", account(email, password=password))
    assert answer.status == 201
    assert (await sign_in(client, email, password)).user["email"] == email


async def test_extra_fields_bind_nothing(admin: ApiClient, client: ApiClient) -> None:
    sent = account("climber@example.org", role="admin", is_active=False, id=admin.user["id"])
    body = (await client.post("/auth/register", sent)).json
    assert (body["role"], body["is_active"]) == ("user", True)
    assert body["id"] != admin.user["id"]


async def test_signing_in_answers_both_tokens_and_the_person(new_user: NewUser) -> None:
    person = await new_user()
    answer = await person.anonymous().post("/auth/login", credentials(person))
    body = answer.json
    assert answer.status == 200
    assert body["token_type"] == "bearer"
    assert body["refresh_token"].startswith("jr1.")
    assert body["user"]["email"] == person.user["email"]
    assert "Set-Cookie" not in answer.headers


async def test_two_sign_ins_in_one_moment_have_different_tokens(new_user: NewUser) -> None:
    person = await new_user()
    one, other = [
        (await person.anonymous().post("/auth/login", credentials(person))).json for _ in range(2)
    ]
    assert one["access_token"] != other["access_token"]
    assert one["refresh_token"] != other["refresh_token"]


async def test_no_password_and_no_token_is_logged(new_user: NewUser, server: ServerProcess) -> None:
    person = await new_user()
    stranger = person.anonymous()
    await stranger.post("/auth/login", {**credentials(person), "password": "Wrong-but-secret-1"})
    await stranger.post("/auth/register", account("log@example.org", password="iloveyou"))
    tokens = (await stranger.post("/auth/login", credentials(person))).json
    await refresh(stranger, tokens["refresh_token"])
    logged = server.log.read_text()
    secrets = [PASSWORD, "Wrong-but-secret-1", "iloveyou"]
    secrets += [tokens["access_token"], tokens["refresh_token"]]
    assert not [secret for secret in secrets if secret in logged]
    assert "/auth/login" in logged


async def test_unknown_and_wrong_look_the_same(new_user: NewUser) -> None:
    person = await new_user()
    wrong = await person.anonymous().post(
        "/auth/login", {**credentials(person), "password": "not it at all"}
    )
    unknown = await person.anonymous().post(
        "/auth/login", {"email": "stranger@example.org", "password": "not it at all"}
    )
    assert (wrong.status, wrong.detail) == (401, "Incorrect email or password")
    drop = {"request_id"}
    assert {k: v for k, v in wrong.json.items() if k not in drop} == {
        k: v for k, v in unknown.json.items() if k not in drop
    }
    names = {"Date", "X-Request-ID"}
    assert {k: v for k, v in wrong.headers.items() if k not in names} == {
        k: v for k, v in unknown.headers.items() if k not in names
    }


async def test_an_address_signs_in_in_any_spelling(new_user: NewUser) -> None:
    person = await new_user()
    email = f" {person.user['email'].upper()} "
    login = await person.anonymous().post("/auth/login", {**credentials(person), "email": email})
    form = await person.anonymous().post(
        "/auth/token", data={"username": email, "password": person.password}
    )
    assert (login.status, form.status) == (200, 200)


async def test_a_login_needs_an_address(client: ApiClient) -> None:
    answer = await client.post("/auth/login", {"email": "nobody", "password": "x"})
    assert answer.status == 422


async def test_the_form_grant_answers_tokens(new_user: NewUser) -> None:
    person = await new_user()
    form = {"username": person.user["email"], "password": person.password, "grant_type": "password"}
    answer = await person.anonymous().post("/auth/token", data=form)
    assert answer.status == 200
    assert set(answer.json) == {"access_token", "refresh_token", "token_type"}
    signed_in = person.with_token(answer.json["access_token"])
    assert (await signed_in.get("/users/me")).status == 200


@pytest.mark.parametrize(
    ("changes", "status"),
    [({"password": "wrong"}, 401), ({"grant_type": "implicit"}, 422), ({"password": None}, 422)],
)
async def test_the_form_grant_refuses(
    new_user: NewUser, changes: dict[str, Any], status: int
) -> None:
    person = await new_user()
    form = {"username": person.user["email"], "password": person.password, **changes}
    sent = {key: value for key, value in form.items() if value is not None}
    assert (await person.anonymous().post("/auth/token", data=sent)).status == status


async def test_a_refreshed_token_works_and_the_first_refresh_token_goes_on(
    new_user: NewUser,
) -> None:
    person = await new_user()
    first = (await person.anonymous().post("/auth/login", credentials(person))).json
    for _ in range(3):
        answer = await refresh(person.anonymous(), first["refresh_token"])
        assert answer.status == 200
        renewed = person.with_token(answer.json["access_token"])
        assert (await renewed.get("/users/me")).status == 200


async def test_a_client_that_rotates_is_strict_from_then_on(new_user: NewUser) -> None:
    person = await new_user()
    stranger = person.anonymous()
    first = (await stranger.post("/auth/login", credentials(person))).json["refresh_token"]
    second = (await refresh(stranger, first)).json["refresh_token"]
    third = (await refresh(stranger, second)).json
    assert len({first, second, third["refresh_token"]}) == 3
    replay = await refresh(stranger, first)
    assert (replay.status, replay.detail) == (401, INVALID)
    assert (await refresh(stranger, third["refresh_token"])).status == 401
    assert (await person.with_token(third["access_token"]).get("/users/me")).status == 401


async def test_twenty_refreshes_at_once_all_get_the_same_successor(new_user: NewUser) -> None:
    person = await new_user()
    stranger = person.anonymous()
    first = (await stranger.post("/auth/login", credentials(person))).json["refresh_token"]
    second = (await refresh(stranger, first)).json["refresh_token"]
    answers = await asyncio.gather(*(refresh(stranger, second) for _ in range(20)))
    assert {answer.status for answer in answers} == {200}
    assert len({answer.json["refresh_token"] for answer in answers}) == 1


@pytest.mark.parametrize("token", ["", "x", "jr1.a.b", f"jr1.{'0' * 36}.{'a' * 43}", "é"])
async def test_no_refresh_token_is_refused(client: ApiClient, token: str) -> None:
    answer = await refresh(client, token)
    assert (answer.status, answer.detail) == (401, INVALID)


async def test_tokens_do_not_stand_in_for_each_other(new_user: NewUser) -> None:
    person = await new_user()
    tokens = (await person.anonymous().post("/auth/login", credentials(person))).json
    assert (await refresh(person.anonymous(), tokens["access_token"])).status == 401
    as_access = person.with_token(tokens["refresh_token"])
    answer = await as_access.get("/users/me")
    assert (answer.status, answer.detail) == (401, INVALID)


async def test_a_refresh_without_a_token_names_the_field(client: ApiClient) -> None:
    for body in ({}, None):
        answer = await client.post("/auth/refresh", body)
        assert answer.status == 422
        assert answer.json["errors"][0]["loc"] == ["body", "refresh_token"]


async def test_logging_out_ends_the_session_at_once(new_user: NewUser) -> None:
    person = await new_user()
    tokens = (await person.anonymous().post("/auth/login", credentials(person))).json
    signed_in = person.with_token(tokens["access_token"])
    answer = await signed_in.post("/auth/logout")
    assert answer.json == {
        "message": "Successfully logged out",
        "detail": "Your session has been terminated",
    }
    assert answer.headers["Clear-Site-Data"] == '"cache", "storage"'
    assert (await signed_in.get("/users/me")).status == 401
    assert (await refresh(person.anonymous(), tokens["refresh_token"])).status == 401
    assert (await person.get("/users/me")).status == 200


async def test_logging_out_needs_a_session(client: ApiClient) -> None:
    answer = await client.post("/auth/logout")
    assert (answer.status, answer.detail) == (401, "Not authenticated")


@pytest.mark.parametrize(
    "authorization", ["Basic YTpi", "Bearer", "Bearer ", "Token x", "bearer eyJ.a.b", "Bearer é"]
)
async def test_no_bearer_token_is_no_sign_in(client: ApiClient, authorization: str) -> None:
    answer = await client.get("/users/me", headers={"Authorization": authorization})
    assert answer.status == 401
    assert answer.headers["WWW-Authenticate"] == "Bearer"
