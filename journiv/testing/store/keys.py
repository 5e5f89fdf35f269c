"""What is kept for plugins, jobs and repeated requests: values, leases, answers, the claim."""

from __future__ import annotations

import asyncio
from functools import partial
from typing import Any

import pytest

from journiv.contracts.repositories.replies import BEGUN
from journiv.contracts.storage import Store, Transaction
from journiv.domain.errors import Conflict
from journiv.domain.ids import new_id
from journiv.domain.scope import SYSTEM, Once, UserScope
from journiv.testing.store.base import StoreTests
from journiv.testing.store.people import arrive
from journiv.testing.store.rows import AT, FAR, LATER, LONG_AGO, account, reply

VALUES: tuple[Any, ...] = (
    None, True, 0, -(2**53), 0.1, "", "é\U0001f600\u2028\\\"'", [], {}, [1, [2, {"a": None}]],
    {"ключ": "x" * 100_000},
)  # fmt: skip
JUST_BEFORE = "2026-03-01T12:59:59.999999Z"


class KeyValueTests(StoreTests):
    """`tx.kv`."""

    async def test_values_come_back_as_they_went(self, store: Store) -> None:
        for number, value in enumerate(VALUES):
            await put(store, f"key-{number:02}", value)
            assert await value_of(store, "kit", f"key-{number:02}") == value
            assert await items(store, f"key-{number:02}") == [(f"key-{number:02}", value)]
        await put(store, "taken", VALUES[-1])
        assert await store.write(SYSTEM, lambda tx: tx.kv.take("kit", "taken", AT)) == VALUES[-1]

    async def test_a_value_is_there_until_its_instant(self, store: Store) -> None:
        await store.write(SYSTEM, lambda tx: tx.kv.put("kit", "key", 1, LATER))
        assert await store.read(SYSTEM, lambda tx: tx.kv.get("kit", "key", JUST_BEFORE)) == 1
        assert await store.read(SYSTEM, lambda tx: tx.kv.get("kit", "key", LATER)) is None
        assert await store.read(SYSTEM, lambda tx: tx.kv.items("kit", "", LATER)) == []
        assert await store.write(SYSTEM, lambda tx: tx.kv.take("kit", "key", LATER)) is None
        assert await store.write(SYSTEM, lambda tx: tx.kv.purge(JUST_BEFORE)) == 0
        assert await store.write(SYSTEM, lambda tx: tx.kv.purge(LATER)) == 1

    async def test_putting_again_replaces_value_and_instant(self, store: Store) -> None:
        await store.write(SYSTEM, lambda tx: tx.kv.put("kit", "key", 1, LATER))
        await store.write(SYSTEM, lambda tx: tx.kv.put("kit", "key", 2))
        assert await store.read(SYSTEM, lambda tx: tx.kv.get("kit", "key", FAR)) == 2

    async def test_namespaces_and_keys_are_apart(self, store: Store) -> None:
        def put(tx: Transaction) -> None:
            for namespace in ("kit", "KIT", "kit2"):
                for key in ("k", "K", "k ", "é", "e"):
                    tx.kv.put(namespace, key, f"{namespace}/{key}")

        await store.write(SYSTEM, put)
        for namespace in ("kit", "KIT", "kit2"):
            for key in ("k", "K", "k ", "é", "e"):
                assert await value_of(store, namespace, key) == f"{namespace}/{key}"

    async def test_a_prefix_is_plain_text_and_keys_are_in_order(self, store: Store) -> None:
        keys = ("a%b", "a_b", "axb", "A%b", "b", "a%", "a", "ä")

        def put(tx: Transaction) -> None:
            for key in keys:
                tx.kv.put("kit", key, key)

        await store.write(SYSTEM, put)
        for prefix in ("", "a", "a%", "a_", "A", "c", "ä", "*"):
            wanted = [(key, key) for key in sorted(keys) if key.startswith(prefix)]
            assert await items(store, prefix) == wanted, prefix

    async def test_of_many_who_take_a_value_one_gets_it(self, store: Store) -> None:
        await store.write(SYSTEM, lambda tx: tx.kv.put("kit", "once", "it"))
        takes = [store.write(SYSTEM, lambda tx: tx.kv.take("kit", "once", AT)) for _ in range(20)]
        assert sorted(map(str, await asyncio.gather(*takes))) == ["None"] * 19 + ["it"]

    async def test_deleting_says_whether_there_was_something(self, store: Store) -> None:
        await store.write(SYSTEM, lambda tx: tx.kv.put("kit", "key", 1))
        assert not await store.write(SYSTEM, lambda tx: tx.kv.delete("other", "key"))
        assert await store.write(SYSTEM, lambda tx: tx.kv.delete("kit", "key"))
        assert not await store.write(SYSTEM, lambda tx: tx.kv.delete("kit", "key"))


class LeaseTests(StoreTests):
    """`tx.leases`."""

    async def test_a_lease_has_one_owner_until_it_runs_out(self, store: Store) -> None:
        assert await take(store, "one", AT, LATER)
        assert not await take(store, "two", JUST_BEFORE, FAR)
        assert await take(store, "two", LATER, FAR)
        assert not await take(store, "one", LATER, FAR)

    async def test_an_owner_prolongs_its_lease(self, store: Store) -> None:
        assert await take(store, "one", AT, LATER)
        assert await take(store, "one", JUST_BEFORE, FAR)
        assert not await take(store, "two", LATER, FAR)

    async def test_only_its_owner_gives_a_lease_back(self, store: Store) -> None:
        await take(store, "one", AT, LATER)
        await store.write(SYSTEM, lambda tx: tx.leases.release("job", "two"))
        assert not await take(store, "two", AT, LATER)
        await store.write(SYSTEM, lambda tx: tx.leases.release("job", "one"))
        assert await take(store, "two", AT, LATER)

    async def test_of_many_who_ask_one_gets_the_lease(self, store: Store) -> None:
        asked = [take(store, f"owner {n}", AT, LATER) for n in range(20)]
        assert sorted(await asyncio.gather(*asked)) == [False] * 19 + [True]

    async def test_leases_are_apart(self, store: Store) -> None:
        assert await take(store, "one", AT, LATER)
        assert await take(store, "two", AT, LATER, name="other job")

    async def test_when_a_job_last_finished_is_kept(self, store: Store) -> None:
        assert await store.read(SYSTEM, lambda tx: tx.leases.last_run("job")) is None
        await take(store, "one", AT, LATER)
        await store.write(SYSTEM, lambda tx: tx.leases.set_last_run("job", LATER))
        await store.write(SYSTEM, lambda tx: tx.leases.release("job", "one"))
        assert await store.read(SYSTEM, lambda tx: tx.leases.last_run("job")) == LATER


class ReplyTests(StoreTests):
    """Requests that are carried out once: `tx.replies`, and scopes that carry a key."""

    async def test_the_first_answer_stays(self, store: Store) -> None:
        me = await arrive(store)
        await store.write(me, lambda tx: tx.replies.put(reply("k", body="first")))
        await store.write(me, lambda tx: tx.replies.put(reply("k", body="second")))
        assert await kept(store, me, "k") == (201, "first")

    async def test_an_answer_takes_the_place_of_its_mark(self, store: Store) -> None:
        me = await arrive(store)
        await store.write(me, lambda tx: tx.replies.begin(once("k", "one")))
        found = await kept(store, me, "k")
        assert found is not None
        assert found[0] == BEGUN
        await store.write(me, lambda tx: tx.replies.put(reply("k", body="answer")))
        assert await kept(store, me, "k") == (201, "answer")

    async def test_a_mark_is_of_one_attempt(self, store: Store) -> None:
        me = await arrive(store)
        for _ in range(2):
            await store.write(me, lambda tx: tx.replies.begin(once("k", "one")))
        with pytest.raises(Conflict):
            await store.write(me, lambda tx: tx.replies.begin(once("k", "two")))
        await store.write(me, lambda tx: tx.replies.put(reply("k")))
        with pytest.raises(Conflict):
            await store.write(me, lambda tx: tx.replies.begin(once("k", "one")))

    async def test_forgetting_an_attempt_leaves_answers_and_other_attempts(
        self, store: Store
    ) -> None:
        me = await arrive(store)
        await store.write(me, lambda tx: tx.replies.begin(once("k", "one")))
        await store.write(me, lambda tx: tx.replies.forget("k", "two"))
        assert await kept(store, me, "k") is not None
        await store.write(me, lambda tx: tx.replies.forget("k", "one"))
        assert await kept(store, me, "k") is None
        await store.write(me, lambda tx: tx.replies.put(reply("k")))
        await store.write(me, lambda tx: tx.replies.forget("k", "one"))
        assert await kept(store, me, "k") is not None
        await store.write(me, lambda tx: tx.replies.forget("k"))
        assert await kept(store, me, "k") is None

    async def test_what_is_written_with_a_key_leaves_its_mark(self, store: Store) -> None:
        me = await arrive(store)
        await store.write(with_key(me, "one"), lambda tx: tx.tags.ensure(["a"], [new_id()], AT))
        found = await kept(store, me, "k")
        assert found is not None
        assert found[0] == BEGUN

    async def test_a_second_attempt_with_a_key_writes_nothing(self, store: Store) -> None:
        me = await arrive(store)
        works = [partial(_tag, name) for name in ("first", "second")]
        await store.write(with_key(me, "one"), works[0])
        with pytest.raises(Conflict):
            await store.write(with_key(me, "two"), works[1])
        assert await store.read(me, lambda tx: tx.tags.totals()) == (1, 0)

    async def test_of_attempts_at_once_one_writes(self, store: Store) -> None:
        me = await arrive(store)
        tries = [store.write(with_key(me, f"{n}"), partial(_tag, f"tag{n}")) for n in range(10)]
        results = await asyncio.gather(*tries, return_exceptions=True)
        assert sum(isinstance(result, Conflict) for result in results) == 9, results
        assert await store.read(me, lambda tx: tx.tags.totals()) == (1, 0)

    async def test_a_unit_that_fails_leaves_no_mark(self, store: Store) -> None:
        def fail(tx: Transaction) -> None:
            raise LookupError("on purpose")

        me = await arrive(store)
        with pytest.raises(LookupError):
            await store.write(with_key(me, "one"), fail)
        assert await kept(store, me, "k") is None

    async def test_old_answers_are_purged(self, store: Store) -> None:
        me = await arrive(store)
        await store.write(me, lambda tx: tx.replies.put(reply("old", created_at=LONG_AGO)))
        await store.write(me, lambda tx: tx.replies.put(reply("new")))
        assert await store.write(SYSTEM, lambda tx: tx.replies.purge(AT)) == 1
        assert await kept(store, me, "old") is None
        assert await kept(store, me, "new") is not None


class InstallationTests(StoreTests):
    """`tx.installation`."""

    async def test_an_installation_keeps_its_first_id(self, store: Store) -> None:
        assert await store.read(SYSTEM, lambda tx: tx.installation.id()) is None
        first, second = new_id(), new_id()
        await store.write(SYSTEM, lambda tx: tx.installation.claim(first, AT))
        await store.write(SYSTEM, lambda tx: tx.installation.claim(second, AT))
        assert await store.read(SYSTEM, lambda tx: tx.installation.id()) == first

    async def test_of_many_claimants_one_is_the_first_administrator(self, store: Store) -> None:
        def register(user_id: str, tx: Transaction) -> bool:
            tx.users.add(account(user_id))
            return tx.installation.claim_first_admin(user_id, AT)

        tries = [store.write(SYSTEM, partial(register, new_id())) for _ in range(10)]
        assert sorted(await asyncio.gather(*tries)) == [False] * 9 + [True]

    async def test_switches_and_the_catalogues_version_are_kept(self, store: Store) -> None:
        assert await store.read(SYSTEM, lambda tx: tx.installation.flag("kit")) is None
        assert await store.read(SYSTEM, lambda tx: tx.installation.catalogue_version()) == 0
        await store.write(SYSTEM, lambda tx: tx.installation.set_flag("kit", True))
        assert await store.read(SYSTEM, lambda tx: tx.installation.flag("kit")) is True
        await store.write(SYSTEM, lambda tx: tx.installation.set_flag("kit", False))
        await store.write(SYSTEM, lambda tx: tx.installation.set_flag("other", True))
        await store.write(SYSTEM, lambda tx: tx.installation.set_catalogue_version(7))
        assert await store.read(SYSTEM, lambda tx: tx.installation.flag("kit")) is False
        assert await store.read(SYSTEM, lambda tx: tx.installation.catalogue_version()) == 7


async def put(store: Store, key: str, value: Any) -> None:
    """Keep a value."""
    await store.write(SYSTEM, lambda tx: tx.kv.put("kit", key, value))


async def value_of(store: Store, namespace: str, key: str) -> Any:
    """Return a kept value."""
    return await store.read(SYSTEM, lambda tx: tx.kv.get(namespace, key, AT))


async def items(store: Store, prefix: str) -> list[tuple[str, Any]]:
    """Return the kept values whose keys begin so."""
    return await store.read(SYSTEM, lambda tx: tx.kv.items("kit", prefix, AT))


async def take(store: Store, owner: str, now: str, until: str, name: str = "job") -> bool:
    """Ask for a lease."""
    return await store.write(SYSTEM, lambda tx: tx.leases.take(name, owner, now, until))


async def kept(store: Store, person: UserScope, key: str) -> tuple[int, str] | None:
    """Return status and body of a kept answer."""
    found = await store.read(person, lambda tx: tx.replies.get(key))
    return None if found is None else (found["status"], found["body"])


def once(key: str, attempt: str) -> Once:
    """Return a request that must not be carried out twice."""
    return Once(key=key, request_hash="a" * 64, attempt=attempt, at=AT)


def with_key(person: UserScope, attempt: str) -> UserScope:
    """Return a person's scope that carries the key `k`."""
    return UserScope(person.user_id, once("k", attempt))


def _tag(name: str, tx: Transaction) -> None:
    tx.tags.ensure([name], [new_id()], AT)
