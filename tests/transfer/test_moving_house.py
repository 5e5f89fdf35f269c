"""Pepys's diary from SQLite to PostgreSQL and back: nothing is lost and everybody comes in."""

from __future__ import annotations

import asyncio
import logging
import random
import signal
import subprocess
import sys
from collections.abc import Mapping
from functools import partial
from pathlib import Path

from journiv.contracts.repositories.entries import EntrySearch, Page
from journiv.contracts.storage import Store, Transaction
from journiv.domain.scope import SYSTEM, UserScope
from journiv.domain.text import fold
from journiv_store_postgres.connections import Tuning
from journiv_store_postgres.store import PostgresStore
from tests.api.server import SECRET_KEY, ServerProcess
from tests.conftest import sqlite_store
from tests.services.postgres import PostgresServer

DIARY = Path(__file__).parents[1] / "data" / "pepys.ndjson.gz"
EMAIL = "pepys@example.org"
ACCOUNT = {"email": EMAIL, "password": "quill-Lantern-harbour-47"}
HOW = ("--format", "ndjson", "--user", EMAIL, "--journal", "Diary")
QUERIES = 500


def test_the_diary_moves_to_postgres_and_back(postgres: PostgresServer, tmp_path: Path) -> None:
    first, back = tmp_path / "data" / "journiv.db", tmp_path / "back.db"
    url = postgres.new_database()
    refresh = _write_diary(tmp_path)
    run = partial(_journiv, tmp_path)
    held = _killed_in_the_middle(first, url, postgres)
    there = run("copy-store", "--to", url)
    assert held < _held(url, postgres)
    home = run("copy-store", "--to", f"sqlite:///{back}", DATABASE_URL=url)
    assert there == home
    assert there.endswith("the copy is the same.\n")
    asyncio.run(_compare(first, url, back))
    _comes_in(tmp_path, url, refresh)


def _killed_in_the_middle(first: Path, url: str, postgres: PostgresServer) -> set[str]:
    """Start a copy that dies, and return what is there of the entries."""
    killed = subprocess.run(
        [sys.executable, "-m", "tests.transfer.killed", first, url, "4000"],
        timeout=60, capture_output=True,
    )  # fmt: skip
    assert killed.returncode == -signal.SIGKILL, killed.stderr
    held = _held(url, postgres)
    assert 0 < len(held) < 3413
    return held


def _held(url: str, postgres: PostgresServer) -> set[str]:
    """Return each entry with the transaction that brought it."""
    return set(postgres.run("SELECT xmin, id FROM moments", url.rpartition("/")[2]).splitlines())


def _write_diary(folder: Path) -> str:
    """Make an account by a server, fill it, and return what renews its session."""
    server = ServerProcess(folder, {})
    server.start()
    server.post("/api/v1/auth/register", {**ACCOUNT, "name": "Samuel"})
    session = server.post("/api/v1/auth/login", ACCOUNT)
    assert server.stop() == 0
    _journiv(folder, "import", str(DIARY), *HOW)
    return str(session["refresh_token"])


def _comes_in(folder: Path, url: str, refresh: str) -> None:
    """Sign in at a server over the copy, by the password and by the session from before."""
    server = ServerProcess(folder, {"DATABASE_URL": url})
    server.start()
    assert server.post("/api/v1/auth/login", ACCOUNT)["access_token"]
    assert server.post("/api/v1/auth/refresh", {"refresh_token": refresh})["access_token"]
    assert server.stop() == 0


async def _compare(first: Path, url: str, back: Path) -> None:
    over = PostgresStore(url, url, logging.getLogger("journiv.tests"), Tuning())
    async with sqlite_store(first) as old, over as middle, sqlite_store(back) as new:
        stores: tuple[Store, ...] = (old, middle, new)
        canonical = [await _digests(store) for store in stores]
        assert canonical[0] == canonical[1] == canonical[2]
        assert sum(rows for rows, _ in canonical[0].values()) > 6000
        queries = await _queries(old)
        found = [await _search(store, queries) for store in stores]
        assert found[0] == found[1] == found[2]
        assert sum(map(bool, found[0])) > QUERIES // 2


async def _digests(store: Store) -> Mapping[str, tuple[int, str]]:
    async with store.copying().snapshot() as snapshot:
        found = {table: await snapshot.digest(table) for table in await snapshot.counts()}
    return {table: (digest.rows, digest.sha256) for table, digest in found.items()}


async def _queries(store: Store) -> list[str]:
    """Cut pieces out of the diary's texts, and change every fifth so that it may not occur."""
    choice = random.Random(1660)

    def texts(tx: Transaction) -> list[str]:
        return [entry["content"] for entry in tx.entries.page(Page(limit=300))]

    folded = [fold(text) for text in await store.read(await _person(store), texts, long=True)]
    cut: list[str] = []
    while len(cut) < QUERIES:
        text = choice.choice(folded)
        start, length = choice.randrange(len(text) + 1), choice.randint(1, 14)
        piece = text[start : start + length].strip()
        if piece:
            cut.append(piece[::-1] if len(cut) % 5 == 0 else piece)
    return cut


async def _search(store: Store, queries: list[str]) -> list[list[str]]:
    def search(tx: Transaction) -> list[list[str]]:
        return [
            [entry["id"] for entry in tx.entries.search(EntrySearch(needles=(query,)), Page())]
            for query in queries
        ]

    return await store.read(await _person(store), search, long=True)


async def _person(store: Store) -> UserScope:
    user = await store.read(SYSTEM, lambda tx: tx.users.by_email(EMAIL))
    assert user is not None
    return UserScope(user["id"])


def _journiv(folder: Path, *arguments: str, **settings: str) -> str:
    environment = {
        "ENVIRONMENT": "test",
        "SECRET_KEY": SECRET_KEY,
        "JOURNIV_DATA": str(folder / "data"),
        **settings,
    }
    done = subprocess.run(
        [sys.executable, "-m", "journiv", *arguments],
        env=environment, cwd=folder, capture_output=True, text=True, timeout=120,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return done.stdout
