from __future__ import annotations

from collections.abc import Awaitable
from dataclasses import replace

import pytest

from journiv.contracts.records import ReplyRecord
from journiv.contracts.repositories.replies import BEGUN
from journiv.contracts.storage import Store, Transaction
from journiv.domain.errors import Conflict
from journiv.domain.scope import SYSTEM, Once, UserScope
from tests.unit.services.diaries import add_journal

NOON = "2026-01-01T12:00:00.000000Z"
ONE = "2026-01-01T13:00:00.000000Z"
TWO = "2026-01-01T14:00:00.000000Z"


async def test_the_installation_keeps_its_first_id(store: Store) -> None:
    assert await store.read(SYSTEM, lambda tx: tx.installation.id()) is None
    await store.write(SYSTEM, lambda tx: tx.installation.claim("first", NOON))
    await store.write(SYSTEM, lambda tx: tx.installation.claim("second", NOON))
    assert await store.read(SYSTEM, lambda tx: tx.installation.id()) == "first"


async def test_one_claimant_is_the_first_admin(store: Store, user: UserScope) -> None:
    def claim(user_id: str) -> Awaitable[bool]:
        return store.write(SYSTEM, lambda tx: tx.installation.claim_first_admin(user_id, NOON))

    assert await claim(user.user_id) is True
    assert await claim("somebody-else") is False


async def test_the_first_admins_place_is_free_again_without_accounts(store: Store) -> None:
    gone = await store.write(SYSTEM, lambda tx: tx.installation.claim_first_admin("gone", NOON))
    again = await store.write(SYSTEM, lambda tx: tx.installation.claim_first_admin("next", NOON))
    assert gone
    assert again


async def test_flags_and_the_catalogue_version_are_kept(store: Store) -> None:
    def change(tx: Transaction) -> None:
        installation = tx.installation
        installation.set_catalogue_version(3)
        installation.set_flag("signup", True)
        installation.set_flag("signup", False)
        installation.set_flag("other", True)

    assert await store.read(SYSTEM, lambda tx: tx.installation.flag("signup")) is None
    assert await store.read(SYSTEM, lambda tx: tx.installation.catalogue_version()) == 0
    await store.write(SYSTEM, change)
    assert await store.read(SYSTEM, lambda tx: tx.installation.flag("signup")) is False
    assert await store.read(SYSTEM, lambda tx: tx.installation.flag("other")) is True
    assert await store.read(SYSTEM, lambda tx: tx.installation.catalogue_version()) == 3


async def test_a_value_is_there_until_it_expires(store: Store) -> None:
    await store.write(SYSTEM, lambda tx: tx.kv.put("p", "k", {"n": [1, None]}, ONE))
    assert await store.read(SYSTEM, lambda tx: tx.kv.get("p", "k", NOON)) == {"n": [1, None]}
    assert await store.read(SYSTEM, lambda tx: tx.kv.get("p", "k", ONE)) is None
    assert await store.read(SYSTEM, lambda tx: tx.kv.get("q", "k", NOON)) is None


async def test_a_value_is_replaced_and_deleted(store: Store) -> None:
    await store.write(SYSTEM, lambda tx: tx.kv.put("p", "k", 1, ONE))
    await store.write(SYSTEM, lambda tx: tx.kv.put("p", "k", 2))
    assert await store.read(SYSTEM, lambda tx: tx.kv.get("p", "k", TWO)) == 2
    assert await store.write(SYSTEM, lambda tx: tx.kv.delete("p", "k")) is True
    assert await store.write(SYSTEM, lambda tx: tx.kv.delete("p", "k")) is False


async def test_a_value_is_taken_once(store: Store) -> None:
    await store.write(SYSTEM, lambda tx: tx.kv.put("p", "k", "ticket", ONE))
    assert await store.write(SYSTEM, lambda tx: tx.kv.take("p", "k", ONE)) is None
    assert await store.write(SYSTEM, lambda tx: tx.kv.take("p", "k", NOON)) == "ticket"
    assert await store.write(SYSTEM, lambda tx: tx.kv.take("p", "k", NOON)) is None


async def test_values_are_listed_by_the_beginning_of_their_keys(store: Store) -> None:
    def put(tx: Transaction) -> None:
        for key in ("hook/b", "hook/a", "hook_/c", "Hook/d"):
            tx.kv.put("p", key, {"key": key})
        tx.kv.put("p", "hook/old", 1, NOON)
        tx.kv.put("q", "hook/e", 1)

    await store.write(SYSTEM, put)
    found = await store.read(SYSTEM, lambda tx: tx.kv.items("p", "hook/", NOON))
    assert found == [("hook/a", {"key": "hook/a"}), ("hook/b", {"key": "hook/b"})]
    everything = await store.read(SYSTEM, lambda tx: tx.kv.items("p", "", NOON))
    assert len(everything) == 4


async def test_purging_deletes_what_has_expired(store: Store) -> None:
    await store.write(SYSTEM, lambda tx: tx.kv.put("p", "old", 1, NOON))
    await store.write(SYSTEM, lambda tx: tx.kv.put("p", "new", 1, TWO))
    await store.write(SYSTEM, lambda tx: tx.kv.put("p", "kept", 1))
    assert await store.write(SYSTEM, lambda tx: tx.kv.purge(ONE)) == 1


async def test_a_lease_belongs_to_one_owner_until_it_runs_out(store: Store) -> None:
    def take(owner: str, now: str, until: str) -> Awaitable[bool]:
        return store.write(SYSTEM, lambda tx: tx.leases.take("job", owner, now, until))

    assert await take("a", NOON, ONE) is True
    assert await take("b", NOON, ONE) is False
    assert await take("a", NOON, TWO) is True
    assert await take("b", TWO, TWO) is True


async def test_only_its_owner_gives_a_lease_back(store: Store) -> None:
    await store.write(SYSTEM, lambda tx: tx.leases.take("job", "a", NOON, TWO))
    await store.write(SYSTEM, lambda tx: tx.leases.release("job", "b"))
    assert not await store.write(SYSTEM, lambda tx: tx.leases.take("job", "b", ONE, TWO))
    await store.write(SYSTEM, lambda tx: tx.leases.release("job", "a"))
    assert await store.write(SYSTEM, lambda tx: tx.leases.take("job", "b", ONE, TWO))


async def test_a_lease_is_held_until_it_is_given_back_or_has_run_out(store: Store) -> None:
    def held(now: str) -> Awaitable[bool]:
        return store.read(SYSTEM, lambda tx: tx.leases.is_held("job", now))

    assert not await held(NOON)
    await store.write(SYSTEM, lambda tx: tx.leases.take("job", "a", NOON, ONE))
    assert await held(NOON)
    assert not await held(ONE)
    await store.write(SYSTEM, lambda tx: tx.leases.release("job", "a"))
    assert not await held(NOON)


async def test_a_jobs_last_run_is_kept(store: Store) -> None:
    assert await store.read(SYSTEM, lambda tx: tx.leases.last_run("job")) is None
    await store.write(SYSTEM, lambda tx: tx.leases.set_last_run("job", NOON))
    assert await store.read(SYSTEM, lambda tx: tx.leases.last_run("job")) == NOON


def reply(body: str) -> ReplyRecord:
    return ReplyRecord(key="k", request_hash="h", status=201, body=body, created_at=NOON)


async def test_the_first_reply_under_a_key_stays(store: Store, user: UserScope) -> None:
    await store.write(user, lambda tx: tx.replies.put(reply("first")))
    await store.write(user, lambda tx: tx.replies.put(reply("second")))
    assert await store.read(user, lambda tx: tx.replies.get("k")) == reply("first")


def once(attempt: str) -> Once:
    return Once(key="k", request_hash="h", attempt=attempt, at=NOON)


async def test_a_mark_stands_beside_what_its_request_wrote_until_its_answer_comes(
    store: Store, user: UserScope
) -> None:
    marked = replace(user, once=once("a"))
    for title in ("one", "two"):
        await add_journal(store, marked, title)
    found = await store.read(user, lambda tx: tx.replies.get("k"))
    assert found is not None
    assert (found["status"], found["body"]) == (BEGUN, "a")
    await store.write(user, lambda tx: tx.replies.put(reply("answer")))
    assert await store.read(user, lambda tx: tx.replies.get("k")) == reply("answer")


async def test_what_a_second_attempt_writes_is_rolled_back(store: Store, user: UserScope) -> None:
    await store.write(replace(user, once=once("a")), lambda tx: None)
    with pytest.raises(Conflict):
        await add_journal(store, replace(user, once=once("b")))
    assert await store.read(user, lambda tx: tx.journals.all(include_archived=True)) == []


async def test_only_the_mark_of_its_own_attempt_is_forgotten(store: Store, user: UserScope) -> None:
    await store.write(replace(user, once=once("a")), lambda tx: None)
    await store.write(user, lambda tx: tx.replies.forget("k", "b"))
    assert await store.read(user, lambda tx: tx.replies.get("k")) is not None
    await store.write(user, lambda tx: tx.replies.forget("k", "a"))
    assert await store.read(user, lambda tx: tx.replies.get("k")) is None
    await store.write(user, lambda tx: tx.replies.put(reply("answer")))
    await store.write(user, lambda tx: tx.replies.forget("k", "a"))
    assert await store.read(user, lambda tx: tx.replies.get("k")) == reply("answer")
    await store.write(user, lambda tx: tx.replies.forget("k"))
    assert await store.read(user, lambda tx: tx.replies.get("k")) is None


async def test_replies_are_a_persons_own_and_are_purged_by_age(
    store: Store, user: UserScope
) -> None:
    await store.write(user, lambda tx: tx.replies.put(reply("mine")))
    assert await store.read(UserScope("another"), lambda tx: tx.replies.get("k")) is None
    assert await store.write(SYSTEM, lambda tx: tx.replies.purge(NOON)) == 0
    assert await store.write(SYSTEM, lambda tx: tx.replies.purge(ONE)) == 1


@pytest.mark.parametrize("name", ["installation", "kv", "leases"])
async def test_a_persons_scope_reaches_nothing_of_the_installation(
    store: Store, user: UserScope, name: str
) -> None:
    with pytest.raises(RuntimeError, match="installation"):
        await store.read(user, lambda tx: getattr(tx, name))
