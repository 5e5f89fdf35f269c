"""Everything at once on the same few things: no answer is a failure, and every count agrees."""

from __future__ import annotations

import asyncio
import random

from tests.api.server import ServerProcess
from tests.soak.person import Person, assert_no_drift

ANSWERS = {200, 201, 204, 400, 404, 409, 412, 422}
Request = tuple[str, str, object]


async def test_deleting_moving_and_merging_while_others_write_breaks_nothing(
    server: ServerProcess, person: Person, soak_rounds: int
) -> None:
    moods = [mood["id"] for mood in (await person.ask("GET", "/moods/"))[1]]
    dice = random.Random(1660)
    for number in range(soak_rounds):
        requests = await storm(person, number, moods)
        dice.shuffle(requests)
        answers = await asyncio.gather(*(person.ask(*request) for request in requests))
        strange = [
            (request, status, body)
            for request, (status, body) in zip(requests, answers, strict=True)
            if status not in ANSWERS
        ]
        assert strange == []
    await asyncio.to_thread(assert_no_drift, server)


async def storm(person: Person, number: int, moods: list[str]) -> list[Request]:
    """Make two journals, an entry and four tags; return what to do with them at once."""
    here, there = await person.journal(), await person.journal()
    writing = {"title": "t", "content": "one two", "journal_id": here}
    entry = await _made(person, "/entries/", writing)
    tags = [await _made(person, "/tags/", {"name": f"{number}-{n}"}) for n in range(4)]
    return [
        *(("PUT", f"/entries/{entry}", {"content": "x " * n + "y"}) for n in range(6)),
        *(("PUT", f"/entries/{entry}", {"journal_id": one}) for one in (here, there) * 3),
        *(("POST", f"/entries/{entry}/pin", None) for _ in range(4)),
        *(("POST", f"/entries/{entry}/tags/bulk", [f"a{n}", "b"]) for n in range(6)),
        *(("POST", f"/tags/entry/{entry}/tag/{tag}", None) for tag in tags),
        *(("DELETE", f"/tags/entry/{entry}/tag/{tag}", None) for tag in tags),
        *(("POST", f"/tags/{tags[n]}/merge/{tags[n - 1]}", None) for n in range(4)),
        *(("PUT", f"/tags/{tag}", {"name": "same"}) for tag in tags),
        *(("POST", "/moods/log", {"mood_id": mood, "entry_id": entry}) for mood in moods[:6]),
        *(("POST", "/entries/", {**writing, "journal_id": there}) for _ in range(6)),
        *(("POST", "/journals/", {"title": f"{number}"}) for _ in range(3)),
        *(("GET", path, None) for path in (f"/entries/{entry}", "/timeline", "/entries/")),
        ("DELETE", f"/entries/{entry}", None),
        ("POST", f"/trash/{entry}/restore", None),
        ("DELETE", f"/trash/{entry}", None),
        ("DELETE", f"/journals/{there}", None),
        ("POST", f"/journals/{here}/archive", None),
        ("DELETE", f"/tags/{tags[0]}", None),
    ]  # fmt: skip


async def _made(person: Person, path: str, body: object) -> str:
    status, answer = await person.ask("POST", path, body)
    assert status == 201, answer
    return str(answer["id"])
