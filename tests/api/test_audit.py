from __future__ import annotations

from tests.api.client import ApiClient
from tests.api.conftest import NewUser


async def test_one_reads_what_happened_to_ones_own_account(new_user: NewUser) -> None:
    person, other = await new_user(), await new_user()
    await other.post("/auth/login", {"email": person.user["email"], "password": "not this one"})
    told = (await person.get("/users/me/audit")).json
    assert [(one["event"], one["result"]) for one in told] == [
        ("sign-in", "refused"),
        ("sign-in", "ok"),
    ]
    assert told[0]["network"] == "127.0.0.0/24"
    [older] = (await person.get(f"/users/me/audit?before={told[0]['number']}")).json
    assert older == told[1]
    assert len((await other.get("/users/me/audit")).json) == 1


async def test_confirming_takes_the_password_alone(new_user: NewUser) -> None:
    person = await new_user()
    wrong = await person.post("/auth/reauthenticate", {"password": "not this one"})
    assert (wrong.status, wrong.detail) == (400, "Password is incorrect")
    right = await person.post("/auth/reauthenticate", {"password": person.password})
    assert right.status == 204


async def test_strangers_read_and_confirm_nothing(client: ApiClient) -> None:
    assert (await client.get("/users/me/audit")).status == 401
    assert (await client.post("/auth/reauthenticate", {"password": "x"})).status == 401
