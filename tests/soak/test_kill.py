"""A server that is killed at any moment loses nothing that it has acknowledged."""

from __future__ import annotations

import asyncio
import random
import time

from aiohttp import ClientError

from journiv.domain.ids import new_id
from tests.api.server import ServerProcess
from tests.soak.person import Person, assert_no_drift

WRITERS = 6
LONGEST_START = 5.0
GONE = ""


class Writer:
    """Writes, changes and throws away entries, and knows what must be there afterwards.

    `allowed` has the texts an entry may have now: one when the last write was acknowledged, two
    while it is on its way.
    """

    def __init__(self, person: Person, journal_id: str, name: str) -> None:
        self.person = person
        self.journal_id = journal_id
        self.name = name
        self.allowed: dict[str, set[str]] = {}
        self.acknowledged = 0

    async def run(self) -> None:
        """Write until the server is gone."""
        number = 0
        try:
            while True:
                number += 1
                await self.create(f"{self.name} wrote {number}")
                if number % 2:
                    await self.change(f"{self.name} changed {number}")
                if number % 3 == 0:
                    await self.throw_away()
        except ClientError:
            return

    async def create(self, text: str) -> None:
        entry_id = new_id()
        body = {"id": entry_id, "journal_id": self.journal_id, "title": "T", "content": text}
        await self.write(entry_id, text, "POST", "/entries/", body)

    async def change(self, text: str) -> None:
        entry_id = random.choice(self.there())
        await self.write(entry_id, text, "PUT", f"/entries/{entry_id}", {"content": text})

    async def throw_away(self) -> None:
        entry_id = random.choice(self.there())
        await self.write(entry_id, GONE, "DELETE", f"/entries/{entry_id}", None)

    def there(self) -> list[str]:
        return [entry_id for entry_id, texts in self.allowed.items() if GONE not in texts]

    async def write(self, entry_id: str, text: str, method: str, path: str, body: object) -> None:
        self.allowed[entry_id] = self.allowed.get(entry_id, {GONE}) | {text}
        status, answer = await self.person.ask(method, path, body)
        assert status in (200, 201, 204), answer
        self.allowed[entry_id] = {text}
        self.acknowledged += 1

    async def check(self) -> None:
        """Compare what is there with what may be there, and take it as known from now on."""
        for entry_id, texts in self.allowed.items():
            status, answer = await self.person.ask("GET", f"/entries/{entry_id}")
            text = GONE if status == 404 else answer["content"]
            assert text in texts
            self.allowed[entry_id] = {text}


async def test_no_acknowledged_write_is_lost_when_the_server_is_killed(
    server: ServerProcess, person: Person, soak_rounds: int
) -> None:
    journal_id = await person.journal()
    writers = [Writer(person, journal_id, f"Writer {number}") for number in range(WRITERS)]
    slowest = 0.0
    for _ in range(soak_rounds):
        writing = [asyncio.create_task(writer.run()) for writer in writers]
        await asyncio.sleep(random.uniform(0.05, 1))
        await asyncio.to_thread(server.kill)
        await asyncio.gather(*writing)
        began = time.monotonic()
        await asyncio.to_thread(server.start)
        slowest = max(slowest, time.monotonic() - began)
        for writer in writers:
            await writer.check()
        await asyncio.to_thread(assert_no_drift, server)
    written = sum(writer.acknowledged for writer in writers)
    print(f"{soak_rounds} kills, {written} acknowledged writes, slowest start {slowest:.2f} s")
    assert written > soak_rounds
    assert slowest < LONGEST_START
