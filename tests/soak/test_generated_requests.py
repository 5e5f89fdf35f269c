"""Requests made up from the served OpenAPI document, sent by four kinds of callers."""

from __future__ import annotations

import asyncio

import pytest

from tests.api.server import ServerProcess
from tests.soak.generated import generate, read_only, things_of
from tests.soak.person import Person

EXAMPLES_A_ROUND = 3


@pytest.fixture
async def user(person: Person) -> Person:
    return await Person.register(person.session, person.url, "user@example.org")


@pytest.mark.parametrize("role", ["anonymous", "user", "read-only token", "admin"])
async def test_ERR_1_no_generated_request_breaks_server_or_document(
    server: ServerProcess, person: Person, user: Person, soak_rounds: int, role: str
) -> None:
    owner = person if role == "admin" else user
    ids = await things_of(owner)
    if role == "admin":
        subject = await Person.register(person.session, person.url, "subject@example.org")
        _, account = await subject.ask("GET", "/users/me")
        ids["user_id"] = ids["doomed"]["user_id"] = [account["id"]]
    token = {"anonymous": "", "read-only token": await read_only(user)}.get(role, owner.token)
    found = await asyncio.to_thread(generate, server, token, ids, EXAMPLES_A_ROUND * soak_rounds)
    assert not found, found
    status, _ = await owner.ask("GET", "/users/me")
    assert status == 200, "the caller's session ended in the middle"
