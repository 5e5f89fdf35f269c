"""Media, uploads in pieces, and the bytes behind them."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from functools import partial

import pytest

from journiv.contracts.records import MediaRecord
from journiv.contracts.repositories.entries import Cursor
from journiv.contracts.repositories.media import MediaQuery, ShelvedMedium, StoredKey
from journiv.contracts.storage import Store, Transaction
from journiv.domain.errors import Conflict
from journiv.domain.ids import new_id
from journiv.domain.scope import SYSTEM
from journiv.testing.store.base import StoreTests
from journiv.testing.store.people import Things, settled
from journiv.testing.store.rows import AT, FAR, LATER, LONG_AGO, hash_of, medium, upload

LIBRARY = MediaQuery(limit=100)


class FileTests(StoreTests):
    """`tx.media`, `tx.uploads` and `tx.media_files`."""

    async def test_a_medium_comes_back_as_it_went(self, store: Store) -> None:
        me = await settled(store)
        kept = medium(
            new_id(), me.user, me.draft, kind="video", duration=12.5, variants={}, alt_text="é",
            taken_at=LONG_AGO, status="failed", error="bomb", attempts=3,
        )  # fmt: skip
        await store.write(me.scope, partial(_add, kept))
        assert await store.read(me.scope, lambda tx: tx.media.get(kept["id"])) == kept
        usage = await store.read(me.scope, lambda tx: tx.media.usage())
        assert (usage.files, usage.size) == (2, 2000)

    async def test_an_entry_has_the_same_bytes_once(self, store: Store) -> None:
        me = await settled(store)
        again = {"source_sha256": hash_of(me.medium), "sha256": hash_of(me.medium)}
        with pytest.raises(Conflict):
            await store.write(me.scope, partial(_add, medium(new_id(), me.user, me.entry, **again)))
        other = medium(new_id(), me.user, me.draft, **again)
        await store.write(me.scope, partial(_add, other))
        same = await store.read(me.scope, lambda tx: tx.media.same_source(hash_of(me.medium)))
        assert {one["id"] for one in same} == {me.medium, other["id"]}

    async def test_media_follow_their_entry_into_the_trash_and_back(self, store: Store) -> None:
        me = await settled(store)
        await store.write(me.scope, lambda tx: tx.trash.put(me.entry, LATER))
        assert await store.read(me.scope, lambda tx: tx.media.get(me.medium)) is None
        assert await store.read(me.scope, lambda tx: tx.media.page(LIBRARY)) == []
        assert await store.read(me.scope, lambda tx: tx.media.usage().files) == 1
        await store.write(me.scope, lambda tx: tx.trash.restore(me.entry, LATER))
        found = await store.read(me.scope, lambda tx: tx.media.of_entry(me.entry))
        assert [one["id"] for one in found] == [me.medium]

    async def test_the_library_is_in_the_order_asked_for(self, store: Store) -> None:
        me = await settled(store)
        early = medium(new_id(), me.user, me.draft, created_at=LATER)
        await store.write(me.scope, partial(_add, early))

        def places(tx: Transaction) -> dict[str, tuple[str, str]]:
            found = tx.media.page(LIBRARY)
            assert [one.medium["id"] for one in found] == [early["id"], me.medium]
            return {one.medium["id"]: (one.at, one.day) for one in found}

        when = await store.read(me.scope, places)
        newest_first = sorted(when, key=lambda one: (when[one][0], one), reverse=True)
        query = MediaQuery(limit=1, by_moment=True)
        for medium_id in newest_first:
            found = await store.read(me.scope, partial(_page, query))
            assert [(one.medium["id"], one.at, one.day) for one in found] == [
                (medium_id, *when[medium_id])
            ]
            query = replace(query, after=Cursor(found[0].at, medium_id))
        assert await store.read(me.scope, partial(_page, query)) == []

    async def test_bytes_are_waste_when_the_last_medium_with_them_goes(self, store: Store) -> None:
        me = await settled(store)
        shared = medium(new_id(), me.user, me.draft, key=f"kit/{me.medium}", variants={})
        await store.write(me.scope, partial(_add, shared))
        await store.write(me.scope, lambda tx: tx.media.delete(me.medium))
        assert f"kit/{me.medium}" not in await waste(store, me)
        await store.write(me.scope, lambda tx: tx.media.delete(shared["id"]))
        assert f"kit/{me.medium}" in await waste(store, me)

    async def test_what_goes_for_ever_leaves_its_bytes_as_waste(self, store: Store) -> None:
        me = await settled(store)
        await store.write(me.scope, lambda tx: tx.journals.delete(me.journal))
        assert f"kit/{me.medium}" in await waste(store, me)
        place = StoredKey(me.user, f"kit/{me.medium}")
        assert await store.read(SYSTEM, lambda tx: tx.media_files.known([place])) == {place}
        await store.write(SYSTEM, lambda tx: tx.media_files.forget([place]))
        assert await store.read(SYSTEM, lambda tx: tx.media_files.known([place])) == set()

    async def test_the_bytes_of_a_deleted_account_are_waste(self, store: Store) -> None:
        me = await settled(store)
        assert await store.write(SYSTEM, lambda tx: tx.users.delete(me.user))
        assert {f"kit/{me.medium}", "kit/part"} <= await waste(store, me)

    async def test_pieces_of_an_upload_come_in_order(self, store: Store) -> None:
        me = await settled(store)
        steps = ((0, False), (6, False), (5, True), (5, False), (10, True))
        for start, fits in steps:
            piece = StoredKey(me.user, f"kit/{start}")
            took = await store.write(me.scope, partial(_add_part, me.upload, start, piece))
            assert took is fits, f"a piece at {start}"
        keys = await store.read(me.scope, lambda tx: tx.uploads.part_keys(me.upload))
        assert keys == ["kit/part", "kit/5", "kit/10"]
        begun = await store.read(me.scope, lambda tx: tx.uploads.get(me.upload))
        assert begun == upload(me.upload, me.entry, received=15, updated_at=LATER)

    async def test_of_pieces_at_one_place_one_is_taken(self, store: Store) -> None:
        me = await settled(store)
        tries = [
            store.write(me.scope, partial(_add_part, me.upload, 5, StoredKey(me.user, f"kit/{n}")))
            for n in range(8)
        ]
        assert sorted(await asyncio.gather(*tries)) == [False] * 7 + [True]

    async def test_a_forgotten_upload_leaves_its_pieces_as_waste(self, store: Store) -> None:
        me = await settled(store)
        assert await store.write(SYSTEM, lambda tx: tx.media_files.purge_uploads(LONG_AGO)) == 0
        assert await store.write(SYSTEM, lambda tx: tx.media_files.purge_uploads(FAR)) == 1
        assert await store.read(me.scope, lambda tx: tx.uploads.get(me.upload)) is None
        assert "kit/part" in await waste(store, me)

    async def test_pictures_are_made_by_one_at_a_time(self, store: Store) -> None:
        me = await settled(store)
        tries = [
            store.write(SYSTEM, lambda tx: len(tx.media_files.claim(AT, LATER, 10)))
            for _ in range(5)
        ]
        assert sorted(await asyncio.gather(*tries)) == [0, 0, 0, 0, 1]
        again = await store.write(SYSTEM, lambda tx: tx.media_files.claim(LATER, FAR, 10))
        assert [one["id"] for one in again] == [me.medium], "after its time it is anybody's"


async def waste(store: Store, me: Things) -> set[str]:
    """Return the keys of a person's bytes that are to be deleted."""
    found = await store.read(SYSTEM, lambda tx: tx.media_files.waste(100))
    return {one.key for one in found if one.user_id == me.user}


def _page(query: MediaQuery, tx: Transaction) -> list[ShelvedMedium]:
    return tx.media.page(query)


def _add(new: MediaRecord, tx: Transaction) -> None:
    tx.media.add(new)


def _add_part(upload_id: str, start: int, piece: StoredKey, tx: Transaction) -> bool:
    return tx.uploads.add_part(upload_id, start, piece, 5, LATER)
