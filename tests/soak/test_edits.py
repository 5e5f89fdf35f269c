"""Thirty people, or thirty windows, change one entry at the same time."""

from __future__ import annotations

import asyncio

from tests.api.server import ServerProcess
from tests.soak.person import Person, assert_no_drift

EDITS = 30


async def texts_of(person: Person, entry_id: str) -> list[str]:
    """Return every text an entry has or had."""
    _, entry = await person.ask("GET", f"/entries/{entry_id}")
    _, revisions = await person.ask("GET", f"/entries/{entry_id}/revisions")
    texts = [entry["content"]]
    for revision in revisions:
        _, old = await person.ask("GET", f"/entries/{entry_id}/revisions/{revision['number']}")
        texts.append(old["content"])
    return texts


async def test_thirty_edits_at_once_lose_no_text(
    server: ServerProcess, person: Person, soak_rounds: int
) -> None:
    journal_id = await person.journal()
    for number in range(soak_rounds):
        first = {"journal_id": journal_id, "title": "Shared", "content": f"first of {number}"}
        _, entry = await person.ask("POST", "/entries/", first)
        path = f"/entries/{entry['id']}"
        written = {f"edit {edit} of {number}" for edit in range(EDITS)}
        answers = await asyncio.gather(
            *(person.ask("PUT", path, {"content": text}) for text in written)
        )
        assert {status for status, _ in answers} == {200}
        assert set(await texts_of(person, entry["id"])) == {*written, first["content"]}
    await asyncio.to_thread(assert_no_drift, server)
