"""What was appended while parts failed is there once, whole, in an order that explains it."""

from __future__ import annotations

import asyncio
from collections import Counter
from pathlib import Path

from bench.cluster import Cluster
from tests.cluster.appending import Appender
from tests.cluster.caller import Caller, callers
from tests.cluster.checker import problems
from tests.cluster.faults import FAULTS, strike
from tests.cluster.history import Outcome, read, write

PEOPLE = 2
CLIENTS = 8
OPERATIONS = 500
JOURNALS_EACH = 20


async def test_an_append_only_history_under_faults_has_nothing_lost_and_no_phantom(
    cluster: Cluster, tmp_path: Path
) -> None:
    async with callers(cluster.url, PEOPLE, "history") as people:
        clients = [client for number, one in enumerate(people) for client in await of(one, number)]
        for steps in FAULTS.values():
            working = asyncio.gather(*(client.run(OPERATIONS // len(FAULTS)) for client in clients))
            try:
                await strike(cluster, steps)
            finally:
                await working
        assert sum(len(client.history) for client in clients) == CLIENTS * OPERATIONS
        for client in clients:
            await client.look_at_all()
    assert [one for client in clients for one in client.strange] == []
    path = tmp_path / "history.jsonl"
    write(path, (operation for client in clients for operation in client.history))
    history = read(path)
    assert problems(history) == [], f"the history is {path}"
    done = Counter(operation.outcome for operation in history)
    assert done[Outcome.DONE] > CLIENTS * OPERATIONS / 2, done
    print(f"{dict(done)}, of which {sum(one.value is not None for one in history)} appends")


async def of(person: Caller, number: int) -> list[Appender]:
    """Return the clients of one person, who share journals; every other one is patient."""
    journals = [
        (await person.made("/journals/", {"title": f"Diary {count}"}))["id"]
        for count in range(JOURNALS_EACH)
    ]
    each = CLIENTS // PEOPLE
    first = number * each
    return [
        Appender(count, person, journals, patience=count % 2 == 0)
        for count in range(first, first + each)
    ]
