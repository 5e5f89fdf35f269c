"""Every table can be divided by person, and docs/explanation/scaling.md says so truly."""

from __future__ import annotations

import asyncio
import logging
import re
from typing import Final

import pytest
from sqlalchemy import ForeignKeyConstraint, Table, UniqueConstraint

from devtools.paths import ROOT
from journiv.sqlstore.tables import metadata
from journiv_store_postgres.connections import Tuning
from journiv_store_postgres.store import PostgresStore
from tests.services.postgres import PostgresServer

PAGE: Final = (ROOT / "docs" / "explanation" / "scaling.md").read_text()
BENCHMARKS: Final = (ROOT / "docs" / "benchmarks.md").read_text()
EXEMPT: Final = {
    "users", "identities", "sessions", "access_tokens", "audit", "installation", "key_values",
    "leases", "moods", "prompts",
}  # fmt: skip
"""As decision 36 has it; scaling.md gives each one's reason."""

EVERYWHERE: Final = {"users", "moods", "prompts"}
ACROSS: Final = {"ix_replies_created_at", "ix_transfers_id", "ix_transfers_status"}
"""Indexes that the server's own work reads, over all people."""

OWNED: Final = [table for table in metadata.sorted_tables if table.name not in EXEMPT]
PLAN: Final = next(block for block in re.findall(r"```sql\n(.+?)```", PAGE, re.S)
                   if "create_distributed_table" in block)  # fmt: skip

# Stand-ins for Citus's functions, with the rules its manual gives for them.
CITUS: Final = """
CREATE TABLE placed (name regclass PRIMARY KEY, everywhere boolean NOT NULL);
CREATE FUNCTION create_reference_table(wanted regclass) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO placed VALUES (wanted, true);
END $$;
CREATE FUNCTION create_distributed_table(
    wanted regclass, distribution text, shard_count integer DEFAULT 32,
    colocate_with text DEFAULT 'default'
) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    number smallint := (SELECT attnum FROM pg_attribute
                        WHERE attrelid = wanted AND attname = distribution);
    fault text := (
        SELECT string_agg(conname, ', ') FROM pg_constraint
        WHERE conrelid = wanted AND contype IN ('p', 'u') AND number <> ALL (conkey)
            OR contype = 'f' AND conrelid = wanted AND confrelid NOT IN (SELECT name FROM placed)
            OR contype = 'f' AND confrelid = wanted);
BEGIN
    IF fault IS NOT NULL THEN
        RAISE EXCEPTION '% cannot be distributed because of %', wanted, fault;
    END IF;
    IF colocate_with <> 'default' THEN
        PERFORM FROM placed WHERE name = colocate_with::regclass AND NOT everywhere;
        IF NOT FOUND THEN RAISE EXCEPTION '% is not distributed', colocate_with; END IF;
    END IF;
    INSERT INTO placed VALUES (wanted, false);
END $$;
"""
KEYS: Final = """
    SELECT conrelid::regclass || ' ' || conname || ' ' || pg_get_constraintdef(oid)
    FROM pg_constraint WHERE contype = 'f' AND connamespace = 'public'::regnamespace ORDER BY 1"""


@pytest.mark.parametrize("table", OWNED, ids=lambda table: table.name)
def test_a_persons_rows_can_lie_in_one_place(table: Table) -> None:
    assert next(iter(table.primary_key)).name == "user_id", (
        f"{table.name} does not begin with user_id: let it, or exempt it here and in scaling.md"
    )
    for constraint in table.constraints:
        if isinstance(constraint, UniqueConstraint):
            assert "user_id" in constraint.columns, constraint.name
        if isinstance(constraint, ForeignKeyConstraint):
            other = constraint.referred_table
            along = [(one.parent.name, one.column.name) for one in constraint.elements]
            assert ("user_id", "user_id") in along or other.name in EVERYWHERE, constraint.name
    for index in table.indexes:
        first = next(iter(index.columns)).name
        assert first == "user_id" or index.name in ACROSS, index.name
        assert not index.unique or "user_id" in index.columns, index.name


def test_nothing_is_exempt_that_could_be_divided() -> None:
    assert metadata.tables.keys() >= EXEMPT
    begins = {name for name in EXEMPT
              if next(iter(metadata.tables[name].primary_key)).name == "user_id"}  # fmt: skip
    assert begins == set()
    for name in EXEMPT:
        for key in metadata.tables[name].foreign_key_constraints:
            assert key.referred_table.name in EXEMPT, key.name


def test_the_page_gives_a_reason_for_each_exempt_table() -> None:
    rows = re.findall(r"^\| ((?:`\w+`(?:, )?)+) \| .+ \|$", PAGE, re.M)
    assert set(re.findall(r"`(\w+)`", " ".join(rows))) == EXEMPT


def test_the_plan_names_every_table_and_holds_to_the_rules(postgres: PostgresServer) -> None:
    database = migrated(postgres)
    keys = postgres.run(KEYS, database)
    postgres.run(CITUS + PLAN, database)
    assert postgres.run(KEYS, database) == keys
    divided = postgres.run("SELECT name FROM placed WHERE NOT everywhere", database).split()
    assert set(divided) == {table.name for table in OWNED} | {"entry_search"}, "see scaling.md"
    everywhere = postgres.run("SELECT name FROM placed WHERE everywhere", database).split()
    assert set(everywhere) == EVERYWHERE


def migrated(postgres: PostgresServer) -> str:
    url = postgres.new_database()

    async def migrate() -> None:
        async with PostgresStore(url, url, logging.getLogger("journiv.tests"), Tuning()) as store:
            await store.migrate()

    asyncio.run(migrate())
    return url.rpartition("/")[2]


def measured(row: str) -> float:
    """Return the last figure of a row of docs/benchmarks.md."""
    line = next(line for line in BENCHMARKS.splitlines() if line.startswith(f"| {row} "))
    return float(re.findall(r"[\d,.]*\d", line)[-1].replace(",", ""))


def test_the_sizes_are_worked_out_from_the_measured_bytes() -> None:
    entry, account = measured("together"), measured("an account with one session")
    said = re.search(r"takes ([\d,]+) bytes, an account with a session ([\d,]+)\.", PAGE)
    assert said is not None
    assert float(said[1].replace(",", "")) == pytest.approx(entry, rel=0.03)
    assert float(said[2].replace(",", "")) == pytest.approx(account, rel=0.03)
    rows = re.findall(
        r"^\| (\d+) \| ([\d.]+) thousand million \| ([\d.]+) TB \| ([\d.]+)", PAGE, re.M
    )
    assert len(rows) == 3
    for each, entries, size, share in rows:
        assert float(entries) == pytest.approx(10e6 * int(each) / 1e9)
        assert float(size) == pytest.approx(10e6 * int(each) * entry / 1e12, rel=0.03)
        assert float(share) == pytest.approx(2 * float(size) / 32, rel=0.1)


def test_the_table_of_sizes_is_worked_out_from_the_measured_bytes() -> None:
    page = (ROOT / "docs" / "operate" / "scale.md").read_text()
    rows = re.findall(r"^\| [\d,]+, [\d,]+ \| ([\d,]+) \| \d.* \|.* \|.*?([\d.,]+) GB", page, re.M)
    assert len(rows) == 6
    for number, (entries, size) in enumerate(rows):
        each = measured("SQLite's file" if number < 2 else "together")
        wanted = float(entries.replace(",", "")) * each / 1e9
        assert float(size.replace(",", "")) == pytest.approx(wanted, rel=0.03)
