"""How much room diaries take in PostgreSQL, and what else a machine is chosen by."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from bench import operations
from bench.client import PERSON, Client
from bench.copies import postgres
from bench.datasets import DATABASE, Recipe, copy
from bench.imports import DIARY
from bench.load import run
from bench.processes import (
    ROOT,
    SETTINGS,
    Process,
    cpu_seconds,
    ended_cpu_seconds,
    journiv,
    pss_mib,
)
from tests.services.postgres import PostgresServer

ACCOUNTS: Final = 1000
LOADED: Final = (operations.GET_ONE, operations.LIST_20, operations.RARE, operations.CREATE)
_SIZES: Final = """
    SELECT relname, pg_table_size(oid), pg_indexes_size(oid) FROM pg_class
    WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace"""


@dataclass(frozen=True, slots=True)
class Room:
    """Bytes an entry takes in PostgreSQL, by what they hold, and in SQLite as a whole."""

    what: str
    entries: int
    words: int
    parts: Mapping[str, float]
    sqlite: float


@dataclass(frozen=True, slots=True)
class Need:
    """CPU of a request in milliseconds: the server's own, and PostgreSQL's."""

    operation: str
    server: float
    database: float


@dataclass(frozen=True, slots=True)
class Sizes:
    """`account` is bytes of an account with a session; memory is mebibytes of one server."""

    rooms: tuple[Room, ...]
    account: float
    fresh: float
    loaded: float
    needs: tuple[Need, ...]


def measure(entries: int, seconds: float) -> Sizes:
    """Fill databases in the ways people do and look at what became of them."""
    with (
        tempfile.TemporaryDirectory(prefix="journiv-bench-") as name,
        postgres(durable=True) as database,
    ):
        folder = Path(name)
        diary, account = _diary(database, folder)
        source = copy(Recipe(entries), folder / "corpus")
        url = database.new_database()
        _command(source, {}, "copy-store", "--to", url)
        corpus = _room("corpus", database, url, _sizes(database, _empty(database, folder)))
        corpus = _with_sqlite(corpus, source / DATABASE)
        with journiv(folder / "loaded", {"DATABASE_URL": url}) as server:
            fresh = pss_mib(server.pid)
            needs = tuple(_needs(server, database, folder, seconds))
            loaded = pss_mib(server.pid)
    return Sizes((diary, corpus), account, fresh, loaded, needs)


def _empty(database: PostgresServer, folder: Path) -> str:
    url = database.new_database()
    _command(folder / "empty", {"DATABASE_URL": url}, "migrate")
    return url


def _diary(database: PostgresServer, folder: Path) -> tuple[Room, float]:
    """Register many, and let the first of them import the diary as it comes."""
    url = database.new_database()
    settings = {"DATABASE_URL": url, "ARGON2_PROFILE": "low"}
    with journiv(folder / "people", settings) as server:
        client = Client(server)
        client.register()
        before = _sizes(database, url)
        for number in range(ACCOUNTS):
            person = {**PERSON, "email": f"person-{number}@example.org"}
            client.post("/auth/register", person)
            client.post("/auth/login", person)
    after = _sizes(database, url)
    account = sum(sum(after[table]) - sum(before[table]) for table in after) / ACCOUNTS
    _import(folder / "people", settings)
    room = _room("diary", database, url, after)
    with journiv(folder / "file") as server:
        Client(server).register()
    _import(folder / "file", {})
    return _with_sqlite(room, folder / "file" / DATABASE), account


def _import(folder: Path, settings: Mapping[str, str]) -> None:
    _command(
        folder, settings, "import", str(DIARY), "--format", "ndjson",
        "--user", PERSON["email"], "--journal", "Diary", "--zone", "Europe/London",
    )  # fmt: skip


def _room(
    what: str, database: PostgresServer, url: str, before: Mapping[str, tuple[int, int]]
) -> Room:
    after = _sizes(database, url)
    counted = _ask(database, url, "SELECT sum(total_entries), sum(total_words) FROM streaks")
    entries, words = map(int, counted.split("|"))
    parts = {
        "texts": after["moments"][0],
        "their indexes": after["moments"][1],
        "search texts": after["entry_search"][0],
        "search indexes": after["entry_search"][1],
    }
    everything = sum(sum(after[table]) - sum(before[table]) for table in after)
    parts["tags, moods, sums"] = everything - sum(parts.values())
    per_entry = {name: size / entries for name, size in parts.items()}
    return Room(what, entries, words // entries, per_entry, 0)


def _with_sqlite(room: Room, file: Path) -> Room:
    return Room(room.what, room.entries, room.words, room.parts, file.stat().st_size / room.entries)


def _needs(
    server: Process, database: PostgresServer, folder: Path, seconds: float
) -> Iterator[Need]:
    client = Client(server)
    client.sign_in()
    postmaster = int(_ask(database, database.url("postgres"), _POSTMASTER).splitlines()[0])
    for operation in LOADED:
        load = operation.load(client, folder)
        run(server, load, client.token, 1)
        before = _database_cpu(postmaster)
        sample = run(server, load, client.token, seconds)
        used = _database_cpu(postmaster) - before
        yield Need(operation.name, sample.cpu, 1000 * used / (sample.rate * seconds))


def _database_cpu(postmaster: int) -> float:
    """Return the seconds of all its processes; a connection that is closed takes one along."""
    return cpu_seconds(postmaster) + ended_cpu_seconds(postmaster)


_POSTMASTER: Final = "SELECT pg_read_file('postmaster.pid')"


def _sizes(database: PostgresServer, url: str) -> dict[str, tuple[int, int]]:
    _ask(database, url, "VACUUM ANALYZE")
    lines = (line.split("|") for line in _ask(database, url, _SIZES).splitlines())
    return {name: (int(table), int(indexes)) for name, table, indexes in lines}


def _ask(database: PostgresServer, url: str, sql: str) -> str:
    return database.run(sql, url.rpartition("/")[2])


def _command(folder: Path, settings: Mapping[str, str], *arguments: str) -> None:
    environment = {
        "PATH": os.environ["PATH"], "JOURNIV_DATA": str(folder), **SETTINGS, **settings,
    }  # fmt: skip
    command = [sys.executable, "-m", "journiv", *arguments]
    subprocess.run(command, env=environment, cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
