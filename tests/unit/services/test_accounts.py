from __future__ import annotations

import asyncio
from typing import Any

import pytest

from journiv.contracts.storage import Store, Transaction
from journiv.domain.errors import (
    AuthenticationFailed,
    BadRequest,
    Forbidden,
    Invalid,
    NotFound,
    TooMany,
)
from journiv.domain.events import UserCreated, UserDeleted
from journiv.domain.ids import new_id
from journiv.domain.scope import SYSTEM
from journiv.services.accounts.accounts import NewAccount, SignUpPolicy
from journiv.services.accounts.passwords import Passwords
from journiv.services.signin.sessions import Client
from tests.unit.services.people import PASSWORD, Household, PlainPasswords


@pytest.fixture
def household(store: Store) -> Household:
    return Household(store)


async def test_fifty_registrations_at_once_make_one_administrator(household: Household) -> None:
    accounts = await asyncio.gather(
        *(household.register(f"person-{number}@example.org") for number in range(50))
    )
    assert [one.user["role"] for one in accounts].count("admin") == 1


async def test_one_address_registered_at_once_opens_one_account(household: Household) -> None:
    found = await asyncio.gather(
        *(household.register("same@example.org") for _ in range(10)), return_exceptions=True
    )
    refused = [one for one in found if isinstance(one, BadRequest)]
    assert len(refused) == 9
    assert {error.detail for error in refused} == {"Email already registered"}
    assert await household.store.read(SYSTEM, lambda tx: tx.users.count()) == 1


async def test_the_place_of_the_first_is_free_again_when_nobody_is_left(
    household: Household,
) -> None:
    first = (await household.register()).user
    await household.store.write(SYSTEM, lambda tx: tx.users.delete(first["id"]))
    assert (await household.register("next@example.org")).user["role"] == "admin"


async def test_a_closed_door_costs_no_hash(store: Store) -> None:
    household = Household(store, policy=SignUpPolicy(disabled=True))
    await household.register()
    enrolled: list[str] = []

    async def enrol(password: str) -> dict[str, Any]:
        enrolled.append(password)
        return {}

    household.authenticator.enrol = enrol
    with pytest.raises(Forbidden):
        await household.register("late@example.org")
    assert enrolled == []


async def test_a_refused_account_leaves_nothing(household: Household) -> None:
    await household.register()
    with pytest.raises(Invalid) as caught:
        await household.accounts.register(
            NewAccount(email="x@example.org", name="X", password="short")
        )
    assert [violation.loc for violation in caught.value.violations] == [("body", "password")]
    assert await household.store.read(SYSTEM, lambda tx: tx.users.count()) == 1
    assert len(household.events) == 1


async def test_listeners_hear_of_accounts_after_the_commit(household: Household) -> None:
    await household.register()
    other = (await household.register("beth@example.org")).user
    await household.accounts.delete(other["id"])
    kinds = [type(event) for event in household.events]
    assert kinds == [UserCreated, UserCreated, UserDeleted]


async def test_deleting_an_account_takes_all_its_rows_along(household: Household) -> None:
    await household.register()
    user_id = (await household.register("beth@example.org")).user["id"]
    await household.enter("beth@example.org")
    await household.accounts.delete(user_id)

    def left(tx: Transaction) -> list[object]:
        mine = tx.as_user(user_id)
        return [
            tx.users.get(user_id),
            tx.identities.find("local", "beth@example.org"),
            mine.settings.get(),
            *tx.sessions.of_user(user_id),
        ]

    assert await household.store.read(SYSTEM, left) == [None, None, None]
    with pytest.raises(NotFound):
        await household.accounts.delete(user_id)


async def test_an_unknown_address_is_checked_like_a_known_one(household: Household) -> None:
    await household.register()
    for email in ("sam@example.org", "nobody@example.org"):
        with pytest.raises(AuthenticationFailed, match="Incorrect email or password"):
            await household.sign_in.with_password(email, "wrong password", Client())
    known, unknown = household.authenticator.asked
    assert known.stored is not None
    assert unknown.stored is None
    assert known.secret == unknown.secret == "wrong password"


async def test_a_new_hash_of_the_same_password_is_kept(household: Household) -> None:
    await household.register()
    household.authenticator.rehashed = {"reversed": PASSWORD[::-1], "cost": "higher"}
    await household.enter()
    identity = await household.store.read(
        SYSTEM, lambda tx: tx.identities.find("local", "sam@example.org")
    )
    assert identity is not None
    assert identity["data"]["cost"] == "higher"


async def test_a_password_changed_while_it_was_checked_signs_nobody_in(
    household: Household, monkeypatch: pytest.MonkeyPatch
) -> None:
    user_id = (await household.register()).user["id"]
    authenticate = PlainPasswords.authenticate

    async def slow(self: PlainPasswords, credentials: Any) -> Any:
        proof = await authenticate(self, credentials)
        await household.admin.change(user_id, {"password": "another-Lantern-47"})
        return proof

    monkeypatch.setattr(PlainPasswords, "authenticate", slow)
    with pytest.raises(AuthenticationFailed):
        await household.enter()
    sessions = await household.store.read(SYSTEM, lambda tx: tx.sessions.of_user(user_id))
    assert sessions == []


async def test_an_administrator_gives_a_password_to_an_account_without_one(
    household: Household,
) -> None:
    await household.register()
    user_id = (await household.register("beth@example.org")).user["id"]

    def without_password(tx: Transaction) -> None:
        for identity in tx.identities.of_user(user_id):
            tx.identities.delete(identity["id"])

    await household.store.write(SYSTEM, without_password)
    account = await household.admin.change(user_id, {"password": PASSWORD})
    assert account.has_password
    assert (await household.enter("beth@example.org")).user["id"] == user_id


async def test_an_account_without_a_password_cannot_change_it(household: Household) -> None:
    await household.register()
    principal = await household.principal()

    def by_provider(tx: Transaction) -> None:
        identity = tx.identities.of_user(principal.user_id)[0]
        tx.identities.delete(identity["id"])
        tx.identities.add({**identity, "id": new_id(), "provider": "oidc", "subject": "x"})

    await household.store.write(SYSTEM, by_provider)
    changes = {"current_password": PASSWORD, "new_password": "another-Lantern-47"}
    with pytest.raises(BadRequest, match="provider"):
        await household.profiles.change(principal, changes)
    assert (await household.profiles.get(principal)).providers == ("oidc",)


async def test_guesses_at_ones_own_password_are_slowed_down_and_told(household: Household) -> None:
    await household.register()
    principal = await household.principal()
    changes = {"current_password": "wrong-Lantern-47", "new_password": "another-Lantern-47"}
    for _ in range(5):
        with pytest.raises(BadRequest, match="Current password is incorrect"):
            await household.profiles.change(principal, changes)
    right = {**changes, "current_password": PASSWORD}
    with pytest.raises(TooMany):
        await household.profiles.change(principal, right)
    await household.enter()
    household.clock.later(seconds=1)
    await household.profiles.change(principal, right)
    told = [
        (row["event"], row["result"])
        for row in await household.audit.own(principal.user_id, 9, None)
    ]
    assert told[0] == ("password.change", "ok")
    assert told.count(("password.change", "refused")) == 5


async def test_refused_new_passwords_are_no_guesses(household: Household) -> None:
    await household.register()
    principal = await household.principal()
    changes = {"current_password": PASSWORD, "new_password": "short"}
    for _ in range(9):
        with pytest.raises(Invalid):
            await household.profiles.change(principal, changes)


async def test_mutual_demotion_leaves_an_administrator(household: Household) -> None:
    one = (await household.register()).user["id"]
    other = (await household.register("beth@example.org")).user["id"]
    await household.admin.change(other, {"role": "admin"})
    for _ in range(20):
        await asyncio.gather(
            household.admin.change(one, {"role": "user"}),
            household.admin.change(other, {"role": "user"}),
            household.admin.change(one, {"is_active": False}),
            household.accounts.delete(new_id()),
            return_exceptions=True,
        )
        count = await household.store.read(SYSTEM, lambda tx: tx.users.count_active_admins())
        assert count >= 1
        for user_id in (one, other):
            await household.admin.change(user_id, {"role": "admin", "is_active": True})


async def test_without_an_authenticator_every_use_says_so() -> None:
    passwords = Passwords(None)
    assert passwords.provider == "local"
    with pytest.raises(Forbidden, match="Password sign-in is off"):
        await passwords.prove("a@example.org", "x", None)


def test_secrets_stay_out_of_reprs() -> None:
    new = NewAccount(email="a@example.org", name="A", password=PASSWORD)
    policy = SignUpPolicy(setup_token="open-sesame")
    assert PASSWORD not in repr(new)
    assert "open-sesame" not in repr(policy)
