"""Short words for what most tests do first."""

from __future__ import annotations

from typing import Any

from tests.api.client import ApiClient

Json = dict[str, Any]


async def write_journal(person: ApiClient, **fields: Any) -> Json:
    """Make a journal."""
    answer = await person.post("/journals/", {"title": "Diary", **fields})
    assert answer.status == 201, answer.json
    made: Json = answer.json
    return made


async def write_entry(person: ApiClient, journal: Json, **fields: Any) -> Json:
    """Write an entry into a journal."""
    body = {"title": "A day", "content": "It rained.", "journal_id": journal["id"], **fields}
    answer = await person.post("/entries/", body)
    assert answer.status == 201, answer.json
    made: Json = answer.json
    return made
