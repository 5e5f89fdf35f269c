from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select

from journiv.contracts.records import IdentityRecord, SessionRecord, UserRecord
from journiv.contracts.storage import Store, Transaction
from journiv.domain.errors import Conflict
from journiv.domain.ids import new_id
from journiv.domain.scope import SYSTEM, UserScope
from journiv.services.accounts.account_rows import default_settings
from journiv.sqlstore.tables import metadata
from journiv.sqlstore.transaction import SqlTransaction
from tests.conftest import AddUser
from tests.unit.services.diaries import add_entry, add_journal

AT, LATER = "2026-03-01T12:00:00.000000Z", "2026-03-01T12:00:01.000000Z"


def identity(user_id: str, subject: str, provider: str = "local") -> IdentityRecord:
    return IdentityRecord(
        id=new_id(),
        user_id=user_id,
        provider=provider,
        subject=subject,
        data={"hash": "$argon2id$"},
        created_at=AT,
        updated_at=AT,
    )


def session(user_id: str, **changes: Any) -> SessionRecord:
    usual: dict[str, Any] = {
        "id": new_id(), "user_id": user_id, "security_version": 1, "client": "api",
        "device": "curl", "address": "", "mode": "strict", "generation": 0,
        "refresh_hash": "a" * 64, "previous_hash": None, "rotated_at": AT, "replays": 0,
        "authenticated_at": AT, "methods": "pwd", "created_at": AT, "seen_at": AT,
        "expires_at": "2026-03-08T12:00:00.000000Z",
        "absolute_expires_at": "2026-03-31T12:00:00.000000Z",
        "revoked_at": None, "revoked_for": None,
    }  # fmt: skip
    return SessionRecord(**{**usual, **changes})


async def test_a_person_reads_their_own_account_and_no_other(
    store: Store, add_user: AddUser
) -> None:
    one, other = await add_user("one@example.org"), await add_user("other@example.org")
    mine, theirs = await store.read(
        one, lambda tx: (tx.users.get(one.user_id), tx.users.get(other.user_id))
    )
    assert mine is not None
    assert mine["email"] == "one@example.org"
    assert theirs is None


@pytest.mark.parametrize(
    "ask",
    [
        lambda tx: tx.users.by_email("one@example.org"),
        lambda tx: tx.users.page(10, 0),
        lambda tx: tx.users.count(),
        lambda tx: tx.identities,
        lambda tx: tx.sessions,
    ],
)
async def test_what_belongs_to_the_installation_is_not_a_persons(
    store: Store, user: UserScope, ask: Any
) -> None:
    with pytest.raises(RuntimeError):
        await store.read(user, ask)


async def test_an_account_has_its_zone_from_its_preferences(store: Store, user: UserScope) -> None:
    before = await store.read(SYSTEM, lambda tx: tx.users.get(user.user_id))
    settings = default_settings(user.user_id, AT)
    await store.write(user, lambda tx: tx.settings.put({**settings, "time_zone": "Asia/Tokyo"}))
    after, zone = await store.read(
        user, lambda tx: (tx.users.get(user.user_id), tx.settings.time_zone())
    )
    assert before is not None
    assert after is not None
    assert (before["time_zone"], after["time_zone"], zone) == ("UTC", "Asia/Tokyo", "Asia/Tokyo")


async def test_preferences_are_put_anew_and_changed(store: Store, user: UserScope) -> None:
    settings = default_settings(user.user_id, AT)

    def work(tx: Transaction) -> None:
        tx.settings.put(settings)
        tx.settings.put({**settings, "theme": "dark"})

    await store.write(user, work)
    changed = await store.write(user, lambda tx: tx.settings.change({"theme": "auto"}, LATER))
    assert changed == {**settings, "theme": "auto", "updated_at": LATER}


async def test_a_taken_address_is_a_conflict(store: Store, add_user: AddUser) -> None:
    one, other = await add_user("one@example.org"), await add_user("other@example.org")
    row = await store.read(SYSTEM, lambda tx: tx.users.get(one.user_id))
    assert row is not None
    double = UserRecord(**{**row, "id": new_id()})
    with pytest.raises(Conflict):
        await store.write(SYSTEM, lambda tx: tx.users.add(double))
    with pytest.raises(Conflict):
        await store.write(
            SYSTEM, lambda tx: tx.users.change(other.user_id, {"email": "one@example.org"})
        )


async def test_a_change_of_nobody_is_none(store: Store) -> None:
    changed = await store.write(SYSTEM, lambda tx: tx.users.change(new_id(), {"name": "x"}))
    assert changed is None


async def test_identities_are_found_renamed_and_forgotten(store: Store, user: UserScope) -> None:
    mine = identity(user.user_id, "one@example.org")
    await store.write(SYSTEM, lambda tx: tx.identities.add(mine))
    with pytest.raises(Conflict):
        await store.write(SYSTEM, lambda tx: tx.identities.add({**mine, "id": new_id()}))
    await store.write(SYSTEM, lambda tx: tx.identities.set_data(mine["id"], {"n": 1}, LATER))
    await store.write(SYSTEM, lambda tx: tx.identities.set_subject(mine["id"], "new", LATER))
    found = await store.read(SYSTEM, lambda tx: tx.identities.find("local", "new"))
    assert found == {**mine, "subject": "new", "data": {"n": 1}, "updated_at": LATER}
    assert await store.write(SYSTEM, lambda tx: tx.identities.delete(mine["id"]))
    assert not await store.write(SYSTEM, lambda tx: tx.identities.delete(mine["id"]))


async def test_providers_are_named_once_and_for_everybody_asked(
    store: Store, user: UserScope
) -> None:
    def work(tx: Transaction) -> dict[str, list[str]]:
        for at, provider, subject in (
            (AT, "local", "a"),
            (LATER, "oidc", "b"),
            (LATER, "oidc", "c"),
        ):
            made = identity(user.user_id, subject, provider)
            tx.identities.add({**made, "created_at": at})
        return tx.identities.providers([user.user_id, "nobody"])

    found = await store.write(SYSTEM, work)
    assert found == {user.user_id: ["local", "oidc"], "nobody": []}


async def test_a_session_comes_with_its_account(store: Store, user: UserScope) -> None:
    mine = session(user.user_id)
    await store.write(SYSTEM, lambda tx: tx.sessions.add(mine))
    found = await store.read(SYSTEM, lambda tx: tx.sessions.with_user(mine["id"]))
    assert found is not None
    assert (found[0], found[1]["id"]) == (mine, user.user_id)
    assert await store.read(SYSTEM, lambda tx: tx.sessions.with_user(new_id())) is None


async def test_a_swap_needs_the_generation_it_saw(store: Store, user: UserScope) -> None:
    mine = session(user.user_id, generation=3)
    await store.write(SYSTEM, lambda tx: tx.sessions.add(mine))

    def swap(tx: Transaction) -> bool:
        return tx.sessions.change(mine["id"], {"generation": 4}, generation=3)

    assert [await store.write(SYSTEM, swap) for _ in range(2)] == [True, False]


async def test_ending_all_keeps_the_one_named(store: Store, add_user: AddUser) -> None:
    one, other = await add_user("one@example.org"), await add_user("other@example.org")
    mine = [session(one.user_id) for _ in range(3)]
    theirs = session(other.user_id)

    def work(tx: Transaction) -> tuple[int, int]:
        for each in (*mine, theirs):
            tx.sessions.add(each)
        kept = mine[0]["id"]
        return (
            tx.sessions.revoke_all(one.user_id, LATER, "password", keep=kept),
            tx.sessions.revoke_all(one.user_id, LATER, "password", keep=kept),
        )

    assert await store.write(SYSTEM, work) == (2, 0)
    live = await store.read(SYSTEM, lambda tx: tx.sessions.of_user(one.user_id))
    assert [each["id"] for each in live] == [mine[0]["id"]]
    assert len(await store.read(SYSTEM, lambda tx: tx.sessions.of_user(other.user_id))) == 1
    assert (
        await store.write(SYSTEM, lambda tx: tx.sessions.revoke_all(one.user_id, LATER, "x")) == 1
    )


async def test_what_ended_before_an_instant_is_purged(store: Store, user: UserScope) -> None:
    early = "2026-02-01T00:00:00.000000Z"
    rows = [
        session(user.user_id),
        session(user.user_id, revoked_at=early),
        session(user.user_id, expires_at=early),
        session(user.user_id, absolute_expires_at=early),
    ]

    def work(tx: Transaction) -> int:
        for row in rows:
            tx.sessions.add(row)
        return tx.sessions.purge(AT)

    assert await store.write(SYSTEM, work) == 3
    assert await store.read(SYSTEM, lambda tx: tx.sessions.get(rows[0]["id"])) == rows[0]


async def test_a_deleted_account_leaves_no_row_anywhere(store: Store, add_user: AddUser) -> None:
    gone, kept = await add_user("gone@example.org"), await add_user("kept@example.org")
    for scope in (gone, kept):
        journal_id = await add_journal(store, scope)
        await add_entry(store, scope, journal_id)
        await store.write(SYSTEM, lambda tx, scope=scope: tx.sessions.add(session(scope.user_id)))
    assert await store.write(SYSTEM, lambda tx: tx.users.delete(gone.user_id))
    assert not await store.write(SYSTEM, lambda tx: tx.users.delete(gone.user_id))

    def owners(tx: Transaction) -> set[str]:
        assert isinstance(tx, SqlTransaction)
        bound = tx._bound
        assert bound.search.drift(bound.connection) == []
        found: set[str] = set()
        for table in metadata.tables.values():
            if "user_id" in table.c:
                found |= set(bound.connection.execute(select(table.c.user_id)).scalars())
        return found

    # FTS5 checks its index with an INSERT, so looking takes a write transaction.
    assert await store.write(SYSTEM, owners) == {kept.user_id}
