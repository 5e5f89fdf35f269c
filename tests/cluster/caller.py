"""Somebody at the one address of all replicas, or at one of them."""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from typing import Any

import orjson
from aiohttp import ClientSession, ClientTimeout, DummyCookieJar, TCPConnector

PASSWORD = "quill-Lantern-harbour-47"


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    retry_after: str | None
    headers: dict[str, str]
    body: Any


@dataclass(frozen=True, slots=True)
class Caller:
    """Asks `url`, signed in when there is a token."""

    session: ClientSession
    url: str
    email: str
    token: str = ""
    user: dict[str, Any] = field(default_factory=dict)
    refresh_token: str = ""

    def at(self, url: str) -> Caller:
        """The same person at another address."""
        return replace(self, url=url)

    async def ask(
        self, method: str, path: str, body: Any = None, headers: dict[str, str] | None = None
    ) -> Answer:
        sent = {"Authorization": f"Bearer {self.token}"} if self.token else {}
        async with self.session.request(
            method, f"{self.url}/api/v1{path}", json=body, headers=sent | (headers or {})
        ) as answer:
            read = await answer.read()
            return Answer(
                answer.status,
                answer.headers.get("Retry-After"),
                dict(answer.headers),
                orjson.loads(read) if read else None,
            )

    async def made(self, path: str, body: Any) -> Any:
        """Make something and return it."""
        answer = await self.ask("POST", path, body)
        assert answer.status in (200, 201), answer
        return answer.body

    async def open_account(self) -> dict[str, Any]:
        """Register, again while the queue for hashing passwords is full; return the account."""
        body = {"email": self.email, "password": PASSWORD, "name": "Sam"}
        while (answer := await self.ask("POST", "/auth/register", body)).status == 503:
            await asyncio.sleep(0.2)
        assert answer.status == 201, answer
        account: dict[str, Any] = answer.body
        return account

    async def register(self) -> Caller:
        """Open an account and sign in."""
        await self.open_account()
        return await self.sign_in()

    async def sign_in(self) -> Caller:
        body = await self.made("/auth/login", {"email": self.email, "password": PASSWORD})
        return replace(
            self,
            token=body["access_token"],
            user=body["user"],
            refresh_token=body["refresh_token"],
        )


@asynccontextmanager
async def strangers(url: str, count: int, name: str) -> AsyncIterator[list[Caller]]:
    """People without an account, each at an address of their own: limits count by address."""
    net = random.SystemRandom().randrange(1, 250)
    sessions = [
        ClientSession(
            connector=TCPConnector(local_addr=(f"127.{net}.{number // 200}.{number % 200 + 1}", 0)),
            cookie_jar=DummyCookieJar(),
            timeout=ClientTimeout(30),
        )
        for number in range(count)
    ]
    try:
        yield [
            Caller(session, url, f"{name}-{number}@example.org")
            for number, session in enumerate(sessions)
        ]
    finally:
        await asyncio.gather(*(session.close() for session in sessions))


@asynccontextmanager
async def callers(url: str, count: int, name: str) -> AsyncIterator[list[Caller]]:
    """People who are signed in."""
    async with strangers(url, count, name) as people:
        first = await people[0].register()  # the first account of all is made alone
        yield [first, *[await person.register() for person in people[1:]]]
