"""Entries, their earlier texts, the trash, and the numbers that follow every change."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable
from dataclasses import asdict, replace
from functools import partial
from typing import Any

import pytest

from journiv.contracts.records import EntryRecord
from journiv.contracts.repositories.entries import NewEntry
from journiv.contracts.repositories.mood_logs import MoodLogFilter
from journiv.contracts.storage import Store, Transaction
from journiv.domain.errors import Conflict
from journiv.domain.ids import new_id
from journiv.testing.store.base import StoreTests
from journiv.testing.store.people import Things, add_entry, seen, settled
from journiv.testing.store.rows import (
    ALL,
    AT,
    CALM,
    FIRST_DAY,
    LAST_DAY,
    LATER,
    LONG_AGO,
    SAD,
    entry,
    journal,
    mood_log,
)

AWKWARD = "\tÜnïcödé \U0001f600\u200d مرحبا \u2028 \\ ' \" %_ <b>&amp;</b>\r\n\n日本語\x7f "
TEXTS = ("", " ", AWKWARD, "e\u0301 is not é", "x" * 1_000_000, "'; DROP TABLE users; --")


class EntryTests(StoreTests):
    """`tx.entries`, `tx.revisions` and `tx.trash`."""

    async def test_an_entry_comes_back_as_it_went(self, store: Store) -> None:
        me = await settled(store)
        full = entry(
            new_id(), me.journal, AWKWARD, title=AWKWARD.strip(), zone="Asia/Kathmandu",
            day="2026-03-02", location="Łódź", weather="fair", latitude=-89.999999,
            longitude=179.5, is_pinned=True, word_count=0, at="0001-01-02T00:00:00.000000Z",
        )  # fmt: skip
        made = await store.write(me.scope, lambda tx: tx.entries.add(full))
        assert made == record(full, me.user)
        assert await store.read(me.scope, lambda tx: tx.entries.get(full.id)) == made

    async def test_text_is_kept_letter_for_letter(self, store: Store) -> None:
        me = await settled(store)
        for text in TEXTS:
            written = entry(new_id(), me.journal, text)
            await store.write(me.scope, partial(add_entry, written))
            assert await content(store, me, written.id) == text

    @pytest.mark.parametrize("letter", ["\0", "\ud800"])
    async def test_what_cannot_be_kept_is_refused_or_kept(self, store: Store, letter: str) -> None:
        """Never cut off, never replaced, and nothing else suffers."""
        me = await settled(store)
        text = f"before {letter} after"
        written = entry(new_id(), me.journal, text)
        try:
            await store.write(me.scope, lambda tx: tx.entries.add(written))
        except Exception:
            assert not await store.read(me.scope, lambda tx: tx.entries.exists(written.id))
        else:
            assert await content(store, me, written.id) == text
        await store.write(me.scope, partial(add_entry, entry(new_id(), me.journal)))

    async def test_an_id_or_a_reference_is_used_once(self, store: Store) -> None:
        me = await settled(store)
        for again in (
            entry(me.entry, me.journal),
            entry(me.draft, me.journal),
            entry(me.trashed, me.journal),
            entry(new_id(), me.journal, importer="kit", ref=me.ref),
        ):
            with pytest.raises(Conflict):
                await store.write(me.scope, partial(add_entry, again))
        await store.write(
            me.scope, partial(add_entry, entry(new_id(), me.journal, importer="b", ref="r"))
        )
        imported = await store.read(me.scope, lambda tx: tx.entries.imported("kit", [me.ref, "r"]))
        assert set(imported) == {me.ref}

    async def test_every_change_raises_the_version(self, store: Store) -> None:
        me = await settled(store)
        before = await store.read(me.scope, lambda tx: tx.entries.get(me.entry))
        assert before is not None
        changes = {"title": AWKWARD, "content": "new", "word_count": 1, "latitude": None}
        after = await store.write(me.scope, lambda tx: tx.entries.change(me.entry, changes, LATER))
        assert after == {**before, **changes, "version": before["version"] + 1, "updated_at": LATER}

    async def test_of_changes_to_one_version_one_is_written(self, store: Store) -> None:
        me = await settled(store)
        version = await version_of(store, me)
        tries = [
            store.write(me.scope, partial(_rename, me.entry, f"title {n}", version))
            for n in range(10)
        ]
        done = [one for one in await asyncio.gather(*tries) if one is not None]
        assert len(done) == 1
        assert await version_of(store, me) == version + 1

    async def test_many_entries_at_once_are_like_one_by_one(self, store: Store) -> None:
        one, other = await settled(store), await settled(store)
        days = ("2026-02-28", "2026-03-01", "2024-02-29")
        new = [
            entry(new_id(), one.journal, f"word {n}", day=days[n % 3], at=f"{days[n % 3]}{AT[10:]}")
            for n in range(30)
        ]
        await store.write(one.scope, lambda tx: tx.entries.add_all(new))
        for single in new:
            await store.write(
                other.scope, partial(add_entry, replace(single, journal_id=other.journal))
            )
        assert await numbers(store, one) == await numbers(store, other)

    async def test_the_trash_gives_back_what_it_took(self, store: Store) -> None:
        me = await settled(store)
        before = await store.read(me.scope, lambda tx: seen(tx, me))
        gone = await store.write(me.scope, lambda tx: tx.trash.put(me.entry, LATER))
        assert gone is not None
        assert await store.read(me.scope, lambda tx: tx.entries.get(me.entry)) is None
        assert await store.read(me.scope, lambda tx: tx.entries.exists(me.entry))
        assert await store.read(me.scope, lambda tx: tx.mood_logs.get(me.entry)) is None
        assert await store.read(me.scope, lambda tx: tx.insights.verify()) == []
        trashed = await store.read(me.scope, lambda tx: tx.trash.page(ALL))
        assert [one["id"] for one in trashed] == [me.entry, me.trashed]
        await store.write(me.scope, lambda tx: tx.trash.restore(me.entry, LATER))
        after = await store.read(me.scope, lambda tx: seen(tx, me))
        assert without_versions(after) == without_versions(before)

    async def test_what_is_deleted_for_ever_can_be_written_anew(self, store: Store) -> None:
        me = await settled(store)
        assert not await store.write(me.scope, lambda tx: tx.trash.delete(me.entry))
        await store.write(me.scope, lambda tx: tx.trash.put(me.entry, LATER))
        assert await store.write(me.scope, lambda tx: tx.trash.delete(me.entry))
        assert not await store.read(me.scope, lambda tx: tx.entries.exists(me.entry))
        assert await store.read(me.scope, lambda tx: tx.revisions.of_entry(me.entry)) == []
        again = entry(me.entry, me.journal, importer="kit", ref=me.ref)
        await store.write(me.scope, partial(add_entry, again))
        assert await store.read(me.scope, lambda tx: tx.tags.of_entry(me.entry)) == []

    async def test_the_newest_hundred_texts_are_kept(self, store: Store) -> None:
        me = await settled(store)

        def write(tx: Transaction) -> None:
            for number in range(105):
                changed = tx.entries.change(me.entry, {"content": f"text {number}"}, LATER)
                assert changed is not None
                tx.revisions.keep(changed, "edit", LATER)
                tx.revisions.keep(changed, "again", LATER)

        await store.write(me.scope, write)
        kept = await store.read(me.scope, lambda tx: tx.revisions.of_entry(me.entry))
        assert [one["content"] for one in kept] == [f"text {n}" for n in range(104, 4, -1)]
        assert {one["reason"] for one in kept} == {"edit"}

    async def test_numbers_follow_every_change(self, store: Store) -> None:
        me = await settled(store)
        for change in storm(me):
            await store.write(me.scope, change)
            assert await store.read(me.scope, lambda tx: tx.insights.verify()) == []
        before = await numbers(store, me)
        await store.write(me.scope, lambda tx: tx.insights.rebuild())
        assert await numbers(store, me) == before

    async def test_days_and_totals_are_those_of_live_entries(self, store: Store) -> None:
        me = await settled(store)
        for day in ("2026-03-02", "2026-03-03"):
            new = entry(new_id(), me.journal, "one two", day=day, at=f"{day}{AT[10:]}")
            await store.write(me.scope, partial(add_entry, new))
        streak, days, totals = await store.read(
            me.scope,
            lambda tx: (
                tx.insights.streak(),
                tx.insights.by_day("2026-03-02", LAST_DAY),
                tx.insights.totals_between(AT, "2026-03-03T12:00:00.000000Z"),
            ),
        )
        assert (streak["total_entries"], streak["longest_streak"]) == (3, 3)
        assert [(one.day, one.entries, one.words) for one in days] == [
            ("2026-03-02", 1, 2),
            ("2026-03-03", 1, 2),
        ]
        assert totals == (2, 3), "the later end is not in it"


def storm(me: Things) -> list[Callable[[Transaction], object]]:
    """Return changes of every kind, one after the other."""
    new, log, tag, other = new_id(), new_id(), new_id(), new_id()
    return [
        lambda tx: tx.entries.add(entry(new, me.journal, "three more words", day="2026-02-28")),
        lambda tx: tx.entries.change(new, {"content": "one", "word_count": 1}, LATER),
        lambda tx: tx.entries.change(
            new, {"entry_datetime_utc": LONG_AGO, "entry_date": LONG_AGO[:10]}, LATER
        ),
        lambda tx: tx.journals.add(journal(other)),
        lambda tx: tx.entries.change(new, {"journal_id": other}, LATER),
        lambda tx: tx.tags.ensure(["storm"], [tag], AT),
        lambda tx: tx.tags.link(new, [tag, me.tag], AT),
        lambda tx: tx.mood_logs.set_on_entry(new, CALM["id"], "x", AT),
        lambda tx: tx.mood_logs.add(mood_log(log, day="2026-02-27")),
        lambda tx: tx.mood_logs.change(log, {"mood_id": SAD["id"], "day": "2026-02-26"}, LATER),
        lambda tx: tx.entries.change(me.draft, {"is_draft": False}, LATER),
        lambda tx: tx.trash.put(new, LATER),
        lambda tx: tx.trash.restore(new, LATER),
        lambda tx: tx.tags.merge(tag, me.tag, LATER),
        lambda tx: tx.tags.unlink(me.entry, me.tag),
        lambda tx: tx.mood_logs.delete(new),
        lambda tx: tx.mood_logs.delete(log),
        lambda tx: tx.tags.delete(me.tag),
        lambda tx: tx.trash.delete(me.trashed),
        lambda tx: tx.journals.delete(other),
    ]


async def content(store: Store, me: Things, entry_id: str) -> str | None:
    """Return the text of an entry."""
    found = await store.read(me.scope, lambda tx: tx.entries.get(entry_id))
    return None if found is None else found["content"]


async def version_of(store: Store, me: Things) -> int:
    """Return the version of the person's entry."""
    found = await store.read(me.scope, lambda tx: tx.entries.get(me.entry))
    assert found is not None
    return found["version"]


async def numbers(store: Store, me: Things) -> list[object]:
    """Return every number about a diary."""
    return await store.read(
        me.scope,
        lambda tx: [
            tx.insights.streak(),
            tx.insights.by_day(FIRST_DAY, LAST_DAY),
            tx.insights.top_tags(FIRST_DAY, LAST_DAY, 10),
            tx.mood_logs.counts(FIRST_DAY, LAST_DAY),
            len(tx.mood_logs.page(MoodLogFilter(), ALL)),
            [
                (one["entry_count"], one["total_words"])
                for one in tx.journals.all(include_archived=True)
            ],
        ],
    )


def record(new: NewEntry, user_id: str) -> EntryRecord:
    """Return what a new entry looks like when it is read."""
    values: dict[str, Any] = asdict(new)
    values |= {"user_id": user_id, "version": 1, "entry_date": new.day}
    values |= {"entry_datetime_utc": new.at, "entry_timezone": new.zone}
    return {name: values[name] for name in EntryRecord.__annotations__}  # type: ignore[return-value]


def without_versions(text: str) -> str:
    """Return what was seen without what every change raises."""
    return re.sub(r'"(version|updated_at)": ("[^"]*"|\d+)', "", text)


def _rename(entry_id: str, title: str, version: int, tx: Transaction) -> EntryRecord | None:
    return tx.entries.change(entry_id, {"title": title}, LATER, version=version)
