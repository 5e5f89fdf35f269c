"""An import beside a server in use, and one that is killed."""

from __future__ import annotations

import asyncio
import random
import subprocess
import time
from pathlib import Path

from tests.api.server import ServerProcess
from tests.soak.person import Person, assert_no_drift, journiv

DIARY = Path(__file__).parent.parent / "data" / "pepys.ndjson.gz"
ENTRIES = 3413
WRITERS = 4


def start_import(server: ServerProcess, person: Person, journal: str) -> subprocess.Popen[str]:
    return journiv(
        server, "import", str(DIARY), "--format", "ndjson", "--user", person.email,
        "--journal", journal, "--zone", "Europe/London",
    )  # fmt: skip


async def total(person: Person) -> int:
    _, streak = await person.ask("GET", "/analytics/writing-streak")
    return int(streak["total_entries"])


async def write_until(done: asyncio.Event, person: Person, journal_id: str) -> list[float]:
    """Write entry after entry and return how long each took, in seconds."""
    taken: list[float] = []
    while not done.is_set():
        began = time.monotonic()
        body = {"journal_id": journal_id, "title": "T", "content": "while the diary comes in"}
        status, answer = await person.ask("POST", "/entries/", body)
        assert status == 201, answer
        taken.append(time.monotonic() - began)
    return taken


async def test_people_write_while_a_diary_is_imported(
    server: ServerProcess, person: Person
) -> None:
    journal_id, done = await person.journal(), asyncio.Event()
    running = start_import(server, person, "Imported")
    writing = [asyncio.create_task(write_until(done, person, journal_id)) for _ in range(WRITERS)]
    said, _ = await asyncio.to_thread(running.communicate)
    done.set()
    taken = [seconds for task in writing for seconds in await task]
    print(f"{len(taken)} entries written meanwhile, the slowest in {max(taken):.2f} s")
    assert running.returncode == 0, said
    assert await total(person) == ENTRIES + len(taken)
    await asyncio.to_thread(assert_no_drift, server)


async def test_a_killed_import_is_finished_by_the_next_one(
    server: ServerProcess, person: Person, soak_rounds: int
) -> None:
    for number in range(1, soak_rounds + 1):
        someone = await Person.register(person.session, person.url, f"p{number}@example.org")
        running = start_import(server, someone, "Diary")
        await asyncio.sleep(random.uniform(0.3, 1.5))
        running.kill()
        running.communicate()
        again = start_import(server, someone, "Diary")
        said, _ = await asyncio.to_thread(again.communicate)
        assert again.returncode == 0, said
        assert await total(someone) == ENTRIES
    await asyncio.to_thread(assert_no_drift, server)
