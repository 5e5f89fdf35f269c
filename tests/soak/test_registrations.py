"""Fifty people find a new server at the same moment."""

from __future__ import annotations

import asyncio
from pathlib import Path

from aiohttp import ClientSession

from tests.api.server import ServerProcess
from tests.soak.person import PASSWORD, Person

PEOPLE = 50


async def test_ADM_1_of_fifty_first_registrations_exactly_one_becomes_the_administrator(
    tmp_path: Path, session: ClientSession, soak_rounds: int
) -> None:
    for number in range(soak_rounds):
        folder = tmp_path / str(number)
        folder.mkdir()
        server = ServerProcess(folder, {})
        await asyncio.to_thread(server.start)
        try:
            await one_administrator(session, server)
        finally:
            await asyncio.to_thread(server.kill)


async def one_administrator(session: ClientSession, server: ServerProcess) -> None:
    accounts = await asyncio.gather(
        *(register(session, server.url, number) for number in range(PEOPLE))
    )
    (admin,) = (account for account in accounts if account["role"] == "admin")
    person = await Person.sign_in(session, server.url, admin["email"])
    _, everybody = await person.ask("GET", "/admin/users?limit=100")
    roles = [account["role"] for account in everybody]
    assert sorted(roles) == ["admin"] + ["user"] * (PEOPLE - 1)


async def register(session: ClientSession, url: str, number: int) -> dict[str, str]:
    """Open an account; beyond the queue for hashing passwords people are asked to come again."""
    body = {"email": f"p{number}@example.org", "password": PASSWORD, "name": "P"}
    stranger = Person(session, url, body["email"], "")
    status, answer = await stranger.ask("POST", "/auth/register", body)
    while status == 503:
        await asyncio.sleep(0.2)
        status, answer = await stranger.ask("POST", "/auth/register", body)
    assert status == 201, answer
    account: dict[str, str] = answer
    return account
