"""Units of work: whole or not at all, on one state of the store, one after the other."""

from __future__ import annotations

import asyncio
from functools import partial

import pytest

from journiv.contracts.storage import Store, Transaction
from journiv.domain.errors import Conflict, Unavailable
from journiv.domain.ids import new_id
from journiv.domain.scope import SYSTEM
from journiv.testing.store.base import StoreTests, refused_in_a_read
from journiv.testing.store.people import Things, arrive, made_up, plant, seen, settle
from journiv.testing.store.recipes import WRITES, Recipe
from journiv.testing.store.rows import AT, account, entry
from journiv.testing.store.system import SYSTEM_WRITES, SystemRecipe

PAIRS = 200
"""How many reads look twice while somebody writes."""


def number(tx: Transaction) -> int:
    """Return a number that is kept."""
    return int(tx.kv.get("kit", "n", AT) or 0)


def increment(tx: Transaction) -> int:
    """Read a number, add 1, keep it and return it."""
    higher = number(tx) + 1
    tx.kv.put("kit", "n", higher)
    return higher


class UnitTests(StoreTests):
    """Reading and writing."""

    async def test_a_unit_returns_what_its_work_returns(self, store: Store) -> None:
        made = object()
        assert await store.read(SYSTEM, lambda tx: made) is made
        assert await store.write(SYSTEM, lambda tx: made) is made
        assert await store.read(SYSTEM, lambda tx: made, long=True) is made

    async def test_what_is_written_is_read_by_the_next_unit(self, store: Store) -> None:
        for _ in range(20):
            written = await store.write(SYSTEM, increment)
            assert await store.read(SYSTEM, number) == written
            assert await store.read(SYSTEM, number, long=True) == written

    async def test_a_unit_that_fails_leaves_nothing(self, store: Store) -> None:
        def fail(tx: Transaction) -> None:
            increment(tx)
            tx.users.add(account("01890a5d-ac96-774b-bcce-b302099a8057"))
            raise LookupError("on purpose")

        with pytest.raises(LookupError, match="on purpose"):
            await store.write(SYSTEM, fail)
        assert await store.read(SYSTEM, lambda tx: (number(tx), tx.users.count())) == (0, 0)
        assert await store.write(SYSTEM, increment) == 1

    async def test_a_unit_that_clashes_leaves_nothing(self, store: Store) -> None:
        taken = account((await arrive(store)).user_id)

        def clash(tx: Transaction) -> None:
            increment(tx)
            tx.users.add(taken)

        with pytest.raises(Conflict):
            await store.write(SYSTEM, clash)
        assert await store.read(SYSTEM, number) == 0

    async def test_a_unit_that_fails_takes_no_other_with_it(self, store: Store) -> None:
        def fail(tx: Transaction) -> None:
            increment(tx)
            raise LookupError("on purpose")

        units = [store.write(SYSTEM, fail if n % 5 == 2 else increment) for n in range(20)]
        results = await asyncio.gather(*units, return_exceptions=True)
        assert sum(isinstance(result, LookupError) for result in results) == 4
        assert sorted(one for one in results if isinstance(one, int)) == list(range(1, 17))
        assert await store.read(SYSTEM, number) == 16

    async def test_what_is_read_and_then_written_is_never_lost(self, store: Store) -> None:
        results = await asyncio.gather(*(store.write(SYSTEM, increment) for _ in range(60)))
        assert sorted(results) == list(range(1, 61)), "units that ran twice count once"
        assert await store.read(SYSTEM, number) == 60

    async def test_people_write_beside_each_other(self, store: Store) -> None:
        people = [made_up() for _ in range(4)]
        await plant(store)
        for one in people:
            await settle(store, one, "walk")
        units = [
            store.write(one.scope, partial(_add_entry, new_id(), one.journal))
            for one in people
            for _ in range(10)
        ]
        await asyncio.gather(*units)
        for one in people:
            streak, drift = await store.read(
                one.scope, lambda tx: (tx.insights.streak(), tx.insights.verify())
            )
            assert streak["total_entries"] == 11
            assert drift == []

    @pytest.mark.parametrize("long", [False, True])
    async def test_a_read_sees_one_state(self, store: Store, long: bool) -> None:
        def move(tx: Transaction) -> None:
            tx.kv.put("kit", "first", moved := number(tx) + 1)
            tx.kv.put("kit", "n", moved)

        def look(tx: Transaction) -> tuple[object, object]:
            first = tx.kv.get("kit", "first", AT)
            for _ in range(3):
                tx.users.count()
            return first, tx.kv.get("kit", "n", AT)

        await store.write(SYSTEM, move)
        for _ in range(PAIRS // 20):
            units = [
                store.write(SYSTEM, move) if n % 2 else store.read(SYSTEM, look, long=long)
                for n in range(20)
            ]
            for result in await asyncio.gather(*units):
                assert result is None or result[0] == result[1], "two states were read"

    async def test_a_read_does_not_write(self, store: Store) -> None:
        me, nobody = made_up(), made_up()
        await plant(store)
        await settle(store, me, "walk")
        before = await store.read(me.scope, lambda tx: seen(tx, me))
        for name, do in WRITES.items():
            with_mine = await refused_in_a_read(store, me.scope, partial(_tried, do, me, me))
            with_new = await refused_in_a_read(store, me.scope, partial(_tried, do, me, nobody))
            assert with_mine or with_new, f"{name} wrote, or had nothing to write"
        for name, of_system in SYSTEM_WRITES.items():
            work = partial(_tried_by_system, of_system, me)
            assert await refused_in_a_read(store, SYSTEM, work), name
        assert await store.read(me.scope, lambda tx: seen(tx, me)) == before
        assert await store.write(SYSTEM, increment) == 1

    async def test_who_gives_up_waiting_leaves_the_store_usable(self, store: Store) -> None:
        for _ in range(5):
            tasks = [asyncio.create_task(store.write(SYSTEM, increment)) for _ in range(5)]
            await asyncio.sleep(0)
            for task in tasks[1:]:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
        kept = await store.read(SYSTEM, number)
        assert 5 <= kept <= 25
        assert await store.write(SYSTEM, increment) == kept + 1

    async def test_a_closed_store_says_so(self, store: Store) -> None:
        await store.write(SYSTEM, increment)
        await store.close()
        for asked in (store.read(SYSTEM, number), store.write(SYSTEM, increment), store.ping()):
            with pytest.raises(Unavailable):
                await asked

    async def test_a_store_can_be_closed_twice_and_opened_again(self, store: Store) -> None:
        await store.write(SYSTEM, increment)
        await store.close()
        await store.close()
        await store.open()
        assert await store.write(SYSTEM, increment) == 2


def _tried(do: Recipe, me: Things, it: Things, tx: Transaction) -> object:
    return do(tx, me, it)


def _tried_by_system(do: SystemRecipe, me: Things, tx: Transaction) -> object:
    return do(tx, me)


def _add_entry(entry_id: str, journal_id: str, tx: Transaction) -> None:
    tx.entries.add(entry(entry_id, journal_id))
