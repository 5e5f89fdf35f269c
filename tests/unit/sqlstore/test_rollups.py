from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import insert, select, text, update

from journiv.contracts.archives import ArchivedMoment
from journiv.contracts.repositories.entries import Page
from journiv.sqlstore import rollups
from journiv.sqlstore.rollups.streak import of_days
from journiv.sqlstore.tables import day_stats, entry_tags, journal_stats, moments, tags
from tests.unit.sqlstore.inmemory import ANA, NOW, Diary, diary, new_entry

DAY_ONE = date(2024, 2, 25)
JOURNALS = ("j1", "j2")
TAGS = ("t1", "t2", "t3")


@pytest.fixture
def book() -> Iterator[Diary]:
    with diary() as opened:
        opened.journal(opened.ana, "j1")
        opened.journal(opened.ana, "j2")
        yield opened


def write(book: Diary, *days: str) -> None:
    for number, day in enumerate(days):
        book.ana.entries.add(new_entry(f"{day} {number}", "j1", day))


def streak(book: Diary) -> tuple[int, int, str | None, str | None]:
    found = book.ana.insights.streak()
    return (
        found["current_streak"],
        found["longest_streak"],
        found["streak_start_date"],
        found["last_entry_date"],
    )


def test_an_empty_diary_has_no_streak(book: Diary) -> None:
    assert streak(book) == (0, 0, None, None)


def test_entries_of_the_same_day_count_one_day(book: Diary) -> None:
    write(book, "2026-03-01", "2026-03-01")
    assert streak(book) == (1, 1, "2026-03-01", "2026-03-01")


def test_the_day_after_extends_the_run_over_a_leap_day(book: Diary) -> None:
    write(book, "2024-02-28", "2024-02-29", "2024-03-01")
    assert streak(book) == (3, 3, "2024-02-28", "2024-03-01")


def test_a_gap_restarts_the_run_and_keeps_the_longest(book: Diary) -> None:
    write(book, "2026-03-01", "2026-03-02", "2026-03-05")
    assert streak(book) == (1, 2, "2026-03-05", "2026-03-05")


def test_a_day_put_before_the_run_lengthens_it(book: Diary) -> None:
    write(book, "2026-03-01", "2026-03-03", "2026-03-04", "2026-03-02")
    assert streak(book) == (4, 4, "2026-03-01", "2026-03-04")


def test_a_filled_gap_in_the_past_joins_two_older_runs(book: Diary) -> None:
    write(book, "2026-01-01", "2026-01-03", "2026-03-01", "2026-01-02")
    assert streak(book) == (1, 3, "2026-03-01", "2026-03-01")


def test_losing_the_last_day_falls_back_to_the_run_before(book: Diary) -> None:
    write(book, "2026-03-01", "2026-03-02", "2026-03-07")
    book.ana.trash.put("2026-03-07 2", NOW)
    assert streak(book) == (2, 2, "2026-03-01", "2026-03-02")


def test_losing_every_entry_ends_at_nothing(book: Diary) -> None:
    write(book, "2026-03-01")
    book.ana.trash.put("2026-03-01 0", NOW)
    assert streak(book) == (0, 0, None, None)
    assert book.ana.insights.streak()["total_entries"] == 0


def test_days_may_come_in_any_order_and_in_runs_longer_than_a_chunk(book: Diary) -> None:
    days = [(DAY_ONE + timedelta(days=n)).isoformat() for n in range(1000)]
    write(book, *days[:450], *days[451:900], days[999], days[450])
    assert streak(book) == (1, 900, days[999], days[999])


def test_runs_reach_the_first_and_the_last_years() -> None:
    assert of_days(["0001-01-01", "0001-01-02", "9998-12-31"]).longest == 2


def test_a_journal_knows_its_newest_entry_after_changes(book: Diary) -> None:
    write(book, "2026-03-01", "2026-03-05", "2026-03-03")
    assert newest(book, "j1") == "2026-03-05T12:00:00.000000Z"
    book.ana.trash.put("2026-03-05 1", NOW)
    assert newest(book, "j1") == "2026-03-03T12:00:00.000000Z"
    book.ana.entries.change("2026-03-01 0", {"is_pinned": True}, NOW)
    book.ana.entries.change("2026-03-03 2", {"journal_id": "j2"}, NOW)
    assert newest(book, "j1") == "2026-03-01T12:00:00.000000Z"
    assert newest(book, "j2") == "2026-03-03T12:00:00.000000Z"


def newest(book: Diary, journal_id: str) -> str | None:
    journal = book.ana.journals.get(journal_id)
    assert journal is not None
    return journal["last_entry_at"]


def test_verify_sees_planted_drift_and_rebuild_mends_it(book: Diary) -> None:
    write(book, "2026-03-01", "2026-03-02")
    assert book.ana.insights.verify() == []
    book.connection.execute(update(day_stats).values(words=day_stats.c.words + 1))
    book.connection.execute(update(journal_stats).values(entry_count=7))
    book.connection.execute(text("UPDATE streaks SET longest_streak = 9"))
    assert {drift.table for drift in book.ana.insights.verify()} == {
        "day_stats", "journal_stats", "streaks",
    }  # fmt: skip
    book.ana.insights.rebuild()
    assert book.ana.insights.verify() == []
    assert streak(book) == (2, 2, "2026-03-01", "2026-03-02")


ADDING = st.tuples(st.just("add"), st.integers(0, 40), st.booleans(), st.sampled_from(JOURNALS))
OPERATIONS = st.lists(
    st.one_of(
        ADDING,
        ADDING,
        ADDING,
        st.tuples(st.just("date"), st.integers(0, 30), st.integers(0, 40)),
        st.tuples(st.just("text"), st.integers(0, 30), st.integers(0, 9)),
        st.tuples(st.just("move"), st.integers(0, 30), st.sampled_from(JOURNALS)),
        st.tuples(st.just("publish"), st.integers(0, 30), st.booleans()),
        st.tuples(st.just("trash"), st.integers(0, 30)),
        st.tuples(st.just("restore"), st.integers(0, 30)),
        st.tuples(st.just("tag"), st.integers(0, 30), st.sampled_from(TAGS)),
        st.tuples(st.just("mood"), st.integers(0, 30), st.sampled_from(["Happy", "Sad", None])),
        st.tuples(st.just("forget"), st.sampled_from(JOURNALS)),
    ),
    max_size=25,
)


@settings(deadline=None, max_examples=120)
@given(OPERATIONS)
def test_rollups_equal_a_recount_after_any_changes(operations: list[tuple[object, ...]]) -> None:
    with diary() as book:
        for journal_id in JOURNALS:
            book.journal(book.ana, journal_id)
        for tag_id in TAGS:
            stamps = {"created_at": NOW, "updated_at": NOW}
            book.connection.execute(
                insert(tags).values(user_id=ANA, id=tag_id, name=tag_id, usage_count=0, **stamps)
            )
        for number, (name, *arguments) in enumerate(operations):
            OPERATORS[str(name)](book, number, *arguments)
            assert book.ana.insights.verify() == []


BATCHES = st.lists(st.lists(st.integers(0, 30), max_size=8), min_size=1, max_size=5)


@settings(deadline=None, max_examples=60)
@given(BATCHES)
def test_batches_of_days_in_any_order_equal_a_recount(batches: list[list[int]]) -> None:
    with diary() as book:
        book.journal(book.ana, "j1")
        for number, days in enumerate(batches):
            book.ana.entries.add_all(
                [
                    new_entry(f"{number} {at}", "j1", _day(day), is_draft=at == 5)
                    for at, day in enumerate(days)
                ]
            )
            assert book.ana.insights.verify() == []
        live = {key[1] for key in book.index.texts}
        assert live == {entry["id"] for entry in book.ana.entries.page(Page(limit=100))}


def test_batches_with_tags_and_moods_equal_a_recount(book: Diary) -> None:
    stamps = {"created_at": NOW, "updated_at": NOW}
    for tag_id in TAGS:
        row = {"user_id": ANA, "id": tag_id, "name": tag_id, "usage_count": 0, **stamps}
        book.connection.execute(insert(tags).values(row))
    for batch in range(3):
        book.ana.holdings.add_moments([
            archived(f"{batch} {n}", _day(n * 7 % 20), TAGS[: n % 4], f"p{n % 2 + 1}")
            for n in range(30)
        ])  # fmt: skip
        assert book.ana.insights.verify() == []
    assert [tag["usage_count"] for tag in book.ana.tags.page(9, 0)] == [66, 42, 21]


def archived(entry_id: str, day: str, tag_ids: Sequence[str], prompt_id: str) -> ArchivedMoment:
    return {
        "id": entry_id, "status": "entry", "journal_id": "j1", "prompt_id": prompt_id,
        "at": f"{day}T12:00:00.000000Z", "zone": "UTC", "day": day, "mood_id": "Happy",
        "mood_at": NOW, "is_pinned": False, "is_draft": False, "trashed_at": None, "version": 1,
        "word_count": 3, "importer": None, "ref": None, "created_at": NOW, "updated_at": NOW,
        "location": None, "weather": None, "latitude": None, "longitude": None, "note": None,
        "title": "Title", "content": "one two three", "tags": dict.fromkeys(tag_ids, NOW),
    }  # fmt: skip


def _add(book: Diary, number: int, day: int, is_draft: bool, journal_id: str) -> None:
    if book.ana.journals.get(journal_id) is None:
        book.journal(book.ana, journal_id)
    book.ana.entries.add(
        new_entry(
            f"e{number}", journal_id, _day(day), number, is_draft=is_draft,
            prompt_id="p1" if number % 2 else None, is_pinned=number % 3 == 0,
        )
    )  # fmt: skip


def _day(offset: int) -> str:
    return (DAY_ONE + timedelta(days=offset)).isoformat()


def _some(book: Diary, choice: int) -> str:
    """Return the id of one of the moments, trashed ones too; there may be none."""
    ids = book.connection.execute(select(moments.c.id).order_by(moments.c.id)).scalars().all()
    return ids[choice % len(ids)] if ids else "none"


def _date(book: Diary, _: int, choice: int, day: int) -> None:
    at = f"{_day(day)}T12:00:00.000000Z"
    changes = {"entry_datetime_utc": at, "entry_date": _day(day)}
    book.ana.entries.change(_some(book, choice), changes, NOW)


def _text(book: Diary, _: int, choice: int, words: int) -> None:
    changes = {"content": "w " * words, "word_count": words}
    book.ana.entries.change(_some(book, choice), changes, NOW)


def _move(book: Diary, _: int, choice: int, journal_id: str) -> None:
    if book.ana.journals.get(journal_id) is not None:
        book.ana.entries.change(_some(book, choice), {"journal_id": journal_id}, NOW)


def _publish(book: Diary, _: int, choice: int, is_draft: bool) -> None:
    book.ana.entries.change(_some(book, choice), {"is_draft": is_draft}, NOW)


def _tag(book: Diary, _: int, choice: int, tag_id: str) -> None:
    entry_id = _some(book, choice)
    before = rollups.snapshot(book.connection, ANA, entry_id)
    if before is None or tag_id in before.tag_ids:
        return
    link = {"user_id": ANA, "entry_id": entry_id, "tag_id": tag_id, "created_at": NOW}
    book.connection.execute(insert(entry_tags), link)
    after = rollups.snapshot(book.connection, ANA, entry_id)
    rollups.apply(book.connection, ANA, before, after)


def _mood(book: Diary, _: int, choice: int, mood_id: str | None) -> None:
    entry_id = _some(book, choice)
    before = rollups.snapshot(book.connection, ANA, entry_id)
    here = moments.c.id == entry_id
    book.connection.execute(update(moments).where(here).values(mood_id=mood_id))
    after = rollups.snapshot(book.connection, ANA, entry_id)
    rollups.apply(book.connection, ANA, before, after)


OPERATORS = {
    "add": _add,
    "date": _date,
    "text": _text,
    "move": _move,
    "publish": _publish,
    "trash": lambda book, _, entry: book.ana.trash.put(_some(book, entry), NOW),
    "restore": lambda book, _, entry: book.ana.trash.restore(_some(book, entry), NOW),
    "tag": _tag,
    "mood": _mood,
    "forget": lambda book, _, journal_id: book.ana.journals.delete(journal_id),
}
