"""Sessions (security.md §4.3, SES): what ends them, and that nothing else does."""

from __future__ import annotations

from http.cookies import SimpleCookie

import pytest

from tests.api.client import ApiClient
from tests.api.conftest import NewUser, sign_in
from tests.security.second_factor import finish, number_of, switch_on
from tests.security.stages import log_in, refresh, renewed, status_of

NEW = "another-Lantern-quite-48"


@pytest.fixture
async def person(new_user: NewUser) -> ApiClient:
    return await new_user()


async def test_SES_1_signing_out_ends_access_and_refresh_of_that_session_alone(
    person: ApiClient,
) -> None:
    mine, other = await log_in(person), await log_in(person)
    leaving = person.with_token(mine["access_token"])
    assert (await leaving.post("/auth/logout")).status == 200
    assert await status_of(person, mine["access_token"]) == 401
    assert (await refresh(person, mine["refresh_token"])).status == 401
    assert await status_of(person, other["access_token"]) == 200
    await renewed(person, other["refresh_token"])


async def test_SES_1_signing_out_empties_the_browser(person: ApiClient) -> None:
    mine = await log_in(person)
    answer = await person.with_token(mine["access_token"]).post("/auth/logout")
    assert answer.headers["Clear-Site-Data"] == '"cache", "storage"'
    assert SimpleCookie(answer.headers["Set-Cookie"])["jrt"]["max-age"] == "0"


async def test_SES_2_a_new_password_ends_every_session_but_this_one(person: ApiClient) -> None:
    mine, other = await log_in(person), await log_in(person)
    body = {"current_password": person.password, "new_password": NEW}
    changed = await person.with_token(mine["access_token"]).put("/users/me", body)
    assert changed.status == 200
    assert await status_of(person, mine["access_token"]) == 200
    await renewed(person, mine["refresh_token"])
    assert await status_of(person, other["access_token"]) == 401
    assert (await refresh(person, other["refresh_token"])).status == 401
    assert await status_of(person, person.token or "") == 401
    old = {"email": person.user["email"], "password": person.password}
    assert (await person.anonymous().post("/auth/login", old)).status == 401
    await sign_in(person.anonymous(), person.user["email"], NEW)


async def test_SES_2_a_reset_ends_every_session_and_personal_token(
    person: ApiClient, admin: ApiClient
) -> None:
    mine = await log_in(person)
    kind = {"name": "x", "scopes": ["profile:read"]}
    token = (await person.post("/tokens", kind)).json["token"]
    link = (await admin.post(f"/admin/users/{person.user['id']}/reset-link")).json["token"]
    answer = await person.anonymous().post("/auth/reset", {"token": link, "password": NEW})
    assert answer.status == 204
    for access in (mine["access_token"], person.token or "", token):
        assert await status_of(person, access) == 401
    assert (await refresh(person, mine["refresh_token"])).status == 401


async def test_SES_3_the_list_shows_all_and_revoking_one_kills_exactly_one(
    person: ApiClient,
) -> None:
    others = [await log_in(person) for _ in range(4)]
    listed = (await person.get("/sessions")).json
    assert len(listed) == 5
    assert [one["is_current"] for one in listed].count(True) == 1
    victim = others.pop(2)
    own_list = (await person.with_token(victim["access_token"]).get("/sessions")).json
    [gone] = [one["id"] for one in own_list if one["is_current"]]
    assert (await person.delete(f"/sessions/{gone}")).status == 204
    assert await status_of(person, victim["access_token"]) == 401
    assert (await refresh(person, victim["refresh_token"])).status == 401
    for other in others:
        assert await status_of(person, other["access_token"]) == 200
        await renewed(person, other["refresh_token"])
    left = {one["id"] for one in (await person.get("/sessions")).json}
    assert left == {one["id"] for one in listed} - {gone}


@pytest.mark.parametrize("by", ["deactivation", "deletion", "the owner"])
async def test_SES_4_with_the_account_all_its_sessions_end(
    person: ApiClient, admin: ApiClient, by: str
) -> None:
    sessions = [await log_in(person) for _ in range(2)]
    path = f"/admin/users/{person.user['id']}"
    if by == "deactivation":
        assert (await admin.patch(path, {"is_active": False})).status == 200
    else:
        asked = admin.delete(path) if by == "deletion" else person.delete("/users/me")
        assert (await asked).status == 200
    for one in sessions:
        # An account that is switched off is told so (api-v1 §3); one that is gone is not known.
        assert await status_of(person, one["access_token"]) == (
            403 if by == "deactivation" else 401
        )
        assert (await refresh(person, one["refresh_token"])).status == 401
    body = {"email": person.user["email"], "password": person.password}
    assert (await person.anonymous().post("/auth/login", body)).status == 401


async def test_SES_5_every_sign_in_is_a_new_session(person: ApiClient) -> None:
    tokens = [await log_in(person) for _ in range(3)]
    names = {one["refresh_token"].split(".")[1] for one in tokens}
    assert len(names) == 3


async def test_SES_5_what_a_browser_sends_before_never_becomes_the_session(
    person: ApiClient, new_user: NewUser
) -> None:
    stranger = await new_user()
    planted = (await log_in(stranger))["refresh_token"]
    headers = {"X-Journiv-Client": "pwa", "Cookie": f"jrt={planted}"}
    body = {"email": person.user["email"], "password": person.password}
    bearer = {"Authorization": f"Bearer {stranger.token}"}
    answer = await person.anonymous().post("/auth/login", body, headers={**headers, **bearer})
    kept = SimpleCookie(answer.headers["Set-Cookie"])["jrt"].value
    assert kept.split(".")[1] != planted.split(".")[1]
    assert answer.json["user"]["id"] == person.user["id"]
    whose = await person.with_token(answer.json["access_token"]).get("/users/me")
    assert whose.json["id"] == person.user["id"]
    await renewed(stranger, planted)


async def test_SES_6_switching_the_second_factor_off_ends_the_other_sessions(
    person: ApiClient,
) -> None:
    secret, codes = await switch_on(person)
    other = (await finish(person, number_of(secret))).json
    answer = await person.post("/users/me/totp/disable", {"code": codes[0]})
    assert answer.status == 204
    assert await status_of(person, other["access_token"]) == 401
    assert (await refresh(person, other["refresh_token"])).status == 401
    assert await status_of(person, person.token or "") == 200
