from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from journiv.contracts.repositories.entries import Cursor, Page
from journiv.contracts.repositories.mood_logs import MoodLogFilter, NewMoodLog
from journiv.contracts.storage import Store, Transaction
from journiv.domain.scope import UserScope
from journiv.sqlstore.transaction import SqlTransaction
from tests.unit.sqlstore.inmemory import NOW, Diary, diary, new_entry

LATER = "2026-03-02T10:00:00.000000Z"
ANY = MoodLogFilter()


@pytest.fixture
def book() -> Iterator[Diary]:
    with diary() as opened:
        opened.journal(opened.ana, "journal")
        opened.ana.entries.add(new_entry("entry", "journal", "2026-03-01"))
        opened.ana.entries.add(new_entry("draft", "journal", "2026-03-01", is_draft=True))
        yield opened


def add(book: Diary, log_id: str, day: str, mood: str = "Happy", note: str | None = None) -> None:
    book.ana.mood_logs.add(
        NewMoodLog(
            id=log_id,
            mood_id=mood,
            note=note,
            at=f"{day}T20:00:00.000000Z",
            zone="UTC",
            day=day,
            created_at=NOW,
        )
    )


def ids(book: Diary, wanted: MoodLogFilter = ANY, page: Page | None = None) -> list[str]:
    return [log["id"] for log in book.ana.mood_logs.page(wanted, page or Page())]


def assert_no_drift(book: Diary) -> None:
    assert book.ana.insights.verify() == []


def test_a_log_of_its_own_carries_its_mood_and_belongs_to_no_entry(book: Diary) -> None:
    add(book, "log", "2026-03-02", note="sunny")
    log = book.ana.mood_logs.get("log")
    assert log is not None
    assert log["entry_id"] is None
    assert log["note"] == "sunny"
    assert log["logged_date"] == "2026-03-02"
    assert log["created_at"] == NOW
    assert log["mood"]["name"] == "Happy"
    assert_no_drift(book)


def test_an_entrys_log_is_the_entrys_moment(book: Diary) -> None:
    log = book.ana.mood_logs.set_on_entry("entry", "Sad", "rain", LATER)
    assert log is not None
    assert (log["id"], log["entry_id"]) == ("entry", "entry")
    assert log["logged_datetime_utc"] == "2026-03-01T12:00:00.000000Z"
    assert log["created_at"] == LATER
    assert_no_drift(book)


def test_a_second_mood_replaces_the_first_and_a_null_note_keeps_the_note(book: Diary) -> None:
    book.ana.mood_logs.set_on_entry("entry", "Sad", "rain", NOW)
    log = book.ana.mood_logs.set_on_entry("entry", "Happy", None, LATER)
    assert log is not None
    assert (log["mood_id"], log["note"], log["created_at"]) == ("Happy", "rain", NOW)
    assert ids(book) == ["entry"]
    assert_no_drift(book)


def test_a_log_is_no_entry_to_put_a_mood_on(book: Diary) -> None:
    add(book, "log", "2026-03-02")
    assert book.ana.mood_logs.set_on_entry("log", "Sad", None, LATER) is None
    assert book.ana.mood_logs.set_on_entry("nothing", "Sad", None, LATER) is None
    assert book.ben.mood_logs.set_on_entry("entry", "Sad", None, LATER) is None


def test_the_mood_of_a_draft_is_kept_but_not_listed(book: Diary) -> None:
    book.ana.mood_logs.set_on_entry("draft", "Sad", None, NOW)
    assert book.ana.mood_logs.get("draft") is not None
    assert ids(book) == []
    assert book.ana.mood_logs.days() == []
    assert_no_drift(book)


def test_logs_of_the_trash_are_gone_and_come_back(book: Diary) -> None:
    book.ana.mood_logs.set_on_entry("entry", "Sad", None, NOW)
    book.ana.trash.put("entry", LATER)
    assert book.ana.mood_logs.get("entry") is None
    assert book.ana.mood_logs.change("entry", {"note": "x"}, LATER) is None
    assert book.ana.mood_logs.delete("entry") is False
    assert ids(book) == []
    book.ana.trash.restore("entry", LATER)
    assert ids(book) == ["entry"]
    assert_no_drift(book)


def test_lists_run_newest_first_and_narrow_down(book: Diary) -> None:
    book.ana.mood_logs.set_on_entry("entry", "Sad", None, NOW)
    add(book, "a", "2026-02-28")
    add(book, "b", "2026-03-01", "Sad")
    add(book, "c", "2026-03-05")
    assert ids(book) == ["c", "b", "entry", "a"]
    assert ids(book, MoodLogFilter(mood_id="Sad")) == ["b", "entry"]
    assert ids(book, MoodLogFilter(entry_id="entry")) == ["entry"]
    assert ids(book, MoodLogFilter(entry_id="a")) == []
    assert ids(book, MoodLogFilter(start_date="2026-03-01", end_date="2026-03-01")) == [
        "b",
        "entry",
    ]
    assert ids(book, page=Page(limit=2, offset=1)) == ["b", "entry"]
    assert ids(book, page=Page(after=Cursor("2026-03-01T20:00:00.000000Z", "b"))) == ["entry", "a"]


@pytest.mark.parametrize("wanted", [ANY, MoodLogFilter(start_date="2026-01-01")])
async def test_a_list_follows_the_index_of_moods_without_sorting(
    store: Store, user: UserScope, wanted: MoodLogFilter
) -> None:
    def plan(tx: Transaction) -> str:
        assert isinstance(tx, SqlTransaction)
        connection = tx._bound.connection
        raw: Any = connection.connection.driver_connection
        sent: list[str] = []
        raw.set_trace_callback(sent.append)
        tx.mood_logs.page(wanted, Page())
        raw.set_trace_callback(None)
        [statement] = sent
        steps = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}")
        return " / ".join(row[-1] for row in steps)

    steps = await store.read(user, plan, long=True)
    assert "ix_moments_mood" in steps
    assert "TEMP B-TREE" not in steps


def test_nobody_sees_or_changes_logs_of_somebody_else(book: Diary) -> None:
    add(book, "log", "2026-03-02")
    logs = book.ben.mood_logs
    assert logs.get("log") is None
    assert logs.page(ANY, Page()) == []
    assert logs.change("log", {"note": "mine"}, LATER) is None
    assert logs.delete("log") is False
    assert logs.days() == []
    assert logs.counts("0001-01-01", "9999-12-31") == []
    assert ids(book) == ["log"]


def test_changing_a_log_moves_its_day(book: Diary) -> None:
    add(book, "log", "2026-03-02")
    changes = {"at": "2026-03-04T01:00:00.000000Z", "zone": "UTC", "day": "2026-03-04"}
    log = book.ana.mood_logs.change("log", {**changes, "mood_id": "Sad"}, LATER)
    assert log is not None
    assert (log["logged_date"], log["mood_id"]) == ("2026-03-04", "Sad")
    assert book.ana.mood_logs.days() == ["2026-03-04"]
    assert_no_drift(book)


def test_the_time_of_an_entrys_log_cannot_be_changed_here(book: Diary) -> None:
    book.ana.mood_logs.set_on_entry("entry", "Sad", None, NOW)
    log = book.ana.mood_logs.change("entry", {"day": "2026-03-04", "note": "x"}, LATER)
    assert log is not None
    assert (log["logged_date"], log["note"]) == ("2026-03-01", "x")
    entry = book.ana.entries.get("entry")
    assert entry is not None
    assert entry["version"] == 1


def test_deleting_an_entrys_log_leaves_the_entry(book: Diary) -> None:
    book.ana.mood_logs.set_on_entry("entry", "Sad", "rain", NOW)
    assert book.ana.mood_logs.delete("entry") is True
    assert book.ana.mood_logs.delete("entry") is False
    assert book.ana.entries.get("entry") is not None
    again = book.ana.mood_logs.set_on_entry("entry", "Sad", None, LATER)
    assert again is not None
    assert (again["note"], again["created_at"]) == (None, LATER)
    assert_no_drift(book)


def test_deleting_a_log_removes_its_moment(book: Diary) -> None:
    add(book, "log", "2026-03-02")
    assert book.ana.mood_logs.delete("log") is True
    assert book.ana.entries.exists("log") is False
    assert_no_drift(book)


def test_counts_are_per_day_and_mood(book: Diary) -> None:
    add(book, "a", "2026-03-02")
    add(book, "b", "2026-03-02")
    add(book, "c", "2026-03-03", "Sad")
    add(book, "d", "2026-03-04")
    assert book.ana.mood_logs.counts("2026-03-02", "2026-03-03") == [
        ("2026-03-02", "Happy", 2),
        ("2026-03-03", "Sad", 1),
    ]
