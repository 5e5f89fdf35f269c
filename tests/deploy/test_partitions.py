"""deploy/cluster/partitions.sql on a real PostgreSQL: the same rows and rules, in partitions."""

from __future__ import annotations

import gzip
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Final

import pytest
from aiohttp import ClientSession, ClientTimeout, DummyCookieJar

from devtools.paths import ROOT
from journiv.sqlstore.tables import metadata
from tests.api.server import SECRET_KEY, ServerProcess
from tests.services.postgres import PostgresServer
from tests.soak.person import PASSWORD, Person

SCRIPT: Final = (ROOT / "deploy" / "cluster" / "partitions.sql").read_text()
DIARY: Final = ROOT / "tests" / "data" / "pepys.ndjson.gz"
EMAIL: Final = "pepys@example.org"
ENTRIES: Final = 150
OWNED: Final = {
    table.name
    for table in metadata.sorted_tables
    if next(iter(table.primary_key)).name == "user_id"
} | {"entry_search"}

# Of the tables themselves, not of their partitions: names and wording, one a line.
RULES: Final = """
    SELECT conrelid::regclass || ' ' || conname || ' ' || pg_get_constraintdef(oid)
    FROM pg_constraint WHERE conparentid = 0 AND connamespace = 'public'::regnamespace
        AND NOT (SELECT relispartition FROM pg_class WHERE oid = conrelid)
    UNION ALL SELECT replace(pg_get_indexdef(i.indexrelid), ' ON ONLY ', ' ON ')
    FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
    WHERE c.relnamespace = 'public'::regnamespace AND NOT c.relispartition
    UNION ALL SELECT table_name || '.' || column_name || ' ' || data_type || ' ' || is_nullable
        || coalesce(collation_name, '') || coalesce(column_default, '')
    FROM information_schema.columns WHERE table_schema = 'public'
        AND NOT (SELECT relispartition FROM pg_class
                 WHERE oid = format('%I.%I', table_schema, table_name)::regclass)
    UNION ALL SELECT grantee || ' ' || privilege_type || ' ' || table_name
    FROM information_schema.role_table_grants WHERE table_schema = 'public'
        AND NOT (SELECT relispartition FROM pg_class
                 WHERE oid = format('%I.%I', table_schema, table_name)::regclass)
    ORDER BY 1"""
PARTED: Final = "SELECT relname FROM pg_class WHERE relkind = 'p' ORDER BY 1"


@pytest.fixture
def url(postgres: PostgresServer) -> str:
    """An empty database where the running role may only read and write rows."""
    owned = postgres.new_database()
    database = owned.rpartition("/")[2]
    postgres.run(f"CREATE ROLE running_{database} LOGIN")
    new_tables(postgres, database, "GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO")
    return owned


@pytest.fixture
def server(url: str, postgres: PostgresServer, tmp_path: Path) -> Iterator[ServerProcess]:
    database = url.rpartition("/")[2]
    running = postgres.url(database, f"running_{database}")
    started = ServerProcess(tmp_path, {"DATABASE_URL": running, "DATABASE_MIGRATION_URL": url})
    started.start()
    yield started
    started.kill()


@pytest.fixture
async def session() -> AsyncIterator[ClientSession]:
    async with ClientSession(cookie_jar=DummyCookieJar(), timeout=ClientTimeout(30)) as opened:
        yield opened


async def test_parted_tables_keep_rows_and_rules_and_a_server_writes_on(
    server: ServerProcess, session: ClientSession, url: str, postgres: PostgresServer
) -> None:
    database = url.rpartition("/")[2]
    person = await Person.register(session, server.url, EMAIL)
    leaving = await Person.register(session, server.url, "eve@example.org")
    await write(leaving, "Gone soon.")
    import_diary(server)
    told = await asked(person)
    assert server.stop() == 0

    new_tables(postgres, database, "REVOKE ALL ON TABLES FROM")
    rules, rows = postgres.run(RULES, database), counts(postgres, database)
    postgres.run(SCRIPT, database)
    assert set(postgres.run(PARTED, database).split()) >= OWNED
    assert postgres.run(RULES, database) == rules
    assert counts(postgres, database) == rows
    assert rows["moments"] == rows["entry_search"] == ENTRIES + 1

    server.start()
    assert await asked(person) == told
    entry = await write(person, "A word that stands nowhere else: zygote.")
    assert [hit["id"] for hit in await found(person, "zygote")] == [entry]
    assert (await person.ask("DELETE", f"/entries/{entry}"))[0] < 300
    assert (await leaving.ask("DELETE", "/users/me", {"password": PASSWORD}))[0] < 300
    assert journiv(server, "verify") == "Everything agrees; accounts: 1.\n"
    assert server.stop() == 0

    parted = postgres.run(PARTED, database)
    postgres.run(SCRIPT, database)
    assert postgres.run(PARTED, database) == parted


def new_tables(postgres: PostgresServer, database: str, change: str) -> None:
    """Change what the running role may do with tables that are made from now on."""
    defaults = f"ALTER DEFAULT PRIVILEGES FOR ROLE journiv {change} running_{database}"
    postgres.run(defaults, database)


async def asked(person: Person) -> list[object]:
    """Read what people read."""
    paths = ("/entries/?limit=100", "/tags/", "/analytics/writing-streak", "/journals/")
    return [*[await person.ask("GET", path) for path in paths], await found(person, "office")]


async def found(person: Person, words: str) -> list[dict[str, str]]:
    status, hits = await person.ask("GET", f"/entries/search?q={words}")
    assert status == 200
    return list(hits)


async def write(person: Person, text: str) -> str:
    writing = {"title": "t", "content": text, "journal_id": await person.journal()}
    status, entry = await person.ask("POST", "/entries/", writing)
    assert status == 201
    return str(entry["id"])


def counts(postgres: PostgresServer, database: str) -> dict[str, int]:
    names = [*metadata.tables, "entry_search"]
    each = " UNION ALL ".join(f"SELECT '{name}', count(*) FROM {name}" for name in names)
    lines = (line.split("|") for line in postgres.run(each, database).splitlines())
    return {name: int(count) for name, count in lines}


def import_diary(server: ServerProcess) -> None:
    file = server.folder / "diary.ndjson"
    with gzip.open(DIARY) as lines:
        file.write_bytes(b"".join(line for line, _ in zip(lines, range(ENTRIES), strict=False)))
    journiv(
        server, "import", str(file), "--format", "ndjson", "--user", EMAIL, "--journal", "Diary"
    )


def journiv(server: ServerProcess, *arguments: str) -> str:
    done = subprocess.run(
        [sys.executable, "-m", "journiv", *arguments],
        env={"ENVIRONMENT": "test", "SECRET_KEY": SECRET_KEY, **server.location},
        cwd=server.folder, capture_output=True, text=True, timeout=60,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout
