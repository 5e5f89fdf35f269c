"""Administrators (security.md §4.5, ADM): one at first, never none, and no way into diaries.

ADM-1 is in tests/soak/test_registrations.py, ADM-5 in test_ownership.py.
"""

from __future__ import annotations

import asyncio
import itertools

from aiohttp import ClientSession

from journiv.domain.ids import new_id
from tests.api.client import Answer, ApiClient
from tests.api.conftest import PASSWORD, StartServer
from tests.api.diary import Json
from tests.security.stages import people_at, rows, stranger_at

LAST = "Cannot {} the last admin user. At least one admin must exist."
SETUP_TOKEN = "open-sesame-if-you-please"
ROUNDS = 100
CROWD = 8
ACTIVE = "SELECT count(*) FROM users WHERE role = 'admin' AND is_active"


def account(email: str) -> Json:
    return {"email": email, "name": "Elizabeth", "password": PASSWORD}


def path_of(person: ApiClient) -> str:
    return f"/admin/users/{person.user['id']}"


async def test_ADM_2_the_first_account_needs_the_setup_token_and_later_ones_do_not(
    start_server: StartServer, session: ClientSession
) -> None:
    server = start_server(SETUP_TOKEN=SETUP_TOKEN)
    client = stranger_at(server, session)
    wrong = ({}, {"X-Setup-Token": "wrong"}, {"X-Setup-Token": ""}, {"X-Setup-Token": "\u00e9"},
             {"X-Setup-Token": SETUP_TOKEN[:-1]}, {"X-Setup-Token": f"{SETUP_TOKEN}x"})  # fmt: skip
    refused = await asyncio.gather(
        *(
            client.post("/auth/register", account(f"{number}@example.org"), headers=headers)
            for number, headers in enumerate(wrong)
        )
    )
    assert [answer.status for answer in refused] == [403] * len(wrong)
    assert rows(server, "SELECT count(*) FROM users") == [(0,)]
    headers = {"X-Setup-Token": SETUP_TOKEN}
    first = await client.post("/auth/register", account("first@example.org"), headers=headers)
    assert (first.status, first.json["role"]) == (201, "admin")
    second = await client.post("/auth/register", account("second@example.org"))
    assert (second.status, second.json["role"]) == (201, "user")
    third = await client.post("/auth/register", account("third@example.org"), headers=headers)
    assert (third.status, third.json["role"]) == (201, "user")
    assert SETUP_TOKEN not in server.log.read_text()


async def test_ADM_3_two_who_demote_each_other_a_hundred_times_leave_one_administrator(
    start_server: StartServer, session: ClientSession
) -> None:
    server = start_server()
    one, other = await people_at(server, session, "a", "b")
    await one.patch(path_of(other), {"role": "admin"})
    for _ in range(ROUNDS):
        answers = await asyncio.gather(
            one.patch(path_of(other), {"role": "user"}),
            other.patch(path_of(one), {"role": "user"}),
        )
        assert sorted(answer.status for answer in answers) in ([200, 400], [200, 403])
        roles = [(await who.get("/users/me")).json["role"] for who in (one, other)]
        assert sorted(roles) == ["admin", "user"]
        kept, demoted = (one, other) if roles[0] == "admin" else (other, one)
        assert (await kept.patch(path_of(demoted), {"role": "admin"})).status == 200


async def test_ADM_3_a_crowd_that_demotes_disables_and_deletes_each_other_leaves_one(
    start_server: StartServer, session: ClientSession
) -> None:
    server = start_server()
    crowd = await people_at(server, session, *(f"p{number}" for number in range(CROWD)))
    for other in crowd[1:]:
        assert (await crowd[0].patch(path_of(other), {"role": "admin"})).status == 200
    attacks = itertools.cycle(({"role": "user"}, {"is_active": False}, None))
    answers: list[Answer] = await asyncio.gather(
        *(
            one.delete(path_of(other)) if attack is None else one.patch(path_of(other), attack)
            for (one, other), attack in zip(itertools.permutations(crowd, 2), attacks, strict=False)
        ),
        *(one.delete("/users/me") for one in crowd),
    )
    assert {answer.status for answer in answers} <= {200, 400, 401, 403, 404}
    [(left,)] = rows(server, ACTIVE)
    assert left >= 1


async def test_ADM_4_the_last_administrator_stays_by_whatever_way(
    start_server: StartServer, session: ClientSession
) -> None:
    """400 with the sentence of api-v1 (decisions, row 27)."""
    server = start_server()
    first, second = await people_at(server, session, "a", "b")
    assert (await first.patch(path_of(second), {"role": "admin"})).status == 200
    assert (await first.patch(path_of(second), {"is_active": False})).status == 200
    both = {"role": "user", "is_active": False}
    tries = [
        (await first.patch(path_of(first), {"role": "user"}), "demote"),
        (await first.patch(path_of(first), {"is_active": False}), "deactivate"),
        (await first.patch(path_of(first), both), "demote"),
        (await first.delete(path_of(first)), "delete"),
        (await first.delete("/users/me"), "delete"),
    ]
    for answer, verb in tries:
        assert (answer.status, answer.detail) == (400, LAST.format(verb))
    me = (await first.get("/users/me")).json
    assert (me["role"], me["is_active"]) == ("admin", True)
    assert (await first.patch(path_of(second), {"is_active": True})).status == 200
    assert (await first.delete("/users/me")).status == 200


async def test_ADM_5_administration_shows_accounts_and_offers_no_way_into_them(
    admin: ApiClient, alice: ApiClient
) -> None:
    listed = (await admin.get("/admin/users?limit=1000")).json
    [shown] = [one for one in listed if one["id"] == alice.user["id"]]
    assert set(shown) == {
        "id", "email", "name", "role", "is_active", "last_login_at", "created_at", "login_type",
        "linked_providers",
    }  # fmt: skip
    for path in ("", "/entries", "/journals", "/impersonate", "/token", "/export"):
        answer = await admin.get(f"{path_of(alice)}{path}")
        assert answer.status in (404, 405), path
    assert (await admin.get(f"/admin/users/{new_id()}")).status in (404, 405)
