from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy import func, select

from journiv.contracts.repositories.entries import Page
from journiv.sqlstore.tables import journal_stats, moments, revisions
from tests.unit.sqlstore.inmemory import ANA, NOW, Diary, diary, new_entry


@pytest.fixture
def book() -> Iterator[Diary]:
    with diary() as opened:
        yield opened


def titles(found: list) -> list[str]:
    return [journal["title"] for journal in found]


def test_journals_come_newest_first_and_archived_ones_when_asked_for(book: Diary) -> None:
    book.journal(book.ana, "j1", title="old", created_at="2020-01-01T00:00:00.000000Z")
    book.journal(book.ana, "j2", title="new", is_favorite=True)
    book.ana.journals.change("j2", {"is_archived": True}, NOW)
    assert titles(book.ana.journals.all(include_archived=False)) == ["old"]
    assert titles(book.ana.journals.all(include_archived=True)) == ["new", "old"]
    assert titles(book.ana.journals.favorites()) == ["new"]


def test_a_title_finds_the_oldest_journal_of_its_owner(book: Diary) -> None:
    book.journal(book.ana, "j1", title="Diary", created_at="2020-01-01T00:00:00.000000Z")
    book.journal(book.ana, "j2", title="Diary")
    found = book.ana.journals.by_title("Diary")
    assert found is not None
    assert found["id"] == "j1"
    assert book.ben.journals.by_title("Diary") is None


def test_counters_follow_entries_and_start_at_nothing(book: Diary) -> None:
    book.journal(book.ana, "j1")
    assert counters(book) == (0, 0, None)
    book.ana.entries.add(new_entry("e1", "j1", "2026-01-02", 7))
    book.ana.entries.add(new_entry("e2", "j1", "2026-01-01", 5))
    assert counters(book) == (2, 12, "2026-01-02T12:00:00.000000Z")
    book.ana.trash.put("e1", NOW)
    assert counters(book) == (1, 5, "2026-01-01T12:00:00.000000Z")
    book.ana.trash.put("e2", NOW)
    assert counters(book) == (0, 0, None)


def counters(book: Diary) -> tuple[int, int, str | None]:
    journal = book.ana.journals.get("j1")
    assert journal is not None
    return journal["entry_count"], journal["total_words"], journal["last_entry_at"]


def test_deleting_a_journal_takes_everything_in_it_and_nothing_else(book: Diary) -> None:
    for journal_id in ("j1", "j2"):
        book.journal(book.ana, journal_id)
    kept = book.ana.entries.add(new_entry("kept", "j2", "2026-01-05"))
    entry = book.ana.entries.add(new_entry("e1", "j1", "2026-01-06"))
    book.ana.revisions.keep(entry, "edited", NOW)
    book.ana.entries.add(new_entry("draft", "j1", "2026-01-06", is_draft=True))
    book.ana.entries.add(new_entry("thrown", "j1", "2026-01-06"))
    book.ana.trash.put("thrown", NOW)

    assert not book.ben.journals.delete("j1")
    assert book.ana.journals.delete("j1")
    assert not book.ana.journals.delete("j1")

    assert book.ana.entries.page(Page()) == [kept]
    assert book.ana.insights.streak()["last_entry_date"] == "2026-01-05"
    assert book.ana.insights.verify() == []
    assert set(book.index.texts) == {(ANA, "kept")}
    for table, rows in ((moments, 1), (revisions, 0), (journal_stats, 1)):
        assert book.connection.execute(select(func.count()).select_from(table)).scalar() == rows


def test_foreign_journals_are_out_of_reach(book: Diary) -> None:
    book.journal(book.ana, "j1", title="mine")
    assert book.ben.journals.get("j1") is None
    assert book.ben.journals.change("j1", {"title": "theirs"}, NOW) is None
    assert titles(book.ana.journals.all(include_archived=True)) == ["mine"]
