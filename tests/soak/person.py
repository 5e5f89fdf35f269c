"""Somebody who uses a server, and the command line beside it."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import dataclass
from typing import Any

from aiohttp import ClientSession

from tests.api.server import ServerProcess

PASSWORD = "quill-Lantern-harbour-47"


@dataclass(frozen=True, slots=True)
class Person:
    session: ClientSession
    url: str
    email: str
    token: str

    @classmethod
    async def register(cls, session: ClientSession, url: str, email: str) -> Person:
        stranger = cls(session, url, email, "")
        account = {"email": email, "password": PASSWORD, "name": "Sam"}
        status, body = await stranger.ask("POST", "/auth/register", account)
        assert status == 201, body
        return await cls.sign_in(session, url, email)

    @classmethod
    async def sign_in(cls, session: ClientSession, url: str, email: str) -> Person:
        account = {"email": email, "password": PASSWORD}
        status, body = await cls(session, url, email, "").ask("POST", "/auth/login", account)
        assert status == 200, body
        return cls(session, url, email, body["access_token"])

    async def ask(self, method: str, path: str, body: Any = None) -> tuple[int, Any]:
        """Send a request; return the status and the answer's JSON, None for an empty one."""
        headers = {"Authorization": f"Bearer {self.token}"} if self.token else {}
        async with self.session.request(
            method, f"{self.url}/api/v1{path}", json=body, headers=headers
        ) as response:
            return response.status, await response.json() if await response.read() else None

    async def journal(self) -> str:
        status, body = await self.ask("POST", "/journals/", {"title": "Diary"})
        assert status == 201, body
        return str(body["id"])


def journiv(server: ServerProcess, *arguments: str) -> subprocess.Popen[str]:
    """Start the command line on a server's data."""
    return subprocess.Popen(
        [sys.executable, "-m", "journiv", *arguments],
        env={
            "PATH": os.environ["PATH"],
            "ENVIRONMENT": "test",
            "SECRET_KEY": "a-key-for-tests-and-for-nothing-else-0123456789",
            "JOURNIV_DATA": str(server.folder / "data"),
        },
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def assert_no_drift(server: ServerProcess) -> None:
    verify = journiv(server, "verify")
    said, _ = verify.communicate(timeout=120)
    assert verify.returncode == 0, said
