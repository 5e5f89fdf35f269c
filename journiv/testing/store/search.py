"""Searching: the same entries as comparing the folded texts finds, whatever the index is."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any, Final

from journiv.contracts.repositories.entries import EntrySearch, Page
from journiv.contracts.storage import Store, Transaction
from journiv.domain.ids import new_id
from journiv.domain.text import fold
from journiv.testing.store.base import StoreTests
from journiv.testing.store.people import Things, add_entry, settled
from journiv.testing.store.rows import ALL, CALM, LATER, LONG_AGO, SAD, entry, journal

TEXTS: Final = (
    ("Up betimes", "To the office, and so to bed."), ("Straße", "Caminé hasta la PLAZA"),
    ("don\u2019t", "\u201cquoted\u201d words"), ("100%", "a_b a-b a*b"), ("日本語", "日記を書く"),
    ("\U0001f600", "\U0001f600\U0001f601 smiles"), ("İstanbul", "ﬁne ﬂour"), ("", "NEAR(a b) OR c"),
    ("ab", "cd"), ("e\u0301te\u0301", "cafe\u0301"), ("back\\slash", "'; --"),
    ("x" * 300, "y" * 5000), ("a", ""), ("Пепис", "ДНЕВНИК"), ("tab\tbed", "line\nfeed"),
    ("bed", "bed bed bed"),
)  # fmt: skip
WORDS: Final = (
    "bed", "be", "b", "office", "OFFICE,", "strasse", "camine", "amin", "don't", '"quoted"', "100%",
    "%", "_", "a_b", "a*b", "*", "\\", "'", "日", "日本", "記を書", "\U0001f600", "istanbul",
    "fine", "ﬂ", "near(", "or", "abcd", "ab cd", "bcd", "ete", "cafe", "x" * 301, "y" * 200,
    "пепис", "дневн", "tab\tbed", "line\nfeed", "absent", "dno", "-", "q", "b\ncd", ";",
)  # fmt: skip


class SearchTests(StoreTests):
    """`tx.entries.search`."""

    async def test_a_search_finds_what_comparing_finds(self, store: Store) -> None:
        me = await with_texts(store)
        wrong = {
            word: found
            for word in WORDS
            if (found := await titles(store, me, word)) != compared([fold(word)])
        }
        assert wrong == {}

    async def test_every_needle_must_occur(self, store: Store) -> None:
        me = await with_texts(store)
        for needles in (
            ("bed", "office"),
            ("be", "o"),
            ("a", "b", "c"),
            ("100%", "a_b"),
            ("a", "zz"),
        ):
            assert await titles(store, me, *needles) == compared(needles), needles

    async def test_a_search_follows_every_change(self, store: Store) -> None:
        me = await settled(store)
        new, other = entry(new_id(), me.journal, "first words"), new_id()
        both = ["second", "third"]
        steps: tuple[tuple[Any, list[str]], ...] = (
            (partial(add_entry, new), ["first"]),
            (lambda tx: tx.entries.change(new.id, {"content": "second"}, LATER), ["second"]),
            (lambda tx: tx.entries.change(new.id, {"title": "third"}, LATER), both),
            (lambda tx: tx.entries.change(new.id, {"is_draft": True}, LATER), []),
            (lambda tx: tx.entries.change(new.id, {"is_draft": False}, LATER), both),
            (lambda tx: tx.trash.put(new.id, LATER), []),
            (lambda tx: tx.trash.restore(new.id, LATER), both),
            (lambda tx: tx.journals.add(journal(other)), both),
            (
                lambda tx: tx.entries.change(new.id, {"journal_id": other}, LATER),
                both,
            ),
            (lambda tx: tx.journals.delete(other), []),
        )
        for number, (change, found) in enumerate(steps):
            await store.write(me.scope, change)
            for word in ("first", "second", "third"):
                hits = await ids(store, me, EntrySearch(needles=(word,)))
                assert (new.id in hits) is (word in found), f"{word} after step {number}"

    async def test_entries_stored_at_once_are_found_too(self, store: Store) -> None:
        me = await settled(store)
        new = [entry(new_id(), me.journal, f"needle{n}") for n in range(30)]
        await store.write(me.scope, lambda tx: tx.entries.add_all(new))
        assert await ids(store, me, EntrySearch(needles=("needle2",))) == {
            new[n].id for n in (2, *range(20, 30))
        }

    async def test_a_search_is_narrowed(self, store: Store) -> None:
        me = await settled(store)
        old, sad, elsewhere = new_id(), new_id(), new_id()
        other = new_id()

        def write(tx: Transaction) -> None:
            tx.journals.add(journal(other))
            tx.entries.add(entry(old, me.journal, "walk", at=LONG_AGO, day=LONG_AGO[:10]))
            tx.entries.add(entry(sad, me.journal, "walk", is_pinned=True))
            tx.mood_logs.set_on_entry(sad, SAD["id"], None, LATER)
            tx.entries.add(entry(elsewhere, other, "walk"))

        await store.write(me.scope, write)
        for narrow, found in (
            ({}, {me.entry, old, sad, elsewhere}),
            ({"journal_id": other}, {elsewhere}),
            ({"tag": "walk"}, {me.entry}),
            ({"mood_id": SAD["id"]}, {sad}),
            ({"mood_id": CALM["id"], "tag": "walk"}, {me.entry}),
            ({"pinned": True}, {sad}),
            ({"pinned": False}, {me.entry, old, elsewhere}),
            ({"end_date": LONG_AGO[:10]}, {old}),
            ({"start_date": "2026-03-01"}, {me.entry, sad, elsewhere}),
            ({"start_date": LONG_AGO[:10], "end_date": LONG_AGO[:10]}, {old}),
            ({"journal_id": other, "tag": "walk"}, set()),
        ):
            query: Any = {"needles": ("walk",), **narrow}
            assert await ids(store, me, EntrySearch(**query)) == found, narrow

    async def test_a_new_index_finds_the_same(self, store: Store) -> None:
        me = await with_texts(store)
        before = [await titles(store, me, word) for word in WORDS]
        await store.reindex()
        assert [await titles(store, me, word) for word in WORDS] == before
        assert await store.check() == []


async def with_texts(store: Store) -> Things:
    """Store a person with an entry for each of `TEXTS`."""
    me = await settled(store)
    for number, (title, content) in enumerate(TEXTS):
        new = entry(
            new_id(), me.journal, content, title=title, at=f"2026-04-01T12:00:{number:02}.000000Z"
        )
        await store.write(me.scope, partial(add_entry, new))
    await store.write(me.scope, lambda tx: tx.trash.put(me.entry, LATER))
    return me


async def titles(store: Store, me: Things, *needles: str) -> list[str]:
    """Return the titles of what is found, newest first."""
    query = EntrySearch(needles=tuple(fold(needle) for needle in needles))
    found = await store.read(me.scope, lambda tx: tx.entries.search(query, ALL), long=True)
    return [one["title"] for one in found]


async def ids(store: Store, me: Things, query: EntrySearch) -> set[str]:
    """Return the ids of what is found."""
    page = Page(limit=100)
    found = await store.read(me.scope, lambda tx: tx.entries.search(query, page), long=True)
    return {one["id"] for one in found}


def compared(needles: Sequence[str]) -> list[str]:
    """Return the titles of `TEXTS` in which every folded needle occurs, newest first."""
    return [
        title
        for title, content in reversed(TEXTS)
        if all(needle in f"{fold(title)}\n{fold(content)}" for needle in needles)
    ]
