"""A mixed load that knows what must be there afterwards."""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from dataclasses import dataclass, field

from journiv.domain.ids import new_id
from tests.cluster.caller import Answer, Caller

GONE = ""
PAUSE = (0.05, 0.3)


@dataclass(slots=True)
class Tally:
    """What all clients were answered: by status, and what should not have been."""

    statuses: Counter[int] = field(default_factory=Counter)
    acknowledged: int = 0
    strange: list[str] = field(default_factory=list)


class Client:
    """Writes, changes, throws away, reads, lists and searches in a journal of its own.

    `allowed` has the texts an entry may have now: one when the last write was acknowledged, and
    more when a write was answered with 503, which may have been carried out or not.
    """

    def __init__(self, person: Caller, journal: str, name: str, tally: Tally) -> None:
        self._person = person
        self._journal = journal
        self._name = name
        self._tally = tally
        self._written = 0
        self.allowed: dict[str, set[str]] = {}

    async def run(self, until: asyncio.Event) -> None:
        """Go on until told to stop."""
        acts = (self._create, self._create, self._change, self._throw_away, self._read, self._list)
        while not until.is_set():
            act = random.choice(acts) if self._known() else self._create
            await act()
            await asyncio.sleep(random.uniform(*PAUSE))

    async def check(self) -> list[str]:
        """Compare all that is in the journal with what may be there; return what is wrong."""
        there = await self._all()
        wrong = [f"a phantom: {entry}" for entry in there if entry not in self.allowed]
        for entry, texts in self.allowed.items():
            if there.get(entry, GONE) not in texts:
                wrong.append(f"{entry} is {there.get(entry, GONE)!r}, which is none of {texts}")
            self.allowed[entry] = {there.get(entry, GONE)}
        return wrong

    async def _create(self) -> None:
        self._written += 1
        entry, text = new_id(), f"{self._name} wrote {self._written}"
        body = {"id": entry, "journal_id": self._journal, "title": "T", "content": text}
        await self._write(entry, text, "POST", "/entries/", body)

    async def _change(self) -> None:
        self._written += 1
        entry, text = random.choice(self._known()), f"{self._name} changed {self._written}"
        await self._write(entry, text, "PUT", f"/entries/{entry}", {"content": text})

    async def _throw_away(self) -> None:
        entry = random.choice(self._known())
        await self._write(entry, GONE, "DELETE", f"/entries/{entry}", None)

    async def _read(self) -> None:
        entry = random.choice(self._known())
        answer = await self._ask("GET", f"/entries/{entry}")
        if answer.status == 200 and {answer.body["content"]} != self.allowed[entry]:
            self._tally.strange.append(f"{entry} reads {answer.body['content']!r}")

    async def _list(self) -> None:
        path = random.choice(("/entries/?limit=20", "/entries/search?q=wrote&limit=5", "/moods/"))
        await self._ask("GET", path)

    async def _write(self, entry: str, text: str, method: str, path: str, body: object) -> None:
        before = self.allowed.get(entry, {GONE})
        self.allowed[entry] = before | {text}
        answer = await self._ask(method, path, body)
        if 200 <= answer.status < 300:
            self.allowed[entry] = {text}
            self._tally.acknowledged += 1
        elif answer.status == 429:
            self.allowed[entry] = before

    async def _ask(self, method: str, path: str, body: object = None) -> Answer:
        answer = await self._person.ask(method, path, body)
        self._tally.statuses[answer.status] += 1
        come_again = answer.status in (429, 503) and answer.retry_after is not None
        if not 200 <= answer.status < 300 and not come_again:
            self._tally.strange.append(f"{method} {path} answered {answer.status}: {answer.body}")
        return answer

    def _known(self) -> list[str]:
        """Return the entries that are there for sure."""
        return [key for key, texts in self.allowed.items() if GONE not in texts and len(texts) == 1]

    async def _all(self) -> dict[str, str]:
        found: dict[str, str] = {}
        while True:
            path = f"/entries/journal/{self._journal}?limit=100&offset={len(found)}"
            answer = await self._person.ask("GET", path)
            assert answer.status == 200, answer
            found |= {entry["id"]: entry["content"] for entry in answer.body}
            if len(answer.body) < 100:
                return found


async def clients(people: list[Caller], each: int, tally: Tally) -> list[Client]:
    """Return several clients for every person, each with a journal."""
    made = []
    for person in people:
        for number in range(each):
            journal = await person.made("/journals/", {"title": f"Diary {number}"})
            made.append(Client(person, journal["id"], f"{person.email} {number}", tally))
    return made
