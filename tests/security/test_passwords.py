"""§4.2 PWD: which passwords may be, and that they are kept as they were meant."""

from __future__ import annotations

import itertools
import sqlite3
import unicodedata
from contextlib import closing
from io import BytesIO
from pathlib import Path
from typing import Any

import argon2
import orjson
import pytest
from aiohttp import ClientSession

from tests.api.client import Answer, ApiClient
from tests.api.conftest import PASSWORD, NewUser, StartServer, register
from tests.api.server import ServerProcess
from tests.security.doors import DOORS

LIST = Path(__file__).parents[2] / "plugins/auth_local/journiv_auth_local/common_passwords.txt"
WELL_KNOWN = (
    "password", "12345678", "123456789", "qwertyuiop", "iloveyou", "sunshine", "princess",
    "football", "baseball", "password1", "1q2w3e4r", "trustno1", "superman", "11111111",
    "PASSWORD", "Password1", "IloveYou",
)  # fmt: skip
GOOD = "quill-Lantern-harbour-48"
_numbers = itertools.count(1)


async def sign_up(client: ApiClient, password: str, **more: Any) -> tuple[Answer, str]:
    email = f"pwd-{next(_numbers)}@example.org"
    account = {"email": email, "name": "Sam", "password": password, **more}
    return await client.anonymous().post("/auth/register", account), account["email"]


async def sign_in(client: ApiClient, email: str, password: str) -> int:
    body = {"email": email, "password": password}
    return (await client.anonymous().post("/auth/login", body)).status


def check_refused(answer: Answer, password: str) -> None:
    assert answer.status == 422, password
    [reason] = answer.json["errors"]
    assert reason["loc"] == ["body", "password"]
    assert reason["msg"]


@pytest.mark.parametrize("password", ["", "x", "seven77", " ", "aaaaaaaa", "ÄÄÄÄÄÄÄÄ", *WELL_KNOWN])
async def test_PWD_1_what_is_guessed_first_is_refused_with_the_reason(
    client: ApiClient, password: str
) -> None:
    check_refused((await sign_up(client, password))[0], password)


async def test_PWD_1_so_is_the_whole_list_of_the_thousand_most_common(client: ApiClient) -> None:
    lines = LIST.read_text("utf-8").splitlines()
    common = [line for line in lines if line and not line.startswith("#")][:1000]
    assert len(common) == 1000
    for password in common:
        check_refused((await sign_up(client, password))[0], password)


@pytest.mark.parametrize("door", DOORS)
async def test_PWD_2_the_rules_hold_at_every_door(
    server: ServerProcess, admin: ApiClient, new_user: NewUser, door: str
) -> None:
    person = await new_user()
    for bad in ("short", "aaaaaaaa", "football", "x" * 257):
        refused, said = await DOORS[door](server, admin, person, bad)
        assert refused not in (0, 200, 201, 204), bad
        assert "assword" in said
        assert await sign_in(person, person.user["email"], PASSWORD) == 200
    done, said = await DOORS[door](server, admin, person, GOOD)
    assert done in (0, 200, 201, 204), said


@pytest.mark.parametrize(
    "password",
    [
        ("correct horse battery staple " * 10)[:64],
        ("jörg weiß mäßig über öl; " * 10)[:128],
        ("quill Lantern harbour 47 " * 20)[:256],
        "🦉🕯️📖✒️🌊⚓🧭🗺️",
        " two spaces  and a tab\t ",
    ],
)
async def test_PWD_3_long_ones_of_any_characters_work(client: ApiClient, password: str) -> None:
    answer, email = await sign_up(client, password)
    assert answer.status == 201, answer.json
    assert await sign_in(client, email, password) == 200
    assert await sign_in(client, email, password[:-1]) == 401
    assert await sign_in(client, email, password.swapcase() + "x") == 401


@pytest.mark.parametrize("length", [257, 1_000_000])
async def test_PWD_3_longer_ones_are_refused(client: ApiClient, length: int) -> None:
    password = ("quill Lantern harbour 47 " * (length // 25 + 1))[:length]
    answer, email = await sign_up(client, password)
    assert answer.status == 422
    assert answer.json["errors"][0]["loc"] == ["body", "password"]
    assert await sign_in(client, email, password) == 401


async def test_PWD_3_a_body_beyond_the_limit_is_refused(client: ApiClient) -> None:
    body = BytesIO(orjson.dumps({"email": "a@example.org", "password": "x" * 3_000_000}))
    headers = {"Content-Type": "application/json"}
    answer = await client.post("/auth/login", data=body, headers=headers)
    assert answer.status == 413


@pytest.mark.parametrize(
    "password", ["abcdefghijqrstuvwxyz", "7402958316", "ÄÖÜÉÈÊÀÂ", "        x"]
)
async def test_PWD_4_there_are_no_rules_of_composition(client: ApiClient, password: str) -> None:
    assert (await sign_up(client, password))[0].status == 201


@pytest.mark.parametrize(
    "password",
    ["josephine.march", "Josephine.March99", "josephinemarch", "Josephine March", "1234josephine"],
)
async def test_PWD_5_words_of_the_account_are_refused(client: ApiClient, password: str) -> None:
    account = {"email": "josephine.march@example.org", "name": "Josephine March"}
    check_refused((await sign_up(client, password, **account))[0], password)


async def test_PWD_5_words_of_the_product_are_refused(
    start_server: StartServer, session: ClientSession
) -> None:
    server = start_server(APP_NAME="Lamplighter", DOMAIN_NAME="lamp.example.org")
    client = ApiClient(session, server.url, server.contract)
    for password in ("Lamplighter", "lamplighter2026", "lamp.example.org"):
        check_refused((await sign_up(client, password))[0], password)


@pytest.mark.parametrize(("first", "second"), [("NFC", "NFD"), ("NFD", "NFC"), ("NFKC", "NFD")])
async def test_PWD_6_composed_and_decomposed_typing_are_one_password(
    client: ApiClient, first: Any, second: Any
) -> None:
    password = "Ångström-café-naïve-Ωmega"
    answer, email = await sign_up(client, unicodedata.normalize(first, password))
    assert answer.status == 201
    for form in (first, second):
        assert await sign_in(client, email, unicodedata.normalize(form, password)) == 200


async def test_PWD_7_spaces_around_a_password_count(client: ApiClient) -> None:
    answer, email = await sign_up(client, f"{GOOD} ")
    assert answer.status == 201
    assert await sign_in(client, email, GOOD) == 401
    assert await sign_in(client, email, f" {GOOD}") == 401
    assert await sign_in(client, email, f"{GOOD} ") == 200


@pytest.mark.parametrize(
    "hasher",
    [
        argon2.PasswordHasher(time_cost=3, memory_cost=65_536, parallelism=4),
        argon2.PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1, hash_len=16),
        argon2.PasswordHasher(time_cost=1, memory_cost=8_192, parallelism=1, type=argon2.Type.I),
    ],
    ids=["of the earlier product", "short", "weak and of another type"],
)
async def test_PWD_8_an_old_hash_is_good_and_is_renewed(
    start_server: StartServer, session: ClientSession, hasher: argon2.PasswordHasher
) -> None:
    server = start_server()
    client = await register(ApiClient(session, server.url, server.contract), "a@example.org")
    old, database = hasher.hash(PASSWORD), server.folder / "data" / "journiv.db"
    with closing(sqlite3.connect(database)) as opened, opened:
        opened.execute("UPDATE identities SET data = json_set(data, '$.hash', ?)", [old])
    assert await sign_in(client, "a@example.org", "wrong-" + PASSWORD) == 401
    assert _hash(database) == old
    assert await sign_in(client, "a@example.org", PASSWORD) == 200
    assert _hash(database).startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert await sign_in(client, "a@example.org", PASSWORD) == 200


def _hash(database: Path) -> str:
    with closing(sqlite3.connect(database)) as opened:
        [[kept]] = opened.execute("SELECT json_extract(data, '$.hash') FROM identities")
    return str(kept)
