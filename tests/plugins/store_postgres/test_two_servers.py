"""Two servers on one database behave as one."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from aiohttp import ClientSession, ClientTimeout, DummyCookieJar

from tests.api.server import SECRET_KEY, ServerProcess
from tests.services.postgres import PostgresServer
from tests.soak.person import Person
from tests.soak.test_registrations import register


@pytest.fixture
def servers(tmp_path: Path, postgres: PostgresServer) -> Iterator[list[ServerProcess]]:
    url = postgres.new_database()
    started = []
    for name in ("one", "other"):
        folder = tmp_path / name
        folder.mkdir()
        started.append(
            ServerProcess(folder, {"DATABASE_URL": url, "DOMAIN_NAME": "diary.example.org"})
        )
        started[-1].start()
    yield started
    for server in started:
        server.kill()


@pytest.fixture
async def session() -> AsyncIterator[ClientSession]:
    async with ClientSession(cookie_jar=DummyCookieJar(), timeout=ClientTimeout(30)) as opened:
        yield opened


async def test_ADM_1_of_fifty_first_registrations_at_both_exactly_one_is_the_administrators(
    servers: list[ServerProcess], session: ClientSession
) -> None:
    accounts = await asyncio.gather(
        *(register(session, servers[number % 2].url, number) for number in range(50))
    )
    assert sorted(account["role"] for account in accounts) == ["admin"] + ["user"] * 49


async def test_SES_1_who_signs_out_at_one_is_out_at_the_other_within_a_second(
    servers: list[ServerProcess], session: ClientSession
) -> None:
    person = await Person.register(session, servers[0].url, "sam@example.org")
    beside = Person(session, servers[1].url, person.email, person.token)
    assert (await beside.ask("GET", "/users/me"))[0] == 200
    assert (await person.ask("POST", "/auth/logout"))[0] == 200
    over = time.monotonic()
    while (await beside.ask("GET", "/users/me"))[0] == 200:
        assert time.monotonic() - over < 5, "the session lives on"
        await asyncio.sleep(0.05)
    assert time.monotonic() - over < 1.0


async def test_parallel_edits_at_both_lose_nothing_and_every_count_agrees(
    servers: list[ServerProcess], session: ClientSession
) -> None:
    person = await Person.register(session, servers[0].url, "sam@example.org")
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
