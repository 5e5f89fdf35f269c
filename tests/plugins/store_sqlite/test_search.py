from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, insert, update

from journiv.contracts.records import EntryRecord
from journiv.contracts.repositories.entries import Cursor, EntrySearch, Page
from journiv.domain.text import fold
from journiv.sqlstore.tables import entry_tags, journals, metadata, moments, tags, users
from journiv_store_sqlite import search_layout, search_query
from journiv_store_sqlite.connections import Handle, Tuning, engine_for, open_handle
from journiv_store_sqlite.search_fts5 import Fts5Index

NOON = "2026-01-01T12:00:00.000000Z"
INDEX = Fts5Index()
ME, OTHER = "me", "other"


@pytest.fixture
def handle(tmp_path: Path) -> Iterator[Handle]:
    """A database with the tables, an empty index and two accounts with two journals each."""
    engine = engine_for(tmp_path / "search.db")
    opened = open_handle(engine, Tuning())
    metadata.create_all(opened.connection)
    INDEX.rebuild(opened.connection)
    for user_id in (ME, OTHER):
        stamps = {"created_at": NOON, "updated_at": NOON}
        account = {"id": user_id, "email": user_id, "role": "user", "is_active": True}
        opened.connection.execute(insert(users), {**account, "security_version": 1, **stamps})
        for journal_id in ("j1", "j2"):
            journal = {"user_id": user_id, "id": journal_id, "title": "J"}
            shown = {"is_favorite": False, "is_archived": False}
            opened.connection.execute(insert(journals), {**journal, **shown, **stamps})
    yield opened
    opened.close()


def second(number: int) -> str:
    """Return the instant so many seconds after the year began."""
    return f"2026-01-01T{number // 3600:02}:{number // 60 % 60:02}:{number % 60:02}.000000Z"


def add(handle: Handle, number: int, content: str, **columns: object) -> str:
    """Store and index an entry of `ME`, dated so many seconds after a certain moment."""
    row = {
        "user_id": ME,
        "id": f"{number:036}",
        "status": "entry",
        "journal_id": "j1",
        "at": second(number),
        "zone": "UTC",
        "day": "2026-01-01",
        "is_pinned": False,
        "is_draft": False,
        "version": 1,
        "word_count": 1,
        "created_at": NOON,
        "updated_at": NOON,
        "title": "",
        "content": content,
        **columns,
    }
    handle.connection.execute(insert(moments), row)
    INDEX.put(handle.connection, str(row["user_id"]), str(row["id"]), folded(row))
    return str(row["id"])


def folded(row: dict[str, object]) -> str:
    return f"{fold(str(row['title']))}\n{fold(str(row['content']))}"


def search(handle: Handle, *needles: str, page: Page | None = None, **narrow: object) -> list[int]:
    query = EntrySearch(needles=tuple(fold(needle) for needle in needles), **narrow)  # type: ignore[arg-type]
    return [int(entry["id"]) for entry in find(handle, query, page or Page())]


def find(handle: Handle, query: EntrySearch, page: Page) -> list[EntryRecord]:
    return INDEX.find(handle.connection, ME, query, page)


def test_substrings_are_found_whatever_their_case_accents_and_quotes(handle: Handle) -> None:
    add(handle, 1, "Caminé hasta la PLAZA; don\u2019t ask", title="Straße")
    assert search(handle, "CAMINE") == [1]
    assert search(handle, "amin") == [1]
    assert search(handle, "strasse") == [1]
    assert search(handle, "don't", "plaza") == [1]
    assert search(handle, "plaza hasta") == []
    assert search(handle, "camino") == []


@pytest.mark.parametrize("needle", ["100%", "a_b", '"', 'say "hi"', "NEAR(", "* OR *", "ab", "-x"])
def test_signs_are_plain_text(handle: Handle, needle: str) -> None:
    add(handle, 1, f"before {needle} after")
    add(handle, 2, "nothing of the kind")
    assert search(handle, needle) == [1]


@pytest.mark.parametrize("needle", ["x" * 10_000, "zz", "q", "absent"])
def test_what_is_not_there_is_not_found(handle: Handle, needle: str) -> None:
    add(handle, 1, "some text")
    assert search(handle, needle) == []


def test_hits_come_newest_first_in_pages(handle: Handle) -> None:
    for number in (3, 1, 2, 5, 4):
        add(handle, number, "light")
    assert search(handle, "light") == [5, 4, 3, 2, 1]
    assert search(handle, "light", page=Page(limit=2, offset=1)) == [4, 3]
    last = Cursor(second(4), f"{4:036}")
    assert search(handle, "light", page=Page(limit=2, after=last)) == [3, 2]


def test_the_search_is_narrowed(handle: Handle) -> None:
    add(handle, 1, "light", journal_id="j2", mood_id="calm", day="2025-12-31")
    entry = add(handle, 2, "light", is_pinned=True)
    add(handle, 3, "light", mood_id="calm", day="2026-01-02")
    stamps = {"created_at": NOON, "updated_at": NOON}
    tag = {"user_id": ME, "id": "t", "name": "sea", "usage_count": 1}
    handle.connection.execute(insert(tags), {**tag, **stamps})
    link = {"user_id": ME, "entry_id": entry, "tag_id": "t", "created_at": NOON}
    handle.connection.execute(insert(entry_tags), link)
    assert search(handle, "light", journal_id="j2") == [1]
    assert search(handle, "light", mood_id="calm") == [3, 1]
    assert search(handle, "light", tag="sea") == [2]
    assert search(handle, "light", tag="lake") == []
    assert search(handle, "light", pinned=True) == [2]
    assert search(handle, "light", pinned=False) == [3, 1]
    assert search(handle, "light", start_date="2026-01-01", end_date="2026-01-01") == [2]
    assert search(handle, "light", has_media=True) == []
    assert search(handle, "light", has_media=False) == [3, 2, 1]


@pytest.mark.parametrize("status", ["draft", "trash", "log"])
def test_only_live_entries_are_found(handle: Handle, status: str) -> None:
    add(handle, 1, "light", status=status)
    assert search(handle, "light") == []
    assert search(handle, "li") == []


def test_a_changed_text_is_found_by_its_new_words_only(handle: Handle) -> None:
    entry = add(handle, 1, "morning")
    change(handle, entry, "evening")
    assert search(handle, "evening") == [1]
    assert search(handle, "morning") == []
    assert INDEX.drift(handle.connection) == []


def change(handle: Handle, entry_id: str, content: str) -> None:
    row = {"title": "", "content": content}
    handle.connection.execute(update(moments).where(moments.c.id == entry_id).values(row))
    INDEX.put(handle.connection, ME, entry_id, folded(dict(row)))


def test_a_removed_entry_is_forgotten(handle: Handle) -> None:
    entry = add(handle, 1, "light")
    add(handle, 2, "light")
    INDEX.remove(handle.connection, ME, [entry, "unknown"])
    handle.connection.execute(delete(moments).where(moments.c.id == entry))
    assert search(handle, "light") == [2]
    assert INDEX.drift(handle.connection) == []


def test_an_accounts_texts_are_forgotten_together(handle: Handle) -> None:
    add(handle, 1, "light")
    add(handle, 2, "light", user_id=OTHER)
    INDEX.remove_user(handle.connection, ME)
    handle.connection.execute(delete(moments).where(moments.c.user_id == ME))
    assert search(handle, "light") == []
    assert INDEX.drift(handle.connection) == []


@contextmanager
def limits(window: int, starts: int, count_bits: int) -> Iterator[None]:
    """Small numbers, so that a few entries take every way through the plan."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(search_query, "WINDOW", window)
        patch.setattr(search_query, "SPARSE", 0)
        patch.setattr(search_query, "MOST_STARTS", starts)
        patch.setattr(search_layout, "_COUNT_BITS", count_bits)
        yield


def test_other_peoples_hits_hide_nothing(handle: Handle) -> None:
    add(handle, 1, "light")
    for number in range(2, 12):
        add(handle, number, "light", user_id=OTHER)
    assert search(handle, "light") == [1]
    assert search(handle, "light", page=Page(limit=1)) == [1]


def test_short_needles_older_than_the_walk_are_found(handle: Handle) -> None:
    for number in range(1, 6):
        add(handle, number, "light")
    for number in range(6, 60):
        add(handle, number, "dark")
    for starts in (1, 2_000):
        with limits(5, starts, 12):
            assert search(handle, "li") == [5, 4, 3, 2, 1]
            assert search(handle, "ht") == [5, 4, 3, 2, 1]
            assert search(handle, "li", "ark") == []
            assert search(handle, "zz") == []


def test_entries_of_a_full_minute_are_found_in_order(handle: Handle) -> None:
    with limits(5, 2_000, 1):
        for number in range(20):
            add(handle, number, "light", at="2026-01-01T12:00:00.000000Z")
        add(handle, 20, "light", at="2026-01-02T12:00:00.000000Z")
        add(handle, 21, "light", at="2025-01-02T12:00:00.000000Z")
        assert search(handle, "light") == [20, *range(19, -1, -1), 21]
        assert search(handle, "light", page=Page(limit=3, offset=1)) == [19, 18, 17]
        assert INDEX.drift(handle.connection) == []
        INDEX.rebuild(handle.connection)
        assert INDEX.drift(handle.connection) == []
        assert search(handle, "light") == [20, *range(19, -1, -1), 21]


def test_an_entry_moved_in_time_is_found_in_its_new_place(handle: Handle) -> None:
    for number in (1, 2, 3):
        add(handle, number, "light")
    moved = f"{2:036}"
    place = {"at": "2026-02-01T00:00:00.000000Z"}
    handle.connection.execute(update(moments).where(moments.c.id == moved).values(place))
    assert INDEX.drift(handle.connection) == [f"Search does not know entry {moved} of me as it is."]
    INDEX.put(handle.connection, ME, moved, "\nlight")
    assert INDEX.drift(handle.connection) == []
    assert search(handle, "light", page=Page(limit=1)) == [2]


def test_many_new_entries_are_indexed_at_once(handle: Handle) -> None:
    for number in range(1, 6):
        add(handle, number, "light", status="draft")
    INDEX.remove_user(handle.connection, ME)
    handle.connection.execute(update(moments).values(status="entry"))
    texts = {f"{number:036}": "\nlight" for number in range(1, 6)}
    INDEX.put_new(handle.connection, ME, texts)
    INDEX.put_new(handle.connection, ME, {})
    assert INDEX.drift(handle.connection) == []
    assert search(handle, "light") == [5, 4, 3, 2, 1]


def test_many_new_entries_are_numbered_after_those_of_their_minutes(handle: Handle) -> None:
    with limits(5, 2_000, 1):
        for number in range(8):
            add(handle, number, "light", at=second(60 * (number % 3)))
        texts = {f"{number:036}": "\nlight" for number in (7, 4, 1, 6, 3)}
        INDEX.remove(handle.connection, ME, list(texts))
        INDEX.put_new(handle.connection, ME, texts)
        assert INDEX.drift(handle.connection) == []
        assert search(handle, "light") == [5, 2, 7, 4, 1, 6, 3, 0]


def test_planted_drift_is_found(handle: Handle) -> None:
    for number in range(1, 4):
        add(handle, number, "light")
    handle.raw.execute("DELETE FROM moments WHERE id LIKE '%1'")
    handle.raw.execute("UPDATE moments SET content = 'dark' WHERE id LIKE '%2'")
    handle.raw.execute("UPDATE entry_search SET folded = 'dark' WHERE entry_id LIKE '%3'")
    found = INDEX.drift(handle.connection)
    assert [sentence.partition(f"{0:030}")[0] for sentence in found] == [
        "Search finds entry ",
        "Search does not know entry ",
        "Search does not know entry ",
        "The trigrams of the search index differ from its texts.",
    ]
    INDEX.rebuild(handle.connection)
    assert INDEX.drift(handle.connection) == []
    assert search(handle, "dark") == [2]


texts = st.text(alphabet="aábBcß \u2019'\"%\n\U0001d51e", max_size=12)
needles = st.lists(
    st.text(alphabet="abcs '\"%\U0001d51e", min_size=1, max_size=5), min_size=1, max_size=3
)


@settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    contents=st.lists(texts, max_size=25),
    sought=needles,
    starts=st.integers(1, 4),
    count_bits=st.integers(0, 3),
    limit=st.integers(1, 5),
    offset=st.integers(0, 3),
)
def test_search_finds_what_a_scan_finds(
    handle: Handle,
    contents: list[str],
    sought: list[str],
    starts: int,
    count_bits: int,
    limit: int,
    offset: int,
) -> None:
    handle.raw.execute("BEGIN")
    wanted = [fold(needle) for needle in sought]
    scanned = [
        number
        for number, content in reversed(list(enumerate(contents)))
        if number % 5 and all(needle in "\n" + fold(content) for needle in wanted)
    ]
    with limits(2, starts, count_bits):
        for number, content in enumerate(contents):
            owner = ME if number % 5 else OTHER
            add(handle, number, content, user_id=owner, at=second(number * 20))
        found = search(handle, *sought, page=Page(limit=limit, offset=offset))
        later = Cursor(second(offset * 60), f"{offset * 3:036}")
        beyond = search(handle, *sought, page=Page(limit=limit, after=later))
    handle.raw.execute("ROLLBACK")
    assert found == scanned[offset : offset + limit]
    assert beyond == [number for number in scanned if number < offset * 3][:limit]
