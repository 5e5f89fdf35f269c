from __future__ import annotations

from aiohttp import ClientSession

from tests.api.client import ApiClient
from tests.api.conftest import NewUser, StartServer, register
from tests.cli.conftest import Journiv, journiv

__all__ = ["journiv"]


async def test_one_reads_what_happened_to_ones_own_account(new_user: NewUser) -> None:
    person, other = await new_user(), await new_user()
    await other.post("/auth/login", {"email": person.user["email"], "password": "not this one"})
    told = (await person.get("/users/me/audit")).json
    assert [(one["event"], one["result"]) for one in told] == [
        ("sign-in", "refused"),
        ("sign-in", "ok"),
    ]
    assert {(one["by"], one["network"]) for one in told} == {("you", "127.0.0.0/24")}
    assert all(one["request_id"] for one in told)
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


async def test_what_an_administrator_did_is_told_without_where_they_were(
    admin: ApiClient, new_user: NewUser
) -> None:
    person = await new_user()
    path = f"/admin/users/{person.user['id']}"
    for changes in ({"role": "admin"}, {"role": "user"}, {"email": "renamed@example.org"}):
        assert (await admin.patch(path, changes)).status == 200
    told = (await person.get("/users/me/audit")).json
    assert [(one["event"], one["result"]) for one in told] == [
        ("account.email", "ok"),
        ("account.role", "user"),
        ("account.role", "admin"),
        ("sign-in", "ok"),
    ]
    assert [one["by"] for one in told] == ["administrator"] * 3 + ["you"]
    assert {(one["network"], one["request_id"], one["object"]) for one in told[:3]} == {("",) * 3}
    mine = (await admin.get("/users/me/audit?limit=3")).json
    assert [one["event"] for one in mine] == [one["event"] for one in told[:3]]
    assert {(one["by"], one["network"]) for one in mine} == {("you", "127.0.0.0/24")}
    assert all(one["request_id"] and one["object"] for one in mine)


async def test_what_the_shell_did_is_told(
    start_server: StartServer, session: ClientSession, journiv: Journiv
) -> None:
    server = start_server()
    client = ApiClient(session, server.url, server.contract)
    await register(client, "admin@example.org")
    person = await register(client, "sam@example.org")
    done = journiv("user", "promote", "sam@example.org", **server.location)
    assert done.returncode == 0, done.stderr
    told = (await person.get("/users/me/audit")).json[0]
    assert (told["event"], told["result"], told["by"]) == ("account.role", "admin", "shell")
