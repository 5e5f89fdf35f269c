from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy import select

from journiv.contracts.repositories.entries import NewEntry, Page
from journiv.domain.errors import Conflict
from journiv.sqlstore.tables import day_stats, journal_stats, streaks
from journiv.sqlstore.transaction import SqlTransaction
from tests.unit.sqlstore.inmemory import Diary, diary, new_entry

DAYS = ("2024-02-28", "2024-03-01", "2024-02-29", "2024-02-29", "2023-01-01", "2024-03-02")


@pytest.fixture
def opened() -> Iterator[Diary]:
    with diary() as found:
        for tx in (found.ana, found.ben):
            found.journal(tx, "first")
            found.journal(tx, "second")
        yield found


def entries() -> list[NewEntry]:
    return [
        new_entry(f"e{number}", "first" if number % 2 else "second", day, words=number + 1)
        for number, day in enumerate(DAYS)
    ]


def sums(found: Diary, tx: SqlTransaction) -> list[object]:
    user_id = tx.scope.user_id
    return [
        [
            tuple(row)[1:]
            for row in found.connection.execute(
                select(table).where(table.c.user_id == user_id).order_by(*table.primary_key)
            )
        ]
        for table in (day_stats, journal_stats, streaks)
    ]


def test_many_at_once_are_stored_counted_and_indexed_as_one_by_one(opened: Diary) -> None:
    for entry in entries():
        opened.ana.entries.add(entry)
    opened.ben.entries.add_all(entries())
    ana, ben = (
        [{**row, "user_id": ""} for row in tx.entries.page(Page())]
        for tx in (opened.ana, opened.ben)
    )
    assert ana == ben
    assert sums(opened, opened.ana) == sums(opened, opened.ben)
    assert opened.ben.insights.verify() == []
    texts = opened.index.texts
    assert len(texts) == 2 * len(DAYS)
    for (user_id, entry_id), text in texts.items():
        assert texts[opened.ben.scope.user_id, entry_id] == text, user_id


def test_days_already_there_are_added_to(opened: Diary) -> None:
    opened.ana.entries.add_all(entries()[:3])
    opened.ana.entries.add_all(entries()[3:])
    assert opened.ana.insights.verify() == []
    assert opened.ana.insights.streak()["longest_streak"] == 4


def test_nothing_to_add_changes_nothing(opened: Diary) -> None:
    opened.ana.entries.add_all([])
    assert opened.ana.entries.page(Page()) == []


def test_an_id_that_is_used_refuses_them_all(opened: Diary) -> None:
    opened.ana.entries.add(entries()[0])
    with pytest.raises(Conflict):
        opened.ana.entries.add_all(entries())
