"""Two stores on one database, as two servers of one installation have them."""

from __future__ import annotations

import asyncio
from functools import partial

import pytest

from journiv.contracts.storage import Store, Transaction
from journiv.domain.errors import Conflict
from journiv.domain.ids import new_id
from journiv.domain.scope import SYSTEM
from journiv.testing.store.base import StoreTests
from journiv.testing.store.keys import take, with_key
from journiv.testing.store.people import arrive, seen, settled
from journiv.testing.store.rows import AT, FAR, LATER, account, session
from journiv.testing.store.units import increment, number

SOON = 2.0
"""Seconds within which a change by another process changes the revision."""


class SharedTests(StoreTests):
    """`store` and `another` are open on one database."""

    @pytest.fixture
    def another(self) -> Store:
        """Override it: a second open store on the database of `store`, closed by the fixture."""
        raise NotImplementedError("override the fixture `another`")

    async def test_two_servers_see_the_same(self, store: Store, another: Store) -> None:
        me = await settled(store)
        mine = await store.read(me.scope, lambda tx: seen(tx, me))
        assert await another.read(me.scope, lambda tx: seen(tx, me)) == mine
        await another.write(me.scope, lambda tx: tx.trash.put(me.entry, LATER))
        assert await store.read(me.scope, lambda tx: tx.entries.get(me.entry)) is None

    async def test_two_servers_lose_nothing(self, store: Store, another: Store) -> None:
        for _ in range(10):
            both = [one.write(SYSTEM, increment) for one in (store, another) for _ in range(3)]
            await asyncio.gather(*both)
        assert await store.read(SYSTEM, number) == 60

    async def test_two_servers_that_start_migrate_once(self, store: Store, another: Store) -> None:
        me = await settled(store)
        before = await store.read(me.scope, lambda tx: seen(tx, me))
        statuses = await asyncio.gather(store.migrate(), another.migrate())
        assert all(status.up_to_date for status in statuses)
        assert await another.read(me.scope, lambda tx: seen(tx, me)) == before

    async def test_one_server_has_a_lease(self, store: Store, another: Store) -> None:
        for round_ in range(5):
            asked = [
                take(one, f"owner {n}", AT, LATER, name=f"job {round_}")
                for n, one in enumerate([store, another] * 4)
            ]
            assert sorted(await asyncio.gather(*asked)) == [False] * 7 + [True]
        assert not await take(another, "new", AT, FAR, name="job 0")
        assert await take(another, "new", LATER, FAR, name="job 0")

    async def test_one_server_gets_what_can_be_taken_once(
        self, store: Store, another: Store
    ) -> None:
        await store.write(SYSTEM, lambda tx: tx.kv.put("kit", "once", "it"))
        takes = [one.write(SYSTEM, _take_value) for one in (store, another) for _ in range(4)]
        assert sorted(map(str, await asyncio.gather(*takes))) == ["None"] * 7 + ["it"]

    async def test_one_server_carries_a_request_out(self, store: Store, another: Store) -> None:
        me = await arrive(store)
        tries = [
            one.write(with_key(me, f"attempt {n}"), partial(_tag, f"tag {n}"))
            for n, one in enumerate([store, another] * 3)
        ]
        results = await asyncio.gather(*tries, return_exceptions=True)
        assert sum(isinstance(result, Conflict) for result in results) == 5, results
        assert await another.read(me, lambda tx: tx.tags.totals()) == (1, 0)

    async def test_one_server_makes_the_first_administrator(
        self, store: Store, another: Store
    ) -> None:
        tries = [one.write(SYSTEM, partial(_register, new_id())) for one in [store, another] * 3]
        assert sorted(await asyncio.gather(*tries)) == [False] * 5 + [True]

    async def test_one_server_refreshes_a_session(self, store: Store, another: Store) -> None:
        me, made = await arrive(store), new_id()
        await store.write(SYSTEM, lambda tx: tx.sessions.add(session(made, me.user_id)))
        tries = [one.write(SYSTEM, partial(_refresh, made)) for one in [store, another] * 4]
        assert sorted(await asyncio.gather(*tries)) == [False] * 7 + [True]

    async def test_a_session_ended_by_one_is_ended_for_the_other(
        self, store: Store, another: Store
    ) -> None:
        me, made = await arrive(store), new_id()
        await store.write(SYSTEM, lambda tx: tx.sessions.add(session(made, me.user_id)))
        assert await another.read(SYSTEM, lambda tx: tx.sessions.of_user(me.user_id))
        await store.write(SYSTEM, lambda tx: tx.sessions.revoke(made, LATER, "kit"))
        assert await another.read(SYSTEM, lambda tx: tx.sessions.of_user(me.user_id)) == []

    async def test_the_revision_tells_of_others_soon(self, store: Store, another: Store) -> None:
        before = another.revision()
        await store.write(SYSTEM, increment)
        async with asyncio.timeout(SOON):
            while another.revision() == before:  # noqa: ASYNC110  nothing tells of it
                await asyncio.sleep(0.02)

    async def test_what_was_accepted_outlives_closing(self, store: Store, another: Store) -> None:
        writes = [asyncio.create_task(store.write(SYSTEM, increment)) for _ in range(40)]
        await asyncio.sleep(0)
        await store.close()
        done = await asyncio.gather(*writes)
        assert sorted(done) == list(range(1, 41))
        assert await another.read(SYSTEM, number) == 40


def _take_value(tx: Transaction) -> object:
    return tx.kv.take("kit", "once", AT)


def _tag(name: str, tx: Transaction) -> None:
    tx.tags.ensure([name], [new_id()], AT)


def _register(user_id: str, tx: Transaction) -> bool:
    tx.users.add(account(user_id))
    return tx.installation.claim_first_admin(user_id, AT)


def _refresh(session_id: str, tx: Transaction) -> bool:
    return tx.sessions.change(session_id, {"generation": 1}, generation=0)
