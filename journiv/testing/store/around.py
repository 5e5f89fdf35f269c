"""What is around entries: journals, tags and moods."""

from __future__ import annotations

import asyncio
from functools import partial

import pytest

from journiv.contracts.records import MoodRecord
from journiv.contracts.storage import Store, Transaction
from journiv.domain.errors import Conflict
from journiv.domain.ids import new_id
from journiv.domain.scope import SYSTEM
from journiv.testing.store.base import StoreTests
from journiv.testing.store.people import Things, add_entry, plant, settled
from journiv.testing.store.rows import (
    ALL,
    AT,
    CALM,
    FAR,
    LATER,
    SAD,
    entry,
    journal,
)


class AroundEntriesTests(StoreTests):
    """`tx.journals`, `tx.tags`, `tx.moods`, `tx.mood_logs`."""

    async def test_a_journal_goes_with_all_that_is_in_it(self, store: Store) -> None:
        me = await settled(store)
        other = new_id()
        await store.write(me.scope, lambda tx: tx.journals.add(journal(other, title="Other")))
        await store.write(me.scope, partial(add_entry, entry(new_id(), other, "stays")))
        assert await store.write(me.scope, lambda tx: tx.journals.delete(me.journal))
        left, tags, drift = await store.read(
            me.scope,
            lambda tx: (tx.entries.page(ALL), tx.tags.popular(10), tx.insights.verify()),
        )
        assert [one["content"] for one in left] == ["stays"]
        assert (tags, drift) == ([], [])
        assert await store.read(me.scope, lambda tx: tx.trash.page(ALL)) == []

    async def test_an_entry_needs_a_journal_that_is_there(self, store: Store) -> None:
        me = await settled(store)
        with pytest.raises(Conflict):
            await store.write(me.scope, partial(add_entry, entry(new_id(), new_id())))

    async def test_a_name_is_one_tag(self, store: Store) -> None:
        me = await settled(store)
        tries = [
            store.write(me.scope, partial(_ensure, ["é", "e", "É%"], [new_id() for _ in "abc"]))
            for _ in range(5)
        ]
        answers = await asyncio.gather(*tries)
        assert all(answer == answers[0] for answer in answers), "each time the same tags"
        assert len(set(answers[0])) == 3
        found = await store.read(me.scope, lambda tx: tx.tags.by_name("e"))
        assert found is not None
        with pytest.raises(Conflict):
            await store.write(me.scope, lambda tx: tx.tags.rename(found["id"], "é", LATER))

    async def test_merging_keeps_each_entry_once(self, store: Store) -> None:
        me = await settled(store)
        _, target = await store.write(me.scope, partial(_ensure, ["walk", "shared"], ["", ""]))
        merged = await store.write(me.scope, lambda tx: tx.tags.merge(me.tag, target, LATER))
        assert merged is not None
        assert (merged["id"], merged["usage_count"]) == (target, 1)
        assert await store.read(me.scope, lambda tx: tx.tags.get(me.tag)) is None
        await store.write(me.scope, lambda tx: tx.trash.restore(me.trashed, LATER))
        assert await store.read(me.scope, lambda tx: tx.insights.verify()) == []
        found = await store.read(me.scope, lambda tx: tx.tags.entries(target, ALL))
        assert {one["id"] for one in found} == {me.entry, me.trashed}

    async def test_a_search_for_tags_is_plain_text(self, store: Store) -> None:
        me = await settled(store)
        names = ["50%", "a_b", "axb"]
        await store.write(me.scope, partial(_ensure, names, [new_id() for _ in names]))
        assert await tag_names(store, me, "%") == ["50%"]
        assert await tag_names(store, me, "_") == ["a_b"]
        assert await tag_names(store, me, "a") == ["shared", "walk", "a_b", "axb"]
        assert await tag_names(store, me, "*") == []

    async def test_the_mood_of_an_entry_is_its_own_moment(self, store: Store) -> None:
        me = await settled(store)
        log = await store.write(
            me.scope, lambda tx: tx.mood_logs.set_on_entry(me.entry, SAD["id"], None, LATER)
        )
        assert log is not None
        assert (log["id"], log["entry_id"], log["mood"]) == (me.entry, me.entry, SAD)
        assert log["note"] == "walk", "a null note keeps the one before"
        changes = {"at": FAR, "day": "2099-01-01", "zone": "UTC", "note": "x"}
        moved = await store.write(
            me.scope, lambda tx: tx.mood_logs.change(me.entry, changes, LATER)
        )
        assert moved is not None
        assert (moved["logged_datetime_utc"], moved["note"]) == (AT, "x")
        assert await store.write(me.scope, lambda tx: tx.mood_logs.delete(me.entry))
        assert await store.read(me.scope, lambda tx: tx.mood_logs.get(me.entry)) is None
        assert await store.read(me.scope, lambda tx: tx.entries.get(me.entry)) is not None

    async def test_the_catalogue_is_planted_anew_without_doubles(self, store: Store) -> None:
        await plant(store)
        renamed: MoodRecord = {**CALM, "name": "quiet"}
        await store.write(SYSTEM, lambda tx: tx.moods.plant([renamed, SAD]))
        moods = await store.read(SYSTEM, lambda tx: tx.moods.all())
        assert moods == [renamed, SAD]


async def tag_names(store: Store, me: Things, text: str) -> list[str]:
    """Return the tags whose names hold a text."""
    found = await store.read(me.scope, lambda tx: tx.tags.page(100, 0, text))
    return [one["name"] for one in found]


def _ensure(names: list[str], ids: list[str], tx: Transaction) -> tuple[str, ...]:
    return tuple(tag["id"] for tag in tx.tags.ensure(names, ids, AT))
