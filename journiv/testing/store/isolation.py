"""Nobody sees or changes what is somebody else's, by whatever method and with whatever id."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Final

from journiv.contracts.storage import Store, Transaction, Work
from journiv.domain.errors import JournivError
from journiv.domain.scope import SYSTEM, Scope
from journiv.testing.store.base import StoreTests, undone
from journiv.testing.store.people import Things, as_text, made_up, plant, seen, settle, write_more
from journiv.testing.store.recipes import ALIKE, READS, WRITES, Recipe, method, methods
from journiv.testing.store.system import SYSTEM_READS, SYSTEM_WRITES, SystemRecipe

PERSONAL: Final = {**READS, **WRITES}
OF_SYSTEM: Final = {**SYSTEM_READS, **SYSTEM_WRITES}
OF_ONESELF: Final = frozenset({"users.get"})
"""Methods of the installation that answer a person about themselves; they have their own tests."""
OF_EVERYBODY: Final = frozenset({"moods.all", "moods.get", "prompts.ids"})
MINE, THEIRS = "garden notes", "secret plans"


class IsolationTests(StoreTests):
    """One person's data, another's, and the installation's."""

    def test_every_method_of_the_contract_is_tried(self) -> None:
        tried = {method(recipe) for recipe in (*PERSONAL, *OF_SYSTEM)} | OF_ONESELF
        assert methods() - tried == set(), "journiv/testing/store has no recipe for these methods"
        assert tried - methods() == set(), "recipes for methods that the contract does not have"

    async def test_ids_of_others_are_like_ids_of_nobody(self, store: Store) -> None:
        me, other, nobody = made_up(), made_up(), made_up()
        await plant(store)
        await settle(store, me, MINE)
        alone = await answers(store, me, nobody)
        await settle(store, other, THEIRS)
        await write_more(store, other)
        assert differences(alone, await answers(store, me, nobody)) == {}, "others are seen"
        assert differences(alone, await answers(store, me, other)) == {}, "their ids do something"

    async def test_nothing_of_others_is_changed(self, store: Store) -> None:
        me, other = await two_people(store)
        before = await store.read(other.scope, lambda tx: seen(tx, other))
        after = {name: await seen_after(store, do, me, other) for name, do in WRITES.items()}
        assert [name for name, left in after.items() if left not in ("refused", before)] == []
        assert await store.read(other.scope, lambda tx: seen(tx, other)) == before

    async def test_an_owner_reaches_what_is_theirs(self, store: Store) -> None:
        """Without this, the tests above would show nothing."""
        me, other = await two_people(store)
        owner = await answers(store, other, other)
        stranger = await answers(store, me, other)
        alike = {name for name in PERSONAL if owner[name] == stranger[name]}
        assert alike - ALIKE == set(), "owner and stranger are answered alike"

    async def test_a_person_sees_their_own_account_only(self, store: Store) -> None:
        me, other = await two_people(store)
        mine, theirs = await store.read(
            me.scope, lambda tx: (tx.users.get(me.user), tx.users.get(other.user))
        )
        assert mine is not None
        assert (mine["id"], mine["time_zone"]) == (me.user, "Europe/London")
        assert theirs is None

    async def test_what_belongs_to_the_installation_is_no_persons(self, store: Store) -> None:
        me, other = await two_people(store)
        for it in (me, other):
            works = {name: _of(do, it) for name, do in OF_SYSTEM.items()}
            works["as_user"] = _of(lambda tx, it: tx.as_user(it.user), it)
            assert await unrefused(store, me.scope, works) == []

    async def test_the_installation_itself_may_do_all_of_it(self, store: Store) -> None:
        me, _ = await two_people(store)
        for do in OF_SYSTEM.values():
            await undone(store, SYSTEM, _of(do, me))

    async def test_a_persons_data_needs_a_person(self, store: Store) -> None:
        me, _ = await two_people(store)
        personal = {
            name: _as(do, me, me)
            for name, do in PERSONAL.items()
            if method(name) not in OF_EVERYBODY
        }
        assert await unrefused(store, SYSTEM, personal) == []

    async def test_the_installation_sees_a_person_as_they_do(self, store: Store) -> None:
        me, _ = await two_people(store)
        mine = await store.read(me.scope, lambda tx: seen(tx, me))
        assert await store.read(SYSTEM, lambda tx: seen(tx.as_user(me.user), me)) == mine

    async def test_a_deleted_account_takes_its_things_and_no_others(self, store: Store) -> None:
        me, other = await two_people(store)
        before = await store.read(other.scope, lambda tx: seen(tx, other))
        assert await store.write(SYSTEM, lambda tx: tx.users.delete(me.user))
        assert await store.read(other.scope, lambda tx: seen(tx, other)) == before
        await settle(store, Things(**{**asdict(made_up()), "user": me.user}), "new")
        for name in (
            "entries.search",
            "entries.page",
            "tags.page",
            "trash.page",
            "insights.streak",
        ):
            answer = await answered(store, PERSONAL[name], me, me)
            assert MINE not in answer, name
        assert await store.check() == []


async def two_people(store: Store) -> tuple[Things, Things]:
    """Store two people with a diary each."""
    me, other = made_up(), made_up()
    await plant(store)
    await settle(store, me, MINE)
    await settle(store, other, THEIRS)
    await write_more(store, other)
    return me, other


async def answers(store: Store, me: Things, it: Things) -> dict[str, str]:
    """Return what every recipe answers, with ids replaced by what they are ids of."""
    return {name: await answered(store, do, me, it) for name, do in PERSONAL.items()}


async def answered(store: Store, do: Recipe, me: Things, it: Things) -> str:
    """Return what one recipe answers a person, and take back what it did."""
    try:
        text = as_text(await undone(store, me.scope, _as(do, me, it)))
    except JournivError as error:
        text = f"{type(error).__name__}: {error.detail}"
    for whose, things in (("it", it), ("me", me)):
        for name, value in asdict(things).items():
            text = text.replace(value, f"<{whose}.{name}>")
    return text


async def seen_after(store: Store, do: Recipe, me: Things, other: Things) -> str:
    """Return what another person sees after a recipe was tried with their ids."""

    def work(tx: Transaction) -> str:
        do(tx.as_user(me.user), me, other)
        return seen(tx.as_user(other.user), other)

    try:
        return str(await undone(store, SYSTEM, work))
    except JournivError:
        return "refused"


async def unrefused(store: Store, scope: Scope, works: Mapping[str, Work[object]]) -> list[str]:
    """Return the names of those that this scope may do."""
    allowed = []
    for name, work in works.items():
        try:
            await undone(store, scope, work)
        except RuntimeError:
            continue
        allowed.append(name)
    return allowed


def differences(first: Mapping[str, str], second: Mapping[str, str]) -> dict[str, tuple[str, str]]:
    """Return what was answered otherwise, by recipe."""
    return {name: (first[name], second[name]) for name in first if first[name] != second[name]}


def _as(do: Recipe, me: Things, it: Things) -> Work[object]:
    return lambda tx: do(tx, me, it)


def _of(do: SystemRecipe, it: Things) -> Work[object]:
    return lambda tx: do(tx, it)
