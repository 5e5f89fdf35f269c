from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from journiv.domain.errors import ConfigError, Unavailable
from journiv.domain.scope import SYSTEM
from journiv_store_postgres.urls import place, plain
from tests.api.server import SECRET_KEY
from tests.plugins.store_postgres.conftest import OpenStore, asked
from tests.ports import free_port
from tests.services.postgres import PostgresServer


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("postgresql://sam:p%40ss@db.example.org/journiv", "db.example.org:5432 as sam"),
        ("postgresql://sam:secret@[::1]:5433/journiv", "::1:5433 as sam"),
        ("postgresql:///journiv?host=/run/postgresql", "the local socket:5432"),
        ("postgresql://sam:half/word@db.example.org/journiv", "the database"),
    ],
)
def test_messages_say_where_without_the_password(url: str, said: str) -> None:
    assert place(url) == said


@pytest.mark.parametrize(
    ("end", "sentence"),
    [
        ("sam:half/word@db.example.org/journiv", "percent-encoding"),
        ("sam:ab@half:/%x@db.example.org/journiv", "percent-encoding"),
        ("sam:ab@half@db.example.org:5432/journiv", "percent-encoding"),
        ("sam:ab?half@db.example.org/journiv", "percent-encoding"),
        ("sam@[::1/journiv", "in brackets"),
        ("sam@db.example.org:five/journiv", "no URL"),
        ("sam@db.example.org/journiv?sslmode=sometimes", "choose one of disable"),
        ("sam@db.example.org/journiv?sslmode=verify-ca&sslrootcert=/no/where", "at /no/where"),
    ],
)
async def test_a_url_that_leads_nowhere_is_refused_with_what_is_wrong(
    store_at: OpenStore, end: str, sentence: str
) -> None:
    with pytest.raises(ConfigError, match=sentence) as refused:
        await store_at(f"postgresql://{end}").open()
    assert "half" not in refused.value.detail
    assert refused.value.__cause__ is None


async def test_a_certificate_authority_that_is_not_named_is_asked_for(
    store_at: OpenStore, url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    with pytest.raises(ConfigError, match=r"DATABASE_MIGRATION_URL asks .* sslrootcert must"):
        await store_at(url, migration_url=f"{url}?sslmode=verify-full").open()


async def test_a_url_that_leads_nowhere_is_a_finding_and_no_error(store_at: OpenStore) -> None:
    found = await store_at("postgresql://sam:half/word@db.example.org/journiv").findings()
    assert {one.status for one in found} == {"manual"}


def test_a_drivers_name_is_left_out() -> None:
    assert plain("postgresql+asyncpg://sam@db/journiv") == "postgresql://sam@db/journiv"


def test_a_server_that_stays_away_ends_the_start_in_one_sentence(tmp_path: Path) -> None:
    port = free_port()
    environment = {
        "PATH": os.environ["PATH"],
        "JOURNIV_DATA": str(tmp_path),
        "ENVIRONMENT": "test",
        "SECRET_KEY": SECRET_KEY,
        "STARTUP_TIMEOUT": "1",
        "DATABASE_URL": f"postgresql://sam:hidden-word@127.0.0.1:{port}/journiv",
    }
    done = subprocess.run(
        [sys.executable, "-m", "journiv", "serve", "--port", str(free_port())],
        env=environment, capture_output=True, text=True, timeout=60,
    )  # fmt: skip
    said = done.stdout + done.stderr
    assert done.returncode != 0
    assert f"could not reach 127.0.0.1:{port} as sam" in said.splitlines()[-1]
    assert "Traceback" not in said
    assert "hidden-word" not in said


async def test_half_a_migration_and_a_newer_schema_are_refused_with_what_to_do(
    store_at: OpenStore, postgres: PostgresServer
) -> None:
    name = postgres.new_database().rpartition("/")[2]
    async with store_at(postgres.url(name)) as store:
        await store.migrate()
        postgres.run("UPDATE alembic_version SET version_num = '9999'", name)
        assert not (await store.schema_status()).compatible
        with pytest.raises(ConfigError, match=r"Install journiv .* or newer"):
            await store.migrate()
        postgres.run("UPDATE alembic_version SET version_num = '0001'", name)
        with pytest.raises(ConfigError, match=r"half of a migration.*Restore a complete copy"):
            await store.migrate()
        postgres.run("DELETE FROM alembic_version", name)
        assert not (await store.schema_status()).compatible
        with pytest.raises(ConfigError, match=r"half of a migration.*Restore a complete copy"):
            await store.migrate()


async def test_a_server_that_is_away_is_worth_another_try(store_at: OpenStore) -> None:
    port = free_port()
    with pytest.raises(Unavailable, match=f"could not reach 127.0.0.1:{port} as sam") as away:
        await store_at(f"postgresql://sam:hidden-word@127.0.0.1:{port}/journiv").open()
    assert "hidden-word" not in away.value.detail


async def test_who_asks_while_the_database_is_away_does_not_learn_where_it_is(
    store_at: OpenStore, caplog: pytest.LogCaptureFixture
) -> None:
    server = PostgresServer()
    server.start()
    try:
        async with store_at(server.new_database()) as store:
            await store.migrate()
            server.abort()
            for _ in range(3):
                with pytest.raises(Unavailable) as away:
                    await store.read(SYSTEM, lambda tx: tx.users.count())
                assert away.value.detail == "The database is away."
                with pytest.raises(Unavailable) as away:
                    await store.write(SYSTEM, lambda tx: tx.kv.put("test", "n", 1))
                assert away.value.detail == "The database is away."
        assert caplog.text.count("could not reach 127.0.0.1:") == 1
    finally:
        server.remove()


async def test_a_missing_database_is_a_wrong_setting(
    store_at: OpenStore, postgres: PostgresServer
) -> None:
    with pytest.raises(ConfigError, match="no such database"):
        await store_at(postgres.url("nowhere")).open()


async def test_an_unknown_role_is_a_wrong_setting(
    store_at: OpenStore, postgres: PostgresServer
) -> None:
    with pytest.raises(ConfigError, match="refuses this role"):
        await store_at(postgres.url("postgres", role="stranger")).open()


async def test_tls_that_is_asked_for_and_not_offered_is_refused(
    store_at: OpenStore, url: str
) -> None:
    with pytest.raises(ConfigError, match="offers no TLS"):
        await store_at(f"{url}?sslmode=require").open()
    async with store_at(f"{url}?sslmode=prefer") as store:
        await store.ping()


async def test_odd_passwords_and_the_socket_are_understood(
    store_at: OpenStore, postgres: PostgresServer, tmp_path: Path
) -> None:
    database = postgres.new_database().rpartition("/")[2]
    postgres.run("CREATE ROLE odd LOGIN PASSWORD 'p@:/%w'")
    url = f"postgresql://odd:p%40%3A%2F%25w@/{database}?host={postgres.socket_folder}"
    async with store_at(f"{url}&port={postgres.port}") as store:
        await store.ping()


async def test_without_the_extensions_search_finds_the_same(
    store_at: OpenStore, postgres: PostgresServer
) -> None:
    name = postgres.new_database().rpartition("/")[2]
    postgres.run("CREATE ROLE bare LOGIN; REVOKE CREATE ON SCHEMA public FROM PUBLIC", name)
    postgres.run("GRANT CREATE, USAGE ON SCHEMA public TO bare", name)
    async with store_at(postgres.url(name, role="bare")) as store:
        await store.migrate()
        assert await store.check() == []
        indexes = postgres.run("SELECT indexname FROM pg_indexes", name)
        assert "ix_entry_search_time" in indexes
        assert "ix_entry_search_trigrams" not in indexes


async def test_a_closed_store_says_so(store_at: OpenStore, url: str) -> None:
    with pytest.raises(Unavailable, match="closed"):
        await store_at(url).read(SYSTEM, lambda tx: None)


async def test_the_running_role_needs_only_rows(
    postgres: PostgresServer, store_at: OpenStore
) -> None:
    name = postgres.new_database().rpartition("/")[2]
    postgres.run(
        "CREATE ROLE runs LOGIN;"
        " ALTER DEFAULT PRIVILEGES GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO runs",
        name,
    )
    store = store_at(postgres.url(name, role="runs"), migration_url=postgres.url(name))
    async with store:
        assert (await store.migrate()).up_to_date
        await store.write(SYSTEM, lambda tx: tx.kv.put("test", "n", 1))
        with pytest.raises(ConfigError, match="may not"):
            await store.write(SYSTEM, lambda tx: asked(tx, "DROP TABLE key_values"))


async def test_after_a_rebuild_the_planner_knows_the_tables(
    postgres: PostgresServer, store_at: OpenStore
) -> None:
    name = postgres.new_database().rpartition("/")[2]
    async with store_at(postgres.url(name)) as store:
        await store.migrate()
        await store.reindex()
    known = "SELECT reltuples >= 0 FROM pg_class WHERE relname IN ('moments', 'entry_search')"
    assert postgres.run(known, name) == "t\nt"
