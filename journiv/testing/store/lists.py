"""Lists: their order, and walking through them by cursor and by offset."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from typing import Any, Final

import pytest

from journiv.contracts.repositories.entries import Cursor, EntrySearch, NewEntry, Page
from journiv.contracts.repositories.mood_logs import MoodLogFilter
from journiv.contracts.storage import Store, Transaction
from journiv.domain.ids import new_id
from journiv.testing.store.base import StoreTests
from journiv.testing.store.people import Things, add_entry, settled
from journiv.testing.store.rows import ALL, AT, DAY, LATER, LONG_AGO, entry, mood_log

Row = Mapping[str, Any]
List = Callable[[Transaction, Things, Page], list[Any]]
INSTANTS: Final = (AT, LATER, LONG_AGO, AT, AT, LATER, "9998-12-30T23:59:59.999999Z", AT)
"""Several are the same, as imported entries' are; then the id decides."""

LISTS: Final[Mapping[str, List]] = {
    "entries.page": lambda tx, me, page: tx.entries.page(page),
    "entries.of_journal": lambda tx, me, page: tx.entries.of_journal(
        me.journal, page, include_pinned=True
    ),
    "entries.drafts": lambda tx, me, page: tx.entries.drafts(page),
    "entries.search": lambda tx, me, page: tx.entries.search(EntrySearch(needles=("wo",)), page),
    "tags.entries": lambda tx, me, page: tx.tags.entries(me.tag, page),
    "mood_logs.page": lambda tx, me, page: tx.mood_logs.page(MoodLogFilter(), page),
    "timeline.page": lambda tx, me, page: tx.timeline.page(page),
    "trash.page": lambda tx, me, page: tx.trash.page(page),
}
INSTANT_OF: Final = {
    "entries.drafts": "updated_at",
    "mood_logs.page": "logged_datetime_utc",
    "timeline.page": "logged_at_utc",
    "trash.page": "trashed_at",
}


class ListTests(StoreTests):
    """Every list that takes a `Page`."""

    @pytest.mark.parametrize("name", LISTS)
    async def test_a_list_is_in_order_and_walked_through_without_gaps(
        self, store: Store, name: str
    ) -> None:
        me = await with_many(store)
        every = await listed(store, me, name, ALL)
        assert len(every) >= len(INSTANTS)
        assert every == sorted(every, key=partial(place, name), reverse=True), "newest first"
        for limit in (1, 3, len(every)):
            found = await walked(store, me, name, limit, len(every))
            assert found == every, f"{limit} at a time"
        by_offset = await listed(store, me, name, Page(limit=4, offset=3))
        assert by_offset == every[3:7]
        beyond = Page(limit=3, after=cursor(name, every[-1]))
        assert await listed(store, me, name, beyond) == []
        both = Page(limit=2, offset=5, after=cursor(name, every[0]))
        assert await listed(store, me, name, both) == every[1:3], "`after` wins over `offset`"

    async def test_what_comes_meanwhile_is_neither_repeated_nor_skipped(self, store: Store) -> None:
        me = await with_many(store)
        every = await listed(store, me, "entries.page", ALL)
        seen = await listed(store, me, "entries.page", Page(limit=3))
        newer = entry(new_id(), me.journal, at="2098-01-01T00:00:00.000000Z", day="2098-01-01")
        await store.write(me.scope, partial(add_entry, newer))
        await store.write(me.scope, lambda tx: tx.trash.put(seen[0]["id"], LATER))
        rest = Page(limit=1000, after=cursor("entries.page", seen[-1]))
        assert seen + await listed(store, me, "entries.page", rest) == every

    async def test_pinned_entries_can_be_left_out(self, store: Store) -> None:
        me = await with_many(store)
        found = await store.read(
            me.scope, lambda tx: tx.entries.of_journal(me.journal, ALL, include_pinned=False)
        )
        assert found
        assert not any(one["is_pinned"] for one in found)

    async def test_days_are_inclusive_and_drafts_are_left_out(self, store: Store) -> None:
        me = await with_many(store)
        between, on_days, first = await store.read(
            me.scope,
            lambda tx: (
                tx.entries.between(LONG_AGO[:10], DAY),
                tx.timeline.on_days([LONG_AGO[:10], DAY]),
                tx.timeline.first_day(),
            ),
        )
        assert [one["id"] for one in between] == [one["id"] for one in on_days]
        assert {one["entry_date"] for one in between} == {LONG_AGO[:10], DAY}
        assert not any(one["is_draft"] for one in between)
        assert first == LONG_AGO[:10]

    async def test_moods_are_narrowed(self, store: Store) -> None:
        me = await with_many(store)
        filters = (
            MoodLogFilter(mood_id=new_id()),
            MoodLogFilter(entry_id=me.entry),
            MoodLogFilter(start_date=DAY, end_date=DAY),
        )
        found = [await logs(store, me, one) for one in filters]
        assert found[0] == []
        assert [one["id"] for one in found[1]] == [me.entry]
        assert {one["logged_date"] for one in found[2]} == {DAY}


async def with_many(store: Store) -> Things:
    """Store a person who has many things of each kind, some at one instant."""
    me = await settled(store)

    def write(tx: Transaction) -> None:
        for number, at in enumerate(INSTANTS):
            new = entry(
                new_id(), me.journal, "words", at=at, day=at[:10], is_pinned=number % 3 == 0
            )
            _write_four(tx, me, new)

    await store.write(me.scope, write)
    return me


def _write_four(tx: Transaction, me: Things, new: NewEntry) -> None:
    """Store a tagged entry, a draft, a trashed entry and a mood, all at the instant of one."""
    tx.entries.add(new)
    tx.tags.link(new.id, [me.tag], AT)
    draft = replace(new, id=new_id(), is_draft=True, is_pinned=False)
    tx.entries.add(replace(draft, updated_at=new.at))
    gone = replace(new, id=new_id())
    tx.entries.add(gone)
    tx.trash.put(gone.id, new.at)
    tx.mood_logs.add(mood_log(new_id(), at=new.at, day=new.day))


async def listed(store: Store, me: Things, name: str, page: Page) -> list[Any]:
    """Return a part of a list."""
    return await store.read(me.scope, lambda tx: LISTS[name](tx, me, page))


async def walked(store: Store, me: Things, name: str, limit: int, most: int) -> list[Any]:
    """Return a whole list, read so many at a time; give up when there are more than `most`."""
    found = page = await listed(store, me, name, Page(limit=limit))
    while page and len(found) <= most:
        page = await listed(store, me, name, Page(limit=limit, after=cursor(name, page[-1])))
        found = found + page
    return found


async def logs(store: Store, me: Things, wanted: MoodLogFilter) -> list[Any]:
    """Return mood logs."""
    return await store.read(me.scope, lambda tx: list(tx.mood_logs.page(wanted, ALL)))


def cursor(name: str, row: Row) -> Cursor:
    """Return the place of an item in its list."""
    return Cursor(instant(name, row), row["id"], pinned(name, row))


def place(name: str, row: Row) -> tuple[bool, str, str]:
    """Return what a list is in order of, descending."""
    return pinned(name, row), instant(name, row), row["id"]


def instant(name: str, row: Row) -> str:
    """Return the instant a list is in order of."""
    return str(row[INSTANT_OF.get(name, "entry_datetime_utc")])


def pinned(name: str, row: Row) -> bool:
    """Say whether an item comes first."""
    return name == "entries.of_journal" and bool(row["is_pinned"])
