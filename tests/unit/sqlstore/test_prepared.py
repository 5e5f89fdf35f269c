from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy import (
    Boolean,
    Column,
    Connection,
    Integer,
    MetaData,
    String,
    Table,
    bindparam,
    create_engine,
    insert,
    select,
    union_all,
    update,
)

from journiv.sqlstore.prepared import Prepared

things = Table(
    "things",
    MetaData(),
    Column("id", Integer, primary_key=True),
    Column("name", String),
    Column("good", Boolean),
)
ALL = select(things.c.name, things.c.good).order_by(things.c.id)


@pytest.fixture
def connection() -> Iterator[Connection]:
    engine = create_engine("sqlite://")
    with engine.connect() as opened:
        things.metadata.create_all(opened)
        rows = [{"name": "a", "good": True}, {"name": "b", "good": False}, {"name": "c"}]
        for row in rows:
            opened.execute(insert(things), row)
        yield opened
    engine.dispose()


def test_rows_are_those_that_sqlalchemy_gives(connection: Connection) -> None:
    prepared = Prepared(ALL)
    for _ in range(2):
        assert [*prepared.all(connection, {})] == [("a", True), ("b", False), ("c", None)]
    assert [row[1] for row in prepared.all(connection, {})] == [True, False, None]


def test_one_row_or_none(connection: Connection) -> None:
    prepared = Prepared(ALL.where(things.c.name == bindparam("name")))
    row = prepared.one(connection, {"name": "b"})
    assert row is not None
    assert row[1] is False
    assert prepared.one(connection, {"name": "z"}) is None


def test_values_in_the_statement_stand_beside_those_that_are_given(connection: Connection) -> None:
    statement = ALL.where(things.c.good == bindparam("wanted"), things.c.name != "x")
    prepared = Prepared(statement.limit(bindparam("limit")))
    assert [*prepared.all(connection, {"wanted": True, "limit": 5})] == [("a", True)]
    assert [*prepared.all(connection, {"wanted": True, "limit": 0})] == []


def test_a_union_is_converted_too(connection: Connection) -> None:
    prepared = Prepared(union_all(select(things.c.good), select(things.c.good)))
    assert {row[0] for row in prepared.all(connection, {})} == {True, False, None}


def test_a_change_says_how_many_rows_it_wrote(connection: Connection) -> None:
    statement = update(things).where(things.c.name == bindparam("which"))
    prepared = Prepared(statement.values(good=bindparam("good")))
    assert prepared.change(connection, {"which": "b", "good": True}) == 1
    assert prepared.change(connection, {"which": "z", "good": True}) == 0
    assert [row[1] for row in Prepared(ALL).all(connection, {})] == [True, True, None]


def test_a_missing_value_is_an_error(connection: Connection) -> None:
    prepared = Prepared(ALL.where(things.c.name == bindparam("name")))
    with pytest.raises(KeyError):
        prepared.one(connection, {})


def test_a_list_is_refused(connection: Connection) -> None:
    prepared = Prepared(ALL.where(things.c.name.in_(["a", "b"])))
    with pytest.raises(ValueError, match="takes no lists"):
        prepared.all(connection, {})
