from __future__ import annotations

from collections.abc import Iterator

import pytest

from journiv.domain.catalogue import MOODS, PROMPTS
from journiv.services.journal.catalogue import mood_records, prompt_records
from tests.unit.sqlstore.inmemory import NOW, Diary, diary, new_entry

LATER = "2026-03-02T10:00:00.000000Z"
FIRST = PROMPTS[0]


@pytest.fixture
def book() -> Iterator[Diary]:
    with diary() as opened:
        opened.connection.exec_driver_sql("DELETE FROM prompts")
        opened.connection.exec_driver_sql("DELETE FROM moods")
        opened.system.prompts.plant(prompt_records(NOW))
        opened.system.moods.plant(mood_records(NOW))
        opened.journal(opened.ana, "journal")
        yield opened


def test_only_the_installation_plants(book: Diary) -> None:
    with pytest.raises(RuntimeError):
        book.ana.prompts.plant([])
    with pytest.raises(RuntimeError):
        book.ana.moods.plant([])


def test_planting_again_changes_wordings_and_keeps_ids_and_birthdays(book: Diary) -> None:
    better = [record | {"text": "Better."} for record in prompt_records(LATER)]
    book.system.prompts.plant(better)  # type: ignore[arg-type] # a record with another text
    found = book.ana.prompts.get(FIRST.id)
    assert found is not None
    assert (found["text"], found["created_at"], found["updated_at"]) == ("Better.", NOW, LATER)
    assert len(book.ana.prompts.page(1000)) == len(PROMPTS)


def test_moods_planted_again_stay_twenty_by_category_and_name(book: Diary) -> None:
    book.system.moods.plant(mood_records(LATER))
    found = [(mood["category"], mood["name"]) for mood in book.ana.moods.all()]
    assert found == sorted((seed.category, seed.name) for seed in MOODS)
    assert len(book.ana.moods.all("neutral")) == 4


def test_prompts_narrow_by_category_and_difficulty(book: Diary) -> None:
    assert len(book.ana.prompts.page(50, category="dreams")) == 10
    found = book.ana.prompts.page(50, category="dreams", difficulty=3)
    assert {prompt["difficulty_level"] for prompt in found} == {3}
    assert book.ana.prompts.page(50, category="nonsense") == []
    assert sorted(prompt["id"] for prompt in found) == book.ana.prompts.ids(
        category="dreams", difficulty=3
    )


def test_newer_prompts_come_first(book: Diary) -> None:
    newer = prompt_records(LATER)[0]
    newer["id"] = "newer"
    book.system.prompts.plant([newer])
    assert book.ana.prompts.page(1)[0]["id"] == "newer"


def test_search_finds_text_whatever_its_case_and_nothing_by_wildcard(book: Diary) -> None:
    found = book.ana.prompts.search("SMALL COMFORT", 50)
    assert [prompt["id"] for prompt in found] == [FIRST.id]
    assert book.ana.prompts.search("%", 50) == []
    assert len(book.ana.prompts.search("what", 3)) == 3


def test_use_is_counted_for_each_person_alone(book: Diary) -> None:
    book.ana.entries.add(new_entry("entry", "journal", "2026-03-01", prompt_id=FIRST.id))
    for tx, uses in ((book.ana, 1), (book.ben, 0)):
        prompt = tx.prompts.get(FIRST.id)
        assert prompt is not None
        assert prompt["usage_count"] == uses


def test_a_prompt_is_answered_by_an_entry_of_that_day_and_person(book: Diary) -> None:
    book.ana.entries.add(new_entry("entry", "journal", "2026-03-01", prompt_id=FIRST.id))
    assert book.ana.prompts.answered(FIRST.id, "2026-03-01")
    assert not book.ana.prompts.answered(FIRST.id, "2026-03-02")
    assert not book.ana.prompts.answered(PROMPTS[1].id, "2026-03-01")
    assert not book.ben.prompts.answered(FIRST.id, "2026-03-01")
    book.ana.trash.put("entry", LATER)
    assert not book.ana.prompts.answered(FIRST.id, "2026-03-01")
