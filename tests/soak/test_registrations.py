"""Fifty people find a new server at the same moment."""

from __future__ import annotations

import asyncio
from pathlib import Path

from aiohttp import ClientSession

from tests.api.server import ServerProcess
from tests.soak.person import PASSWORD, Person

PEOPLE = 50


async def test_of_fifty_first_registrations_exactly_one_becomes_the_administrator(
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
    answers = await asyncio.gather(
        *(register(session, server.url, number) for number in range(PEOPLE))
    )
    # Beyond the queue for hashing passwords people are asked to come again.
    assert {status for status, _ in answers} <= {201, 503}
    accounts = [account for status, account in answers if status == 201]
    (admin,) = (account for account in accounts if account["role"] == "admin")
    person = await Person.sign_in(session, server.url, admin["email"])
    _, everybody = await person.ask("GET", "/admin/users?limit=100")
    roles = [account["role"] for account in everybody]
    assert sorted(roles) == ["admin"] + ["user"] * (len(accounts) - 1)


async def register(session: ClientSession, url: str, number: int) -> tuple[int, dict[str, str]]:
    body = {"email": f"p{number}@example.org", "password": PASSWORD, "name": "P"}
    return await Person(session, url, body["email"], "").ask("POST", "/auth/register", body)
