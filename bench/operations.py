"""What is measured, and how much it may cost."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from uuid import uuid4

from bench import corpus
from bench.client import Client
from bench.load import Load

Lines = Callable[[Client], list[str]]
CREATED: Final = 2000
PEOPLE: Final = 12
_RARE_3: Final = f"/entries/search?q={corpus.RARE}&limit=3"


@dataclass(frozen=True, slots=True)
class Operation:
    """One kind of request.

    `goal` is the most CPU it may take, as a multiple of a bare handler that answers with the same
    bytes; `beat` is the figure to reach beyond it. `lines` are what `requests.lua` reads. Who asks
    for the health of a server is not signed in.
    """

    name: str
    goal: float
    beat: float | None
    lines: Lines
    method: str = "GET"
    signed_in: bool = True

    def load(self, client: Client, folder: Path) -> Load:
        """Write the requests to a file of the folder."""
        path = folder / f"{self.name.replace(' ', '-')}.requests"
        path.write_text("\n".join(self.lines(client)) + "\n")
        return Load(self.method, path)

    def answer(self, client: Client) -> bytes:
        """Return the bytes of one answer, for the bare handler."""
        path, _, body = self.lines(client)[0].partition("\t")
        return client.body(self.method, path, body or None)


def _path(path: str) -> Lines:
    return lambda client: [f"/api/v1{path}"]


def _ids(client: Client) -> list[str]:
    entries = client.get("/entries/?limit=100")
    return [f"/api/v1/entries/{entry['id']}" for entry in entries]


def _new_entries(client: Client) -> list[str]:
    texts = corpus.Corpus()
    journal = client.get("/journals/")[0]["id"]
    bodies = (
        json.dumps(
            {
                "journal_id": journal,
                "title": f"Entry {number}",
                "content": texts.text(),
                "entry_timezone": "Europe/Berlin",
            }
        )
        for number in range(CREATED)
    )
    return [f"/api/v1/entries/\t{body}" for body in bodies]


def _new_entries_of_people(client: Client) -> list[str]:
    """Return what `PEOPLE` write in turn, each into a diary of their own."""
    lines = []
    for number in range(PEOPLE):
        person = Client(client.server, f"{uuid4().hex}@example.org", number + 2)
        person.register()
        person.post("/journals/", {"title": "Diary"})
        lines.append([f"{line}\t{person.token}" for line in _new_entries(person)[:200]])
    return [line for turn in zip(*lines, strict=True) for line in turn]


def _search(word: str) -> Lines:
    return _path(f"/entries/search?q={word}")


HEALTH: Final = Operation("health", 2.5, 2, _path("/health"), signed_in=False)
GET_ONE: Final = Operation("get one", 5, 3.5, _ids)
LIST_20: Final = Operation("list 20", 8, 6, _path("/entries/?limit=20"))
STREAK: Final = Operation("streak", 5, 3.5, _path("/analytics/writing-streak"))
RARE: Final = Operation("search rare", 20, None, _search(corpus.RARE))
MEDIUM: Final = Operation("search medium", 80, None, _search(corpus.MEDIUM))
COMMON: Final = Operation("search common", 30, None, _search(corpus.COMMON))
CREATE: Final = Operation("create", 35, 25, _new_entries, method="POST")
CREATE_BY_PEOPLE: Final = Operation(
    "create, 12 people", 35, None, _new_entries_of_people, method="POST"
)

ALL: Final = (
    HEALTH,
    GET_ONE,
    LIST_20,
    Operation("list 100", 14, 12, _path("/entries/?limit=100")),
    STREAK,
    Operation("moods", 5.5, 4, _path("/moods/")),
    Operation("mood logs 50", 12, None, _path("/moods/logs?limit=50")),
    Operation("dashboard", 20, 15, _path("/analytics/dashboard")),
    RARE,
    MEDIUM,
    COMMON,
    CREATE,
)

RARE_3: Final = Operation("search rare, 3 hits", 20, None, _path(_RARE_3))
GROWING: Final = {
    LIST_20: 1.3, GET_ONE: 1.3, STREAK: 1.3, RARE_3: 3, MEDIUM: 3, COMMON: 3, CREATE: 1.3,
}  # fmt: skip
"""How much more CPU each may take with a million entries than with ten thousand.

Of ten thousand entries three have the rare word, so three are asked of a million, too: the same
answer on both sides.
"""
