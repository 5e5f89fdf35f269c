"""People who use a server without a pause, and go on when it comes back."""

from __future__ import annotations

import asyncio
from collections import Counter
from http.cookies import SimpleCookie
from typing import Any

from aiohttp import ClientError

from journiv.domain.ids import new_id
from tests.api.client import Answer, ApiClient
from tests.api.diary import write_journal

PAUSE = 0.05
WEB = {"X-Journiv-Client": "pwa", "Content-Type": "application/json"}


class Visitor:
    """Reads, writes and refreshes in turn; `answers` counts what that got, by act and status.

    The refresh token is kept in a cookie or, by other programs than browsers, in the body.
    """

    def __init__(self, person: ApiClient, *, in_browser: bool) -> None:
        self.person = person
        self.answers: Counter[tuple[str, int]] = Counter()
        self._in_browser = in_browser
        self._journal = ""
        self._refresh_token = ""

    async def arrive(self) -> None:
        """Sign in."""
        body = {"email": self.person.user["email"], "password": self.person.password}
        headers = WEB if self._in_browser else {}
        self._keep(await self.person.anonymous().post("/auth/login", body, headers=headers))
        self._journal = (await write_journal(self.person))["id"]

    async def stay(self, leave: asyncio.Event) -> None:
        """Do one after the other until told to leave."""
        while not leave.is_set():
            for act in (self._read, self._write, self._renew):
                await self._persist(act)

    def turns(self) -> int:
        """How often everything was done."""
        return sum(count for (act, _), count in self.answers.items() if act == "renew")

    async def _persist(self, act: Any) -> None:
        """Repeat while the server is not there, as programs do."""
        entry = new_id()
        while True:
            try:
                answer: Answer = await act(entry)
            except (ClientError, TimeoutError):
                await asyncio.sleep(PAUSE)
                continue
            if answer.status != 503:
                self.answers[act.__name__.lstrip("_"), answer.status] += 1
                return
            await asyncio.sleep(PAUSE)

    async def _read(self, entry: str) -> Answer:
        return await self.person.get("/entries/?limit=5")

    async def _write(self, entry: str) -> Answer:
        text = {"title": "A day", "content": "It rained.", "journal_id": self._journal}
        return await self.person.post("/entries/", {"id": entry, **text})

    async def _renew(self, entry: str) -> Answer:
        stranger = self.person.anonymous()
        if self._in_browser:
            cookie = {**WEB, "Cookie": f"jrt={self._refresh_token}"}
            answer = await stranger.post("/auth/refresh", headers=cookie)
        else:
            body = {"refresh_token": self._refresh_token}
            answer = await stranger.post("/auth/refresh", body)
        if answer.status == 200:
            self._keep(answer)
        return answer

    def _keep(self, answer: Answer) -> None:
        assert answer.status == 200, answer.json
        self.person.token = answer.json["access_token"]
        if self._in_browser:
            self._refresh_token = SimpleCookie(answer.headers["Set-Cookie"])["jrt"].value
        else:
            self._refresh_token = answer.json["refresh_token"]


class Crowd:
    """Visitors who are all at it at the same time."""

    def __init__(self, visitors: list[Visitor]) -> None:
        self._visitors = visitors
        self._leave = asyncio.Event()
        self._tasks: list[asyncio.Task[None]] = []

    async def __aenter__(self) -> Crowd:
        for visitor in self._visitors:
            await visitor.arrive()
        self._tasks = [asyncio.create_task(one.stay(self._leave)) for one in self._visitors]
        return self

    async def __aexit__(self, *error: object) -> None:
        self._leave.set()
        await asyncio.gather(*self._tasks)

    async def go_on(self, turns: int) -> None:
        """Wait until everybody has done everything that many times more."""
        goals = [(one, one.turns() + turns) for one in self._visitors]
        while any(visitor.turns() < goal for visitor, goal in goals):
            for task in self._tasks:
                if task.done():
                    task.result()
            await asyncio.sleep(PAUSE)

    def answers(self) -> Counter[tuple[str, int]]:
        """What all of them got."""
        return sum((one.answers for one in self._visitors), Counter())
