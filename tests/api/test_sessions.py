from __future__ import annotations

from journiv.domain.ids import new_id
from tests.api.client import ApiClient
from tests.api.conftest import NewUser, sign_in


async def again(person: ApiClient) -> ApiClient:
    return await sign_in(person.anonymous(), person.user["email"], person.password)


async def test_every_sign_in_is_listed_and_ones_own_is_marked(new_user: NewUser) -> None:
    person = await new_user()
    other = await again(person)
    listed = (await person.get("/sessions")).json
    assert len(listed) == 2
    assert [one["is_current"] for one in listed] == [False, True]
    assert (await other.get("/sessions")).json[0]["is_current"]
    assert listed[0]["network"] == "127.0.0.0/24"


async def test_ending_one_session_ends_that_one_alone(new_user: NewUser) -> None:
    person = await new_user()
    other, third = await again(person), await again(person)
    listed = (await other.get("/sessions")).json
    theirs = next(one["id"] for one in listed if one["is_current"])
    assert (await person.delete(f"/sessions/{theirs}")).status == 204
    assert (await other.get("/users/me")).status == 401
    assert (await person.get("/users/me")).status == 200
    assert (await third.get("/users/me")).status == 200
    assert len((await person.get("/sessions")).json) == 2


async def test_somebody_elses_session_is_not_found(new_user: NewUser) -> None:
    person, other = await new_user(), await new_user()
    theirs = (await other.get("/sessions")).json[0]["id"]
    foreign = await person.delete(f"/sessions/{theirs}")
    missing = await person.delete(f"/sessions/{new_id()}")
    assert (foreign.status, foreign.detail) == (missing.status, missing.detail)
    assert (foreign.status, foreign.detail) == (404, "Session not found")
    assert (await other.get("/users/me")).status == 200


async def test_strangers_see_no_sessions(client: ApiClient) -> None:
    assert (await client.get("/sessions")).status == 401
