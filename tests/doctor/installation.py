"""A journal that has been running well for a while, and ways to spoil it."""

from __future__ import annotations

import asyncio
import json
import shutil
import sqlite3
import subprocess
from collections.abc import Mapping
from contextlib import closing
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any, Final

from journiv.config.secrets import derive
from journiv.contracts.storage import Store, Transaction
from journiv.domain.clock import instant
from journiv.domain.ids import new_id
from journiv.domain.scope import SYSTEM
from journiv.services.accounts.audit import Audit
from journiv.services.doctor.seen import key_name
from tests.cli.conftest import command, environment
from tests.conftest import sqlite_store

KEY: Final = "4rT8sQmZ1vYxK7bWc0LdNfPg2HjUe9aO"
GOOD: Final = {
    "ENVIRONMENT": "production",
    "DOMAIN_NAME": "diary.test",
    "DOMAIN_SCHEME": "https",
    "TRUSTED_PROXIES": "127.0.0.1/32",
    "ARGON2_PROFILE": "low",
    "APP_PORT": "1",  # where nobody is, whatever else runs on this machine
    "SECRET_KEY": KEY,
}
SEEN: Final = {"ignored": 0, "named": 9, "unnamed": 0, "probes": 5, "scheme": "https"}
_NEVER: Final = "9000-01-01T00:00:00.000000Z"


def ago(**span: float) -> str:
    return instant(datetime.now(UTC) - timedelta(**span))


class Installation:
    """A data folder with a migrated database and one administrator who has a second factor."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.data = folder / "data"
        self.database = self.data / "journiv.db"

    @classmethod
    def make(cls, folder: Path) -> Installation:
        made = cls(folder)
        made.journiv("migrate")
        made.journiv("user", "create", "sam@example.org", typed="quill-Lantern-harbour-47\n")
        [(owner,)] = made.sql("SELECT id FROM users")
        made.keep("totp", owner, {"confirmed": True, "seed": "", "step": 0, "recovery": []})
        made.keep("doctor", "seen", SEEN)
        made.use_key(KEY)
        (made.data / "release.json").write_text('{"latest": "0.0.1"}')
        return made

    def copy(self, folder: Path) -> Installation:
        shutil.copytree(self.data, folder / "data")
        return Installation(folder)

    def journiv(self, *arguments: str, typed: str = "", **settings: str) -> str:
        done = self.run(*arguments, typed=typed, **settings)
        assert done.returncode == 0, done.stderr
        return done.stdout

    def run(
        self, *arguments: str, typed: str = "", **settings: str
    ) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            command(*arguments),
            env=environment(self.data, **(GOOD | settings)),
            cwd=self.folder,
            input=typed,
            capture_output=True,
            text=True,
            timeout=60,
        )

    def lines(self, *arguments: str, **settings: str) -> dict[str, str]:
        """Return how each line stands; the exit code is 1 exactly when one fails."""
        done = self.run("doctor", "--json", *arguments, **settings)
        assert done.stdout, done.stderr
        found = {row["id"]: row["status"] for row in json.loads(done.stdout)}
        assert done.returncode == int("fail" in found.values())
        return found

    def sql(self, statement: str, *values: Any) -> list[tuple[Any, ...]]:
        with closing(sqlite3.connect(self.database)) as connection, connection:
            return connection.execute(statement, values).fetchall()

    def keep(self, namespace: str, key: str, value: Any) -> None:
        self.sql(
            "INSERT OR REPLACE INTO key_values (namespace, key, value, expires_at) "
            "VALUES (?, ?, ?, ?)",
            namespace, key, json.dumps(value), _NEVER,
        )  # fmt: skip

    def saw(self, **changes: Any) -> None:
        """Change what the server noted of requests."""
        self.keep("doctor", "seen", {**SEEN, **changes})

    def use_key(self, key: str, since: str | None = None) -> None:
        """Have run with this key from the beginning: nothing is sealed with another."""
        self.sql("DELETE FROM audit")
        self.keep("doctor", key_name(key), since or ago(days=1))

    def audit(self, count: int, result: str) -> None:
        """Write rows as the server does."""
        asyncio.run(self._in_store(partial(_audited, count=count, result=result)))

    def add_session(self, mode: str, created_at: str, **more: str) -> None:
        [(owner,)] = self.sql("SELECT id FROM users")
        row: Mapping[str, Any] = {
            "id": new_id(), "user_id": owner, "security_version": 1, "client": "legacy",
            "device": "", "address": "", "mode": mode, "generation": 1,
            "refresh_hash": new_id(), "rotated_at": created_at, "replays": 0,
            "authenticated_at": created_at, "methods": "pwd", "created_at": created_at,
            "seen_at": created_at, "expires_at": _NEVER, "absolute_expires_at": _NEVER,
            **more,
        }  # fmt: skip
        marks = ", ".join("?" for _ in row)
        self.sql(f"INSERT INTO sessions ({', '.join(row)}) VALUES ({marks})", *row.values())

    async def _in_store(self, work: Any) -> None:
        async with sqlite_store(self.database) as store:
            await work(store)


async def _audited(store: Store, *, count: int, result: str) -> None:
    audit = Audit(store, [derive(KEY, "audit/1")], [derive(KEY, "pseudonym/1")])
    at = ago(hours=1)

    def work(tx: Transaction) -> None:
        for _ in range(count):
            audit.record(tx, "sign-in", new_id(), at, result=result)

    await store.write(SYSTEM, work)
