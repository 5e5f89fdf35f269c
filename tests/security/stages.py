"""A server of a test's own, somebody at it, and what its database holds."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

from aiohttp import ClientSession

from tests.api.client import Answer, ApiClient
from tests.api.conftest import register
from tests.api.server import ServerProcess

# Settings that put single sign-on into the document; nobody answers as its provider.
FEDERATED = {
    "OIDC_ENABLED": "true",
    "OIDC_ISSUER": "http://127.0.0.1:1",
    "OIDC_CLIENT_ID": "diary",
    "OIDC_CLIENT_SECRET": "a-secret-of-this-test",
}
MINUTE = 60
DAY = 24 * 60 * MINUTE


def federated(folder: Path) -> Iterator[ServerProcess]:
    """Run a server that offers single sign-on too: the `server` of a module."""
    process = ServerProcess(folder, FEDERATED)
    process.start()
    yield process
    assert process.stop() == 0, process.log.read_text(errors="replace")


def stranger_at(server: ServerProcess, session: ClientSession) -> ApiClient:
    """Nobody in particular."""
    return ApiClient(session, server.url, server.contract)


async def people_at(server: ServerProcess, session: ClientSession, *names: str) -> list[ApiClient]:
    """Register and sign in; the first is the administrator."""
    stranger = stranger_at(server, session)
    return [await register(stranger, f"{name}@example.org") for name in names]


def later(server: ServerProcess, seconds: int) -> None:
    """Start the server again with its clock this much ahead of the machine's."""
    server.restart(JOURNIV_TEST_CLOCK=f"+{seconds}")


def rows(server: ServerProcess, statement: str, *values: Any) -> list[Any]:
    """Read the database of a server, beside it."""
    [path] = server.folder.rglob("journiv.db")
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as connection:
        return connection.execute(statement, values).fetchall()


def await_sweep(server: ServerProcess) -> None:
    """Wait until the files of what was deleted are deleted too; a minute is promised."""
    end = time.monotonic() + 60
    while rows(server, "SELECT count(*) FROM media_waste") != [(0,)]:
        assert time.monotonic() < end
        time.sleep(0.1)


def dump(server: ServerProcess) -> str:
    """Everything in the database, as text."""
    [path] = server.folder.rglob("journiv.db")
    with closing(sqlite3.connect(path)) as connection:
        return "".join(connection.iterdump())


async def log_in(person: ApiClient, **headers: str) -> dict[str, Any]:
    """Sign in once more and return the tokens."""
    body = {"email": person.user["email"], "password": person.password}
    answer = await person.anonymous().post("/auth/login", body, headers=headers)
    assert answer.status == 200, answer.json
    tokens: dict[str, Any] = answer.json
    return tokens


async def refresh(person: ApiClient, token: str) -> Answer:
    """Present a refresh token."""
    return await person.anonymous().post("/auth/refresh", {"refresh_token": token})


async def renewed(person: ApiClient, token: str) -> str:
    """Present a refresh token that is good, and return its successor."""
    answer = await refresh(person, token)
    assert answer.status == 200, answer.json
    successor: str = answer.json["refresh_token"]
    return successor


async def status_of(person: ApiClient, access: str) -> int:
    """What an access token gets its bearer."""
    return (await person.with_token(access).get("/users/me")).status
