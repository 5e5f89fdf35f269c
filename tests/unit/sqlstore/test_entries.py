from __future__ import annotations

from collections.abc import Iterator

import pytest

from journiv.contracts.repositories.entries import Cursor, Page
from journiv.domain.errors import Conflict
from tests.unit.sqlstore.inmemory import ANA, Diary, diary, new_entry

LATER = "2026-03-02T08:00:00.000000Z"
Ids = list[str]


@pytest.fixture
def book() -> Iterator[Diary]:
    with diary() as opened:
        opened.journal(opened.ana, "j1")
        opened.journal(opened.ben, "j1")
        yield opened


def fill(book: Diary, count: int) -> Ids:
    """Add entries of consecutive days and return their ids, newest first."""
    for number in range(count):
        book.ana.entries.add(new_entry(f"e{number:02}", "j1", f"2026-01-{number + 1:02}"))
    return [f"e{number:02}" for number in reversed(range(count))]


def test_a_stored_entry_reads_back_as_it_was_returned(book: Diary) -> None:
    made = book.ana.entries.add(
        new_entry("e1", "j1", "2026-01-01", latitude=1.5, longitude=-2.5, weather="dry")
    )
    assert book.ana.entries.get("e1") == made
    assert (made["version"], made["is_draft"], made["user_id"]) == (1, False, ANA)


def test_an_id_is_used_once_but_by_everybody(book: Diary) -> None:
    book.ana.entries.add(new_entry("e1", "j1", "2026-01-01"))
    with pytest.raises(Conflict):
        book.ana.entries.add(new_entry("e1", "j1", "2026-01-01"))
    assert book.ben.entries.add(new_entry("e1", "j1", "2026-01-01"))["id"] == "e1"


def test_a_foreign_entry_is_neither_read_nor_changed(book: Diary) -> None:
    made = book.ana.entries.add(new_entry("e1", "j1", "2026-01-01"))
    assert book.ben.entries.get("e1") is None
    assert not book.ben.entries.exists("e1")
    assert book.ben.entries.change("e1", {"title": "mine"}, LATER) is None
    assert book.ben.trash.put("e1", LATER) is None
    assert book.ana.entries.get("e1") == made


def test_offsets_and_cursors_cut_the_same_pages(book: Diary) -> None:
    ids = fill(book, 9)
    by_offset = [
        [entry["id"] for entry in book.ana.entries.page(Page(limit=4, offset=offset))]
        for offset in (0, 4, 8)
    ]
    assert by_offset == [ids[:4], ids[4:8], ids[8:]]
    last = book.ana.entries.page(Page(limit=4))[-1]
    after = Cursor(last["entry_datetime_utc"], last["id"])
    following = book.ana.entries.page(Page(limit=4, after=after, offset=99))
    assert [entry["id"] for entry in following] == ids[4:8]


def test_entries_of_one_instant_are_ordered_by_id(book: Diary) -> None:
    for entry_id in ("b", "a", "c"):
        book.ana.entries.add(new_entry(entry_id, "j1", "2026-01-01"))
    assert [entry["id"] for entry in book.ana.entries.page(Page())] == ["c", "b", "a"]


def test_a_journal_shows_pinned_entries_first_page_by_page(book: Diary) -> None:
    ids = fill(book, 6)
    book.ana.entries.change("e01", {"is_pinned": True}, LATER)
    book.ana.entries.change("e03", {"is_pinned": True}, LATER)
    expected = ["e03", "e01", *(entry_id for entry_id in ids if entry_id not in ("e03", "e01"))]
    seen: Ids = []
    after = None
    while batch := book.ana.entries.of_journal(
        "j1", Page(limit=2, after=after), include_pinned=True
    ):
        seen += [entry["id"] for entry in batch]
        last = batch[-1]
        after = Cursor(last["entry_datetime_utc"], last["id"], pinned=last["is_pinned"])
    assert seen == expected
    unpinned = book.ana.entries.of_journal("j1", Page(), include_pinned=False)
    assert [entry["id"] for entry in unpinned] == expected[2:]


def test_days_are_inclusive_and_may_be_narrowed_to_a_journal(book: Diary) -> None:
    fill(book, 5)
    book.journal(book.ana, "j2")
    book.ana.entries.change("e02", {"journal_id": "j2"}, LATER)
    found = book.ana.entries.between("2026-01-02", "2026-01-04")
    assert [entry["id"] for entry in found] == ["e03", "e02", "e01"]
    found = book.ana.entries.between("2026-01-02", "2026-01-04", "j2")
    assert [entry["id"] for entry in found] == ["e02"]
    assert book.ana.entries.between("2026-01-04", "2026-01-02") == []


def test_drafts_stand_outside_lists_and_the_index_until_published(book: Diary) -> None:
    book.ana.entries.add(new_entry("e1", "j1", "2026-01-01", is_draft=True))
    assert book.ana.entries.page(Page()) == []
    assert book.ana.timeline.page(Page()) == []
    assert book.index.texts == {}
    assert [entry["id"] for entry in book.ana.entries.drafts(Page())] == ["e1"]
    book.ana.entries.change("e1", {"is_draft": False}, LATER)
    assert [entry["id"] for entry in book.ana.entries.page(Page())] == ["e1"]
    assert book.ana.entries.drafts(Page()) == []
    assert book.index.texts == {(ANA, "e1"): "title\nword word word"}


def test_a_change_counts_up_and_needs_the_version_it_names(book: Diary) -> None:
    book.ana.entries.add(new_entry("e1", "j1", "2026-01-01"))
    changed = book.ana.entries.change("e1", {"title": "New"}, LATER, version=1)
    assert changed is not None
    assert (changed["title"], changed["version"], changed["updated_at"]) == ("New", 2, LATER)
    assert book.ana.entries.change("e1", {"title": "Newer"}, LATER, version=1) is None
    assert book.index.texts[ANA, "e1"].startswith("new\n")


def test_what_was_imported_is_known_in_the_trash_too(book: Diary) -> None:
    book.ana.entries.add(new_entry("e1", "j1", "2026-01-01", importer="ndjson", ref="1"))
    book.ana.entries.add(new_entry("e2", "j1", "2026-01-01", importer="ndjson", ref="2"))
    book.ana.trash.put("e2", LATER)
    assert book.ana.entries.imported("ndjson", ["1", "2", "3"]).keys() == {"1", "2"}
    assert book.ana.entries.imported("other", ["1"]) == {}
    assert book.ben.entries.imported("ndjson", ["1"]) == {}
