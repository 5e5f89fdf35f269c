"""Twenty people read, write and refresh without a pause while the key changes."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Iterator
from pathlib import Path

import pytest
from aiohttp import ClientSession

from tests.api.server import SECRET_KEY, ServerProcess
from tests.security.stages import people_at
from tests.security.visitors import Crowd, Visitor

PEOPLE = 20
WELL = {200, 201}
STRICT = {"REFRESH_ROTATION": "strict", "REFRESH_GRACE_SECONDS": "60"}


@pytest.fixture
def server(tmp_path: Path) -> Iterator[ServerProcess]:
    process = ServerProcess(tmp_path, STRICT)
    process.start()
    yield process
    process.kill()


async def test_KEY_1_under_load_a_new_key_beside_the_old_one_loses_no_session(
    server: ServerProcess, session: ClientSession, soak_rounds: int
) -> None:
    people = await people_at(server, session, *(f"p{number}" for number in range(PEOPLE)))
    visitors = [Visitor(one, in_browser=number % 2 == 0) for number, one in enumerate(people)]
    key = SECRET_KEY
    async with Crowd(visitors) as crowd:
        await crowd.go_on(2)
        for _ in range(soak_rounds):
            previous, key = key, secrets.token_urlsafe(48)
            await asyncio.to_thread(server.restart, SECRET_KEY=key, SECRET_KEY_PREVIOUS=previous)
            await crowd.go_on(2)
    answers = crowd.answers()
    print(f"{soak_rounds} keys, {sum(answers.values())} answers to {PEOPLE} people")
    assert {status for _, status in answers} == WELL, answers
    assert {act for act, _ in answers} == {"read", "write", "renew"}
