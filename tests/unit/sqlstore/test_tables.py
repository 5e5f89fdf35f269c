from __future__ import annotations

import pytest
from sqlalchemy import Table

from journiv.sqlstore.tables import metadata

SHARED = {
    "users",
    "identities",
    "sessions",
    "access_tokens",
    "audit",
    "installation",
    "key_values",
    "leases",
    "moods",
    "prompts",
}
"""Tables that are not sharded by person (the package says why)."""

OF_EVERYBODY = {"ix_replies_created_at", "ix_transfers_id", "ix_transfers_status"}
"""Indexes of the jobs that look for what is due, whoever it belongs to; none of them is unique."""

PERSONAL = [table for table in metadata.sorted_tables if table.name not in SHARED]


@pytest.mark.parametrize("table", PERSONAL, ids=lambda table: table.name)
def test_the_key_of_a_persons_table_starts_with_the_person(table: Table) -> None:
    assert next(iter(table.primary_key.columns)).name == "user_id"
    indexes = [index for index in table.indexes if index.name not in OF_EVERYBODY]
    assert all(next(iter(index.columns)).name == "user_id" for index in indexes)


OUTLIVING = "media_waste"
"""Names files of a person that are still to be deleted when the person is not there any more."""


@pytest.mark.parametrize("table", PERSONAL, ids=lambda table: table.name)
def test_a_persons_rows_go_with_the_person(table: Table) -> None:
    keys = [key for key in table.foreign_keys if key.parent.name == "user_id"]
    assert bool(keys) == (table.name != OUTLIVING)
    assert {key.ondelete for key in table.foreign_keys} <= {"CASCADE"}


def test_every_constraint_has_a_name() -> None:
    unnamed = [
        constraint
        for table in metadata.sorted_tables
        for constraint in table.constraints
        if constraint.name is None
    ]
    assert unnamed == []


def test_what_is_shared_exists() -> None:
    assert set(metadata.tables) >= SHARED
