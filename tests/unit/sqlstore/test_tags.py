from __future__ import annotations

from collections.abc import Iterator

import pytest

from journiv.contracts.repositories.entries import Cursor, Page
from journiv.domain.errors import Conflict
from tests.unit.sqlstore.inmemory import NOW, Diary, diary, new_entry

LATER = "2026-03-02T10:00:00.000000Z"


@pytest.fixture
def book() -> Iterator[Diary]:
    with diary() as opened:
        opened.journal(opened.ana, "journal")
        for number in (1, 2, 3):
            opened.ana.entries.add(new_entry(f"e{number}", "journal", f"2026-0{number}-01"))
        opened.ana.tags.ensure(["sea", "town", "work"], ["sea", "town", "work"], NOW)
        yield opened


def usage(book: Diary) -> dict[str, int]:
    return {tag["name"]: tag["usage_count"] for tag in book.ana.tags.page(50, 0)}


def names(book: Diary, entry_id: str) -> list[str]:
    return [tag["name"] for tag in book.ana.tags.of_entry(entry_id)]


def assert_no_drift(book: Diary) -> None:
    assert book.ana.insights.verify() == []


def test_ensure_makes_only_what_is_missing_and_keeps_the_order_asked_for(book: Diary) -> None:
    found = book.ana.tags.ensure(["new", "sea", "new"], ["n1", "n2", "n3"], LATER)
    assert [tag["id"] for tag in found] == ["n1", "sea", "n1"]
    assert found[0]["created_at"] == LATER
    assert len(book.ana.tags.page(50, 0)) == 4


def test_nobody_sees_or_changes_tags_of_somebody_else(book: Diary) -> None:
    tags = book.ben.tags
    assert tags.get("sea") is None
    assert tags.by_name("sea") is None
    assert tags.page(50, 0) == []
    assert tags.rename("sea", "mine", LATER) is None
    assert tags.delete("sea") is False
    assert tags.link("e1", ["sea"], LATER) == []
    assert tags.merge("sea", "town", LATER) is None
    assert tags.totals() == (0, 0)
    assert len(book.ana.tags.page(50, 0)) == 3


def test_linking_counts_once_and_keeps_the_first_link(book: Diary) -> None:
    book.ana.tags.link("e1", ["sea"], NOW)
    [again] = book.ana.tags.link("e1", ["sea"], LATER)
    assert again == {"entry_id": "e1", "tag_id": "sea", "created_at": NOW, "updated_at": NOW}
    assert usage(book)["sea"] == 1
    assert_no_drift(book)


def test_unlinking_says_whether_there_was_a_link_and_counts_down(book: Diary) -> None:
    book.ana.tags.link("e1", ["sea", "town"], NOW)
    assert book.ana.tags.unlink("e1", "sea") is True
    assert book.ana.tags.unlink("e1", "sea") is False
    assert usage(book)["sea"] == 0
    assert names(book, "e1") == ["town"]
    assert_no_drift(book)


def test_an_entry_in_the_trash_takes_no_tags(book: Diary) -> None:
    book.ana.tags.link("e1", ["sea"], NOW)
    book.ana.trash.put("e1", LATER)
    assert book.ana.tags.link("e1", ["town"], LATER) == []
    assert book.ana.tags.unlink("e1", "sea") is False
    assert usage(book) == {"sea": 0, "town": 0, "work": 0}


def test_most_used_tags_come_first_then_by_name(book: Diary) -> None:
    book.ana.tags.link("e1", ["work"], NOW)
    assert [tag["name"] for tag in book.ana.tags.page(50, 0)] == ["work", "sea", "town"]
    assert [tag["name"] for tag in book.ana.tags.page(1, 1)] == ["sea"]
    assert [tag["name"] for tag in book.ana.tags.popular(50)] == ["work"]
    assert book.ana.tags.totals() == (3, 1)


@pytest.mark.parametrize(
    ("part", "found"),
    [("o", ["town", "work"]), ("%", ["50%"]), ("_", ["a_b"]), ("\\", ["c\\d"]), ("x", [])],
)
def test_search_takes_every_character_as_itself(book: Diary, part: str, found: list[str]) -> None:
    book.ana.tags.ensure(["50%", "a_b", "c\\d"], ["t1", "t2", "t3"], NOW)
    assert [tag["name"] for tag in book.ana.tags.page(50, 0, part)] == found


def test_renaming_to_a_taken_name_conflicts_and_to_its_own_does_not(book: Diary) -> None:
    with pytest.raises(Conflict, match="Tag with this name already exists"):
        book.ana.tags.rename("sea", "town", LATER)
    renamed = book.ana.tags.rename("sea", "sea", LATER)
    assert renamed is not None
    assert renamed["updated_at"] == LATER


def test_deleting_a_tag_takes_its_links_and_its_days(book: Diary) -> None:
    book.ana.tags.link("e1", ["sea", "town"], NOW)
    assert book.ana.tags.delete("sea") is True
    assert book.ana.tags.delete("sea") is False
    assert names(book, "e1") == ["town"]
    assert book.ana.tags.by_day("0001-01-01", "9999-12-31", "sea") == []
    assert_no_drift(book)


def test_merging_moves_links_drops_doubles_and_counts_right(book: Diary) -> None:
    book.ana.tags.link("e1", ["sea", "town"], NOW)
    book.ana.tags.link("e2", ["sea"], NOW)
    book.ana.tags.link("e3", ["town"], NOW)
    merged = book.ana.tags.merge("sea", "town", LATER)
    assert merged is not None
    assert merged["usage_count"] == 3
    assert merged["updated_at"] == LATER
    assert book.ana.tags.get("sea") is None
    assert [names(book, f"e{number}") for number in (1, 2, 3)] == [["town"]] * 3
    assert_no_drift(book)


def test_merging_moves_links_of_trashed_entries_for_when_they_come_back(book: Diary) -> None:
    book.ana.tags.link("e1", ["sea"], NOW)
    book.ana.trash.put("e1", LATER)
    book.ana.tags.merge("sea", "town", LATER)
    assert usage(book)["town"] == 0
    book.ana.trash.restore("e1", LATER)
    assert usage(book)["town"] == 1
    assert names(book, "e1") == ["town"]
    assert_no_drift(book)


def test_a_tag_merged_into_itself_stays(book: Diary) -> None:
    book.ana.tags.link("e1", ["sea"], NOW)
    assert book.ana.tags.merge("sea", "sea", LATER) is None
    assert usage(book)["sea"] == 1


def test_entries_of_a_tag_come_newest_first_in_pages(book: Diary) -> None:
    for entry_id in ("e1", "e2", "e3"):
        book.ana.tags.link(entry_id, ["sea"], NOW)
    book.ana.trash.put("e2", LATER)

    def ids(page: Page) -> list[str]:
        return [entry["id"] for entry in book.ana.tags.entries("sea", page)]

    assert ids(Page()) == ["e3", "e1"]
    assert ids(Page(limit=1)) == ["e3"]
    assert ids(Page(offset=1)) == ["e1"]
    assert ids(Page(after=Cursor("2026-03-01T12:00:00.000000Z", "e3"))) == ["e1"]


def test_days_of_use_are_those_of_the_entries(book: Diary) -> None:
    book.ana.entries.add(new_entry("e4", "journal", "2026-02-01"))
    for entry_id in ("e2", "e3", "e4"):
        book.ana.tags.link(entry_id, ["sea"], NOW)
    book.ana.tags.link("e2", ["town"], NOW)
    tags = book.ana.tags
    assert tags.by_day("2026-02-01", "2026-03-01", "sea") == [("2026-02-01", 2), ("2026-03-01", 1)]
    assert tags.by_day("2026-02-01", "2026-02-28") == [("2026-02-01", 3)]


def test_tags_seen_together_are_counted_by_entry(book: Diary) -> None:
    book.ana.tags.link("e1", ["sea", "town", "work"], NOW)
    book.ana.tags.link("e2", ["sea", "work"], NOW)
    book.ana.tags.link("e3", ["town", "work"], NOW)
    found = book.ana.tags.together_with("sea", 10)
    assert [(tag["name"], count) for tag, count in found] == [("work", 2), ("town", 1)]
    assert len(book.ana.tags.together_with("sea", 1)) == 1
