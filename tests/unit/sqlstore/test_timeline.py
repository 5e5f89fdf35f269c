from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy import insert, update

from journiv.contracts.repositories.entries import Cursor, Page
from journiv.sqlstore.tables import moments
from tests.unit.sqlstore.inmemory import ANA, NOW, Diary, diary, new_entry


@pytest.fixture
def book() -> Iterator[Diary]:
    with diary() as opened:
        opened.journal(opened.ana, "j1")
        yield opened


def log(book: Diary, log_id: str, at: str, mood_id: str) -> None:
    """Store a bare mood log."""
    book.connection.execute(
        insert(moments).values(
            user_id=ANA, id=log_id, status="log", at=at, zone="UTC", day=at[:10], mood_id=mood_id,
            mood_at=at, note="a note", is_pinned=False, is_draft=False, version=1, word_count=0,
            created_at=NOW, updated_at=NOW,
        )
    )  # fmt: skip


def test_entries_and_mood_logs_share_one_line_of_time(book: Diary) -> None:
    book.ana.entries.add(new_entry("e1", "j1", "2026-01-01", 100))
    log(book, "m1", "2026-01-01T18:00:00.000000Z", "Happy")
    book.ana.entries.add(new_entry("e2", "j1", "2026-01-02"))
    moments_seen = book.ana.timeline.page(Page(limit=2))
    assert [moment["id"] for moment in moments_seen] == ["e2", "m1"]
    assert (moments_seen[1]["mood_id"], moments_seen[1]["note"]) == ("Happy", "a note")
    after = Cursor(moments_seen[-1]["logged_at_utc"], "m1")
    [last] = book.ana.timeline.page(Page(limit=2, after=after))
    assert (last["id"], len(last["excerpt"] or "")) == ("e1", 200)
    assert book.ben.timeline.page(Page()) == []


def test_days_tell_counts_and_the_first_mood(book: Diary) -> None:
    book.ana.entries.add(new_entry("e1", "j1", "2026-01-01", 4))
    book.ana.entries.add(new_entry("e2", "j1", "2026-01-01", 5))
    log(book, "m1", "2026-01-02T18:00:00.000000Z", "Sad")
    log(book, "m2", "2026-01-02T08:00:00.000000Z", "Happy")
    book.ana.entries.add(new_entry("outside", "j1", "2026-01-03"))
    days = book.ana.timeline.days("2026-01-01", "2026-01-02")
    assert [(d["date"], d["entry_count"], d["total_words"], d["mood_id"]) for d in days] == [
        ("2026-01-01", 2, 9, None),
        ("2026-01-02", 0, 0, "Happy"),
    ]


def test_totals_between_two_instants_exclude_the_end(book: Diary) -> None:
    for entry_id, day in (("a", "2026-01-31"), ("b", "2026-02-01"), ("c", "2026-02-28")):
        book.ana.entries.add(new_entry(entry_id, "j1", day, 3))
    book.connection.execute(
        update(moments).where(moments.c.id == "c").values(at="2026-03-01T00:00:00.000000Z")
    )
    start, end = "2026-01-31T12:00:00.000000Z", "2026-03-01T00:00:00.000000Z"
    assert book.ana.insights.totals_between(start, end) == (2, 6)
    assert book.ben.insights.totals_between(start, end) == (0, 0)
