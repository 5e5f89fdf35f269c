"""Two servers on one database behave as one."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from aiohttp import ClientSession, ClientTimeout, DummyCookieJar

from tests.api.server import SECRET_KEY, ServerProcess
from tests.services.postgres import PostgresServer
from tests.soak.person import PASSWORD, Person
from tests.soak.test_registrations import register


@contextmanager
def two_servers(folder: Path, url: str) -> Iterator[list[ServerProcess]]:
    settings = {"DOMAIN_NAME": "diary.example.org", "REFRESH_ROTATION": "strict"}
    started: list[ServerProcess] = []
    try:
        for name in ("one", "other"):
            (folder / name).mkdir()
            started.append(ServerProcess(folder / name, {"DATABASE_URL": url, **settings}))
            started[-1].start()
        yield started
    finally:
        for server in started:
            server.kill()


@pytest.fixture(scope="module")
def servers(
    tmp_path_factory: pytest.TempPathFactory, postgres: PostgresServer
) -> Iterator[list[ServerProcess]]:
    """Two servers for tests that each bring people of their own."""
    folder = tmp_path_factory.mktemp("servers")
    with two_servers(folder, postgres.new_database()) as started:
        yield started


@pytest.fixture
def new_servers(tmp_path: Path, postgres: PostgresServer) -> Iterator[list[ServerProcess]]:
    """Two servers at which nobody has registered yet."""
    with two_servers(tmp_path, postgres.new_database()) as started:
        yield started


@pytest.fixture
async def session() -> AsyncIterator[ClientSession]:
    async with ClientSession(cookie_jar=DummyCookieJar(), timeout=ClientTimeout(30)) as opened:
        yield opened


async def test_ADM_1_of_fifty_first_registrations_at_both_exactly_one_is_the_administrators(
    new_servers: list[ServerProcess], session: ClientSession
) -> None:
    accounts = await asyncio.gather(
        *(register(session, new_servers[number % 2].url, number) for number in range(50))
    )
    assert sorted(account["role"] for account in accounts) == ["admin"] + ["user"] * 49


async def test_SES_1_who_signs_out_at_one_is_out_at_the_other_within_a_second(
    servers: list[ServerProcess], session: ClientSession
) -> None:
    person = await Person.register(session, servers[0].url, "lee@example.org")
    beside = Person(session, servers[1].url, person.email, person.token)
    assert (await beside.ask("GET", "/users/me"))[0] == 200
    assert (await person.ask("POST", "/auth/logout"))[0] == 200
    over = time.monotonic()
    while (await beside.ask("GET", "/users/me"))[0] == 200:
        assert time.monotonic() - over < 5, "the session lives on"
        await asyncio.sleep(0.05)
    assert time.monotonic() - over < 1.0


async def test_JWT_7_who_is_no_administrator_any_more_at_one_is_none_at_the_other_within_a_second(
    new_servers: list[ServerProcess], session: ClientSession
) -> None:
    admin = await Person.register(session, new_servers[0].url, "alex@example.org")
    person = await Person.register(session, new_servers[0].url, "sam@example.org")
    beside = Person(session, new_servers[1].url, person.email, person.token)
    _, account = await person.ask("GET", "/users/me")
    path = f"/admin/users/{account['id']}"
    for role, status in (("admin", 200), ("user", 403)):
        assert (await admin.ask("PATCH", path, {"role": role}))[0] == 200
        since = time.monotonic()
        while (await beside.ask("GET", "/admin/users?limit=1"))[0] != status:
            assert time.monotonic() - since < 5, f"{role} is not seen"
            await asyncio.sleep(0.05)
        assert time.monotonic() - since < 1.0


async def test_TOK_3_twenty_refreshes_of_one_token_at_both_give_one_successor(
    servers: list[ServerProcess], session: ClientSession
) -> None:
    person = await Person.register(session, servers[0].url, "kim@example.org")
    account = {"email": person.email, "password": PASSWORD}
    both = [Person(session, server.url, person.email, "") for server in servers]
    _, first = await both[0].ask("POST", "/auth/login", account)
    given = {"refresh_token": first["refresh_token"]}
    answers = await asyncio.gather(
        *(both[number % 2].ask("POST", "/auth/refresh", given) for number in range(20))
    )
    assert [status for status, _ in answers] == [200] * 20
    [successor] = {body["refresh_token"] for _, body in answers}
    assert successor != first["refresh_token"]
    status, after = await both[1].ask("POST", "/auth/refresh", {"refresh_token": successor})
    assert status == 200
    assert after["refresh_token"] != successor
    assert (await both[0].ask("POST", "/auth/refresh", given))[0] == 401


async def test_parallel_edits_at_both_lose_nothing_and_every_count_agrees(
    servers: list[ServerProcess], session: ClientSession
) -> None:
    person = await Person.register(session, servers[0].url, "ida@example.org")
    both = [Person(session, server.url, person.email, person.token) for server in servers]
    writing = {"title": "t", "content": "one two", "journal_id": await person.journal()}
    _, entry = await person.ask("POST", "/entries/", writing)
    edits = (
        both[number % 2].ask("PUT", f"/entries/{entry['id']}", {"content": "word " * number})
        for number in range(1, 31)
    )
    news = (both[number % 2].ask("POST", "/entries/", writing) for number in range(30))
    answers = await asyncio.gather(*edits, *news)
    assert [status for status, _ in answers] == [200] * 30 + [201] * 30
    _, revisions = await person.ask("GET", f"/entries/{entry['id']}/revisions")
    assert len(revisions) == 30
    _, entries = await person.ask("GET", "/entries/?limit=100")
    assert len(entries) == 31
    await asyncio.to_thread(assert_verified, servers[0])


def assert_verified(server: ServerProcess) -> None:
    environment = {"PATH": os.environ["PATH"], "ENVIRONMENT": "test", "SECRET_KEY": SECRET_KEY}
    done = subprocess.run(
        [sys.executable, "-m", "journiv", "verify"],
        env=environment | server.location, capture_output=True, text=True, timeout=60,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
