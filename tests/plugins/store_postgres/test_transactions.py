from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import pytest

from journiv.contracts.storage import Transaction
from journiv.domain.errors import Conflict, Unavailable
from journiv.domain.scope import SYSTEM, UserScope
from journiv_store_postgres.store import PostgresStore
from tests.conftest import AddUser
from tests.plugins.store_postgres.conftest import OpenStore, asked
from tests.services.postgres import PostgresServer

NOON = "2026-01-01T12:00:00.000000Z"
END_OTHERS = (
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
    " WHERE application_name = 'journiv' AND pid <> pg_backend_pid()"
)


def value(tx: Transaction) -> Any:
    return tx.kv.get("test", "n", NOON)


def increment(tx: Transaction) -> int:
    number = int(value(tx) or 0) + 1
    tx.kv.put("test", "n", number)
    return number


async def test_a_migrated_store_is_up_to_date_and_whole(store: PostgresStore) -> None:
    status = await store.schema_status()
    assert status.up_to_date
    assert status.compatible
    assert await store.check() == []


async def test_of_servers_that_start_at_once_one_migrates(url: str, store_at: OpenStore) -> None:
    stores = [store_at(url) for _ in range(5)]
    for store in stores:
        await store.open()
    statuses = await asyncio.gather(*(store.migrate() for store in stores))
    assert all(status.up_to_date for status in statuses)
    for store in stores:
        await store.close()


async def test_concurrent_read_modify_writes_lose_nothing(store: PostgresStore) -> None:
    results = await asyncio.gather(*(store.write(SYSTEM, increment) for _ in range(50)))
    assert sorted(results) == list(range(1, 51))
    assert await store.read(SYSTEM, value) == 50


async def test_two_servers_on_one_database_lose_nothing(
    store: PostgresStore, url: str, store_at: OpenStore
) -> None:
    async with store_at(url) as beside:
        writes = [one.write(SYSTEM, increment) for _ in range(20) for one in (store, beside)]
        await asyncio.gather(*writes)
    assert await store.read(SYSTEM, value) == 40


async def test_a_persons_units_wait_for_each_other_and_not_for_others(
    store: PostgresStore, add_user: AddUser
) -> None:
    one, other = await add_user("one@example.org"), await add_user("other@example.org")
    running: list[str] = []

    def slow(tx: Transaction) -> None:
        running.append("start")
        asked(tx, "SELECT pg_sleep(0.3)")
        running.append("end")

    await asyncio.gather(store.write(one, slow), store.write(one, slow))
    assert running == ["start", "end", "start", "end"]
    running.clear()
    await asyncio.gather(store.write(one, slow), store.write(other, slow))
    assert running == ["start", "start", "end", "end"]


async def test_turning_to_a_person_waits_for_their_units(
    store: PostgresStore, user: UserScope
) -> None:
    running: list[str] = []

    def slow(tx: Transaction) -> None:
        running.append("start")
        asked(tx, "SELECT pg_sleep(0.3)")
        running.append("end")

    def turn(tx: Transaction) -> None:
        slow(tx.as_user(user.user_id))

    await asyncio.gather(store.write(user, slow), store.write(SYSTEM, turn))
    assert running == ["start", "end", "start", "end"]


async def test_a_failing_unit_is_rolled_back(store: PostgresStore) -> None:
    def fail(tx: Transaction) -> None:
        increment(tx)
        raise LookupError("on purpose")

    with pytest.raises(LookupError):
        await store.write(SYSTEM, fail)
    assert await store.read(SYSTEM, value) is None
    assert await store.write(SYSTEM, increment) == 1


async def test_a_read_sees_one_state_of_the_database(
    store: PostgresStore, postgres: PostgresServer, url: str
) -> None:
    add_one = (
        "INSERT INTO key_values VALUES ('test', 'n', '1', NULL)"
        " ON CONFLICT (namespace, key) DO UPDATE SET value = '2'"
    )

    def look_twice(tx: Transaction) -> tuple[Any, Any]:
        before = value(tx)
        postgres.run(add_one, url.rpartition("/")[2])
        return before, value(tx)

    before, after = await store.read(SYSTEM, look_twice)
    assert before == after
    assert await store.read(SYSTEM, value) == 2


async def test_a_read_of_several_statements_is_tried_as_one_only_once(store: PostgresStore) -> None:
    begun: list[int] = []

    def look(times: int) -> Callable[[Transaction], None]:
        def work(tx: Transaction) -> None:
            begun.append(times)
            for _ in range(times):
                value(tx)

        return work

    await store.read(SYSTEM, look(1))
    await store.read(SYSTEM, look(1))
    await store.read(SYSTEM, look(2))
    await store.read(SYSTEM, look(3))
    assert begun == [1, 1, 2, 2, 3]


@pytest.mark.parametrize("statements", [1, 2])
async def test_writing_in_a_read_is_a_mistake(store: PostgresStore, statements: int) -> None:
    def put(tx: Transaction) -> None:
        for number in range(statements):
            tx.kv.put("test", "n", number)

    with pytest.raises(RuntimeError, match="read transaction"):
        await store.read(SYSTEM, put)
    assert await store.read(SYSTEM, value) is None


async def test_a_lock_that_is_not_let_go_ends_in_a_refusal_and_no_open_transaction(
    url: str, store_at: OpenStore, postgres: PostgresServer
) -> None:
    async with store_at(url, lock_timeout_ms=100, pool_size=1, pool_overflow=0) as store:
        await store.migrate()
        async with store_at(url) as beside:
            held = asyncio.create_task(
                beside.write(SYSTEM, lambda tx: asked(tx, "SELECT pg_sleep(1)"))
            )
            await asyncio.sleep(0.2)
            with pytest.raises(Unavailable):
                await store.write(SYSTEM, increment)
            await held
        assert await store.write(SYSTEM, increment) == 1


async def test_what_clashes_is_a_conflict(store: PostgresStore, add_user: AddUser) -> None:
    await add_user("twice@example.org")
    with pytest.raises(Conflict):
        await add_user("twice@example.org")


async def test_lost_connections_are_replaced_unseen(
    store: PostgresStore, postgres: PostgresServer
) -> None:
    await asyncio.gather(*(store.read(SYSTEM, value) for _ in range(10)))
    postgres.run(END_OTHERS)
    assert await store.write(SYSTEM, increment) == 1
    postgres.run(END_OTHERS)
    assert await store.read(SYSTEM, value) == 1


async def test_a_unit_that_loses_its_connection_in_the_middle_runs_again(
    store: PostgresStore, postgres: PostgresServer
) -> None:
    tries: list[int] = []

    def lose(tx: Transaction) -> int:
        tries.append(1)
        number = increment(tx)
        if len(tries) == 1:
            postgres.run(END_OTHERS)
            asked(tx, "SELECT 1")
        return number

    assert await store.write(SYSTEM, lose) == 1
    assert len(tries) == 2


async def test_a_unit_that_others_undid_runs_again(store: PostgresStore) -> None:
    tries: list[int] = []

    def collide(tx: Transaction) -> int:
        tries.append(1)
        if len(tries) < 3:
            asked(tx, "DO $$ BEGIN RAISE EXCEPTION USING ERRCODE = '40001'; END $$")
        return increment(tx)

    assert await store.write(SYSTEM, collide) == 1
    assert len(tries) == 3


async def test_a_statement_that_takes_too_long_is_given_up(url: str, store_at: OpenStore) -> None:
    async with store_at(url, statement_timeout_ms=100) as store:
        with pytest.raises(Unavailable):
            await store.read(SYSTEM, lambda tx: asked(tx, "SELECT pg_sleep(5)"))


async def test_who_finds_no_free_connection_is_told_to_come_back(
    url: str, store_at: OpenStore
) -> None:
    async with store_at(url, pool_size=1, pool_overflow=0) as store:
        held = asyncio.create_task(
            store.read(SYSTEM, lambda tx: asked(tx, "SELECT pg_sleep(4)::text"))
        )
        await asyncio.sleep(0.2)
        with pytest.raises(Unavailable) as refused:
            await store.read(SYSTEM, lambda tx: asked(tx, "SELECT 1"))
        assert refused.value.retry_after > 0
        held.cancel()


@pytest.mark.parametrize("way", ["read", "write"])
async def test_units_that_are_cancelled_give_their_connections_back(
    url: str, store_at: OpenStore, way: str
) -> None:
    async with store_at(url, pool_size=2, pool_overflow=0) as store:
        await store.migrate()
        run = store.read if way == "read" else store.write
        for _ in range(3):
            slow = [
                asyncio.create_task(run(SYSTEM, lambda tx: asked(tx, "SELECT pg_sleep(9)::text")))
                for _ in range(2)
            ]
            await asyncio.sleep(0.1)
            for task in slow:
                task.cancel()
            await asyncio.gather(*slow, return_exceptions=True)
        assert await store.write(SYSTEM, increment) == 1
        assert await store.read(SYSTEM, value) == 1


async def test_own_changes_are_seen_by_caches_at_once_and_others_soon(
    store: PostgresStore, url: str, store_at: OpenStore
) -> None:
    before = store.revision()
    await store.write(SYSTEM, increment)
    assert store.revision() != before
    before = store.revision()
    await asyncio.sleep(0.6)
    assert store.revision() != before


async def test_writes_of_one_person_wait_without_connections(
    store: PostgresStore, url: str, store_at: OpenStore
) -> None:
    async with store_at(url) as beside:
        held = asyncio.create_task(beside.write(SYSTEM, hold_for_a_second))
        await until_waiting(store, "PgSleep", 1)
        writes = [asyncio.create_task(store.write(SYSTEM, increment)) for _ in range(40)]
        await until_waiting(store, "advisory", 1)
        assert await store.read(SYSTEM, lambda tx: asked(tx, waiting("advisory"))) == 1
        results = await asyncio.gather(*writes)
        await held
    assert sorted(results) == list(range(1, 41))


async def test_who_waits_too_long_for_a_turn_is_told_to_try_again(
    store: PostgresStore, url: str, store_at: OpenStore
) -> None:
    async with store_at(url, lock_timeout_ms=100) as hasty:
        held = asyncio.create_task(store.write(SYSTEM, hold_for_a_second))
        await until_waiting(store, "PgSleep", 1)
        results = await asyncio.gather(
            *(hasty.write(SYSTEM, increment) for _ in range(3)), return_exceptions=True
        )
        await held
    assert [type(result) for result in results] == [Unavailable] * 3


async def test_turns_that_were_given_are_finished_when_the_store_closes(
    url: str, store_at: OpenStore
) -> None:
    async with store_at(url) as beside:
        await beside.migrate()
        store = store_at(url)
        await store.open()
        held = asyncio.create_task(beside.write(SYSTEM, hold_for_a_second))
        await until_waiting(beside, "PgSleep", 1)
        writes = [asyncio.create_task(store.write(SYSTEM, increment)) for _ in range(5)]
        await asyncio.sleep(0)
        await store.close()
        assert sorted(await asyncio.gather(*writes)) == [1, 2, 3, 4, 5]
        await held


def hold_for_a_second(tx: Transaction) -> None:
    asked(tx, "SELECT pg_sleep(1)")


def waiting(event: str) -> str:
    return f"SELECT count(*) FROM pg_stat_activity WHERE wait_event = '{event}'"


async def until_waiting(store: PostgresStore, event: str, wanted: int) -> None:
    """Return once so many connections wait for it."""
    async with asyncio.timeout(5):
        while await store.read(SYSTEM, lambda tx: asked(tx, waiting(event))) < wanted:
            await asyncio.sleep(0.01)
