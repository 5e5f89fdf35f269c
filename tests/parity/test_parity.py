from __future__ import annotations

from collections import Counter
from typing import Any

from tests.parity.corpus import Corpus, Request, operations
from tests.parity.side import Side

SEED = 1660
REQUESTS = 2200


async def ask_both(sides: list[Side], request: Request) -> list[dict[str, Any]]:
    # One after the other: two at once on a shared machine would only take turns.
    return [await side.ask(request) for side in sides]


async def test_the_same_requests_get_the_same_answers_from_either_store(sides: list[Side]) -> None:
    document = sides[0].server.get("/api/v1/openapi.json")
    corpus, asked, statuses = Corpus(document, SEED), Counter[str](), Counter[int]()
    different = []
    for number, request in enumerate(corpus.requests(REQUESTS)):
        one, other = await ask_both(sides, request)
        asked[request.operation] += 1
        statuses[one["status"]] += 1
        if one != other:
            different.append(f"{number}: {request}\n  sqlite   {one}\n  postgres {other}")
    assert not different, f"{len(different)} differ\n" + "\n".join(different)[:6000]
    assert {operation.name for operation in operations(document)} == set(asked)
    assert asked.total() >= 2000
    # The corpus is worth something only while it also gets what it asks for.
    assert statuses[200] + statuses[201] + statuses[204] > asked.total() * 0.35
    assert not [status for status in statuses if status >= 500], statuses
