from __future__ import annotations

from collections.abc import Iterator

import pytest

from journiv.contracts.repositories.entries import Page
from tests.unit.sqlstore.inmemory import ANA, BEN, NOW, Diary, diary, new_entry

EARLIER = "2026-01-30T09:59:59.999999Z"


@pytest.fixture
def book() -> Iterator[Diary]:
    with diary() as opened:
        opened.journal(opened.ana, "j1")
        opened.journal(opened.ben, "j1")
        yield opened


def test_a_trashed_entry_is_nowhere_but_in_the_trash(book: Diary) -> None:
    made = book.ana.entries.add(new_entry("e1", "j1", "2026-01-01"))
    assert book.ana.trash.put("e1", NOW) == made
    assert book.ana.entries.get("e1") is None
    assert book.ana.entries.page(Page()) == []
    assert book.ana.entries.between("2026-01-01", "2026-01-01") == []
    assert book.ana.timeline.page(Page()) == []
    assert book.ana.timeline.on_days(["2026-01-01"]) == []
    assert book.index.texts == {}
    assert book.ana.insights.streak()["total_entries"] == 0
    assert book.ana.trash.page(Page()) == [{**made, "trashed_at": NOW}]
    assert book.ben.trash.page(Page()) == []


def test_a_restored_entry_is_back_everywhere(book: Diary) -> None:
    made = book.ana.entries.add(new_entry("e1", "j1", "2026-01-01"))
    book.ana.trash.put("e1", NOW)
    assert book.ben.trash.restore("e1", NOW) is None
    restored = book.ana.trash.restore("e1", NOW)
    assert restored == {**made, "version": 2, "updated_at": NOW}
    assert book.ana.entries.page(Page()) == [restored]
    assert book.index.texts == {(ANA, "e1"): "title\nword word word"}
    assert book.ana.insights.streak()["current_streak"] == 1
    assert book.ana.trash.restore("e1", NOW) is None


def test_a_draft_comes_back_as_a_draft(book: Diary) -> None:
    book.ana.entries.add(new_entry("e1", "j1", "2026-01-01", is_draft=True))
    book.ana.trash.put("e1", NOW)
    assert book.ana.entries.drafts(Page()) == []
    restored = book.ana.trash.restore("e1", NOW)
    assert restored is not None
    assert restored["is_draft"]
    assert book.index.texts == {}


def test_only_what_is_in_the_trash_is_deleted_for_ever(book: Diary) -> None:
    entry = book.ana.entries.add(new_entry("e1", "j1", "2026-01-01"))
    assert not book.ana.trash.delete("e1")
    book.ana.revisions.keep(entry, "edited", NOW)
    book.ana.trash.put("e1", NOW)
    assert not book.ben.trash.delete("e1")
    assert book.ana.trash.delete("e1")
    assert not book.ana.entries.exists("e1")
    assert book.ana.revisions.of_entry("e1") == []


def test_purging_forgets_what_everybody_threw_away_long_ago(book: Diary) -> None:
    for tx in (book.ana, book.ben):
        for entry_id, at in (("old", EARLIER), ("new", NOW)):
            tx.entries.add(new_entry(entry_id, "j1", "2026-01-01"))
            tx.trash.put(entry_id, at)
        tx.entries.add(new_entry("live", "j1", "2026-01-01"))
    assert book.system.trash.purge("2026-01-30T10:00:00.000000Z") == 2
    for user_id in (ANA, BEN):
        tx = book.system.as_user(user_id)
        assert [entry["id"] for entry in tx.trash.page(Page())] == ["new"]
        assert [entry["id"] for entry in tx.entries.page(Page())] == ["live"]
    with pytest.raises(RuntimeError):
        book.ana.trash.purge(NOW)


def test_the_newest_hundred_texts_of_an_entry_are_kept(book: Diary) -> None:
    entry = book.ana.entries.add(new_entry("e1", "j1", "2026-01-01"))
    for version in range(1, 106):
        book.ana.revisions.keep(
            {**entry, "version": version, "title": f"t{version}"}, "edited", NOW
        )
    book.ana.revisions.keep({**entry, "version": 105, "title": "again"}, "edited", NOW)
    kept = book.ana.revisions.of_entry("e1")
    assert [revision["number"] for revision in kept] == list(range(105, 5, -1))
    assert kept[0]["title"] == "t105"
    assert book.ben.revisions.of_entry("e1") == []
