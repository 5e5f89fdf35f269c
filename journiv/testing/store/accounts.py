"""Accounts, ways to sign in, sessions, tokens and the audit log."""

from __future__ import annotations

import asyncio

import pytest

from journiv.contracts.records import AuditRecord, SessionRecord
from journiv.contracts.storage import Store
from journiv.domain.errors import Conflict
from journiv.domain.ids import new_id
from journiv.domain.scope import SYSTEM, UserScope
from journiv.testing.store.base import StoreTests
from journiv.testing.store.people import arrive
from journiv.testing.store.rows import (
    AT,
    FAR,
    LATER,
    LONG_AGO,
    access_token,
    account,
    audit_row,
    identity,
    preferences,
    session,
)


class AccountTests(StoreTests):
    """`tx.users`, `tx.identities` and `tx.settings`."""

    async def test_an_account_comes_back_as_it_went(self, store: Store) -> None:
        kept = account(new_id(), name="Ünï \U0001f600", last_login_at=LATER, role="admin")
        await store.write(SYSTEM, lambda tx: tx.users.add(kept))
        assert await store.read(SYSTEM, lambda tx: tx.users.get(kept["id"])) == kept
        assert await store.read(SYSTEM, lambda tx: tx.users.by_email(kept["email"])) == kept
        assert await store.read(SYSTEM, lambda tx: tx.users.by_email("none@example.org")) is None

    async def test_an_address_belongs_to_one_account(self, store: Store) -> None:
        adds = [arrive(store, email="sam@example.org") for _ in range(5)]
        results = await asyncio.gather(*adds, return_exceptions=True)
        assert sum(isinstance(result, Conflict) for result in results) == 4, results
        assert await store.read(SYSTEM, lambda tx: tx.users.count()) == 1

    async def test_accounts_are_listed_newest_first(self, store: Store) -> None:
        made = [await arrive(store, created_at=f"2026-03-0{day}{AT[10:]}") for day in (2, 1, 3)]
        listed = await store.read(SYSTEM, lambda tx: tx.users.page(10, 0))
        assert [one["id"] for one in listed] == [made[n].user_id for n in (2, 0, 1)]
        rest = await store.read(SYSTEM, lambda tx: tx.users.page(1, 1))
        assert [one["id"] for one in rest] == [made[0].user_id]

    async def test_only_administrators_who_can_sign_in_count(self, store: Store) -> None:
        for role, active in (("admin", True), ("admin", False), ("user", True)):
            await arrive(store, role=role, is_active=active)
        assert await store.read(SYSTEM, lambda tx: tx.users.count_active_admins()) == 1

    async def test_a_change_is_written_and_returned(self, store: Store) -> None:
        me = await arrive(store)
        changes = {"name": None, "security_version": 2, "updated_at": LATER}
        changed = await store.write(SYSTEM, lambda tx: tx.users.change(me.user_id, changes))
        assert changed == account(me.user_id, **changes)
        assert await store.write(SYSTEM, lambda tx: tx.users.change(new_id(), changes)) is None

    async def test_preferences_are_put_and_changed(self, store: Store) -> None:
        me = await arrive(store)
        assert await store.read(me, lambda tx: (tx.settings.get(), tx.settings.time_zone())) == (
            None,
            "UTC",
        )
        mine = preferences(me.user_id, time_zone="Asia/Tokyo", reminder_time="07:30")
        for _ in range(2):
            await store.write(me, lambda tx: tx.settings.put(mine))
        assert await store.read(me, lambda tx: tx.settings.get()) == mine
        changed = await store.write(me, lambda tx: tx.settings.change({"theme": "dark"}, LATER))
        assert changed == {**mine, "theme": "dark", "updated_at": LATER}
        assert await store.read(me, lambda tx: tx.settings.time_zone()) == "Asia/Tokyo"

    async def test_a_way_to_sign_in_belongs_to_one_account(self, store: Store) -> None:
        me, other = await arrive(store), await arrive(store)
        mine = identity(me.user_id, "sub", data={"hash": "x", "n": [1, None]})
        await store.write(SYSTEM, lambda tx: tx.identities.add(mine))
        assert await store.read(SYSTEM, lambda tx: tx.identities.find("kit", "sub")) == mine
        with pytest.raises(Conflict):
            await store.write(SYSTEM, lambda tx: tx.identities.add(identity(other.user_id, "sub")))
        theirs = identity(other.user_id, "other", created_at=LATER)
        await store.write(SYSTEM, lambda tx: tx.identities.add(theirs))
        with pytest.raises(Conflict):
            await store.write(
                SYSTEM, lambda tx: tx.identities.set_subject(theirs["id"], "sub", LATER)
            )
        await store.write(SYSTEM, lambda tx: tx.identities.set_data(theirs["id"], {}, LATER))
        found = await store.read(SYSTEM, lambda tx: tx.identities.find("kit", "other"))
        assert found == {**theirs, "data": {}, "updated_at": LATER}
        people = [me.user_id, other.user_id]
        providers = await store.read(SYSTEM, lambda tx: tx.identities.providers(people))
        assert providers == {me.user_id: ["kit"], other.user_id: ["kit"]}
        assert await store.write(SYSTEM, lambda tx: tx.identities.delete(mine["id"]))
        assert not await store.write(SYSTEM, lambda tx: tx.identities.delete(mine["id"]))


class SessionTests(StoreTests):
    """`tx.sessions` and `tx.access_tokens`."""

    async def test_a_session_comes_back_with_its_account(self, store: Store) -> None:
        me, made = await signed_in(store)
        kept = session(made, me.user_id)
        found = await store.read(SYSTEM, lambda tx: tx.sessions.with_user(made))
        assert found == (kept, account(me.user_id))
        assert await store.read(SYSTEM, lambda tx: tx.sessions.get(made)) == kept
        assert await store.read(SYSTEM, lambda tx: tx.sessions.with_user(new_id())) is None

    async def test_a_generation_is_followed_by_one(self, store: Store) -> None:
        _, made = await signed_in(store)
        swap = {"generation": 1, "refresh_hash": "b" * 64}
        tries = [
            store.write(SYSTEM, lambda tx: tx.sessions.change(made, swap, generation=0))
            for _ in range(10)
        ]
        assert sorted(await asyncio.gather(*tries)) == [False] * 9 + [True]

    async def test_a_session_ends_once(self, store: Store) -> None:
        me, made = await signed_in(store)
        assert await store.write(SYSTEM, lambda tx: tx.sessions.revoke(made, LATER, "kit"))
        assert not await store.write(SYSTEM, lambda tx: tx.sessions.revoke(made, FAR, "again"))
        ended = await store.read(SYSTEM, lambda tx: tx.sessions.get(made))
        assert ended == session(made, me.user_id, revoked_at=LATER, revoked_for="kit")
        assert await store.read(SYSTEM, lambda tx: tx.sessions.of_user(me.user_id)) == []

    async def test_all_sessions_of_one_account_end_but_one(self, store: Store) -> None:
        me, kept = await signed_in(store)
        _, others = await signed_in(store)
        for _ in range(2):
            await add_session(store, session(new_id(), me.user_id))
        ended = await store.write(
            SYSTEM, lambda tx: tx.sessions.revoke_all(me.user_id, LATER, "kit", keep=kept)
        )
        assert ended == 2
        left = await store.read(SYSTEM, lambda tx: tx.sessions.of_user(me.user_id))
        assert [one["id"] for one in left] == [kept]
        other = await store.read(SYSTEM, lambda tx: tx.sessions.get(others))
        assert other is not None
        assert other["revoked_at"] is None

    async def test_what_is_over_is_purged(self, store: Store) -> None:
        me, live = await signed_in(store)
        for changes in ({"expires_at": LONG_AGO}, {"revoked_at": LONG_AGO, "revoked_for": "kit"}):
            await add_session(store, session(new_id(), me.user_id, **changes))
        assert await store.write(SYSTEM, lambda tx: tx.sessions.purge(AT)) == 2
        assert await store.read(SYSTEM, lambda tx: tx.sessions.get(live)) is not None

    async def test_a_personal_token_is_found_by_its_hash(self, store: Store) -> None:
        me, other = await arrive(store), await arrive(store)
        mine = access_token(new_id(), me.user_id)
        await store.write(SYSTEM, lambda tx: tx.access_tokens.add(mine))
        by_hash = await store.read(SYSTEM, lambda tx: tx.access_tokens.by_hash(mine["token_hash"]))
        assert by_hash == mine
        found = await store.read(SYSTEM, lambda tx: tx.access_tokens.with_user(mine["id"]))
        assert found == (mine, account(me.user_id))
        await store.write(SYSTEM, lambda tx: tx.access_tokens.used(mine["id"], LATER))
        listed = await store.read(SYSTEM, lambda tx: tx.access_tokens.of_user(me.user_id))
        assert listed == [{**mine, "last_used_at": LATER}]
        assert not await store.write(
            SYSTEM, lambda tx: tx.access_tokens.delete(other.user_id, mine["id"])
        )
        assert await store.write(SYSTEM, lambda tx: tx.access_tokens.delete(me.user_id, mine["id"]))


class AuditTests(StoreTests):
    """`tx.audit`."""

    async def test_rows_are_read_in_order_and_by_whom_they_concern(self, store: Store) -> None:
        rows = [
            audit_row(n, actor=actor, object=aim, at=f"2026-03-0{n}{AT[10:]}", result=result)
            for n, actor, aim, result in (
                (1, "p_one", "", "success"),
                (2, "p_two", "p_one", "failure"),
                (3, "p_two", "", "success"),
            )
        ]
        assert await store.read(SYSTEM, lambda tx: tx.audit.last()) is None
        for row in rows:
            await add_row(store, row)
        assert await store.read(SYSTEM, lambda tx: tx.audit.last()) == rows[2]
        assert await store.read(SYSTEM, lambda tx: tx.audit.after(1, 10)) == rows[1:]
        concerning = await store.read(SYSTEM, lambda tx: tx.audit.concerning(["p_one"], 10, None))
        assert concerning == [rows[1], rows[0]]
        below = await store.read(SYSTEM, lambda tx: tx.audit.concerning(["p_one"], 10, 2))
        assert below == [rows[0]]
        assert await store.read(SYSTEM, lambda tx: tx.audit.count("success", AT)) == 2

    async def test_the_newest_row_is_never_purged(self, store: Store) -> None:
        for number in (1, 2):
            await add_row(store, audit_row(number, at=LONG_AGO))
        assert await store.write(SYSTEM, lambda tx: tx.audit.purge(AT)) == 1
        last = await store.read(SYSTEM, lambda tx: tx.audit.last())
        assert last is not None
        assert last["number"] == 2

    async def test_a_number_is_given_once(self, store: Store) -> None:
        await add_row(store, audit_row(1))
        with pytest.raises(Conflict):
            await add_row(store, audit_row(1, actor="other"))


async def signed_in(store: Store) -> tuple[UserScope, str]:
    """Store an account with a session; return both."""
    me, made = await arrive(store), new_id()
    await add_session(store, session(made, me.user_id))
    return me, made


async def add_session(store: Store, record: SessionRecord) -> None:
    """Store a session."""
    await store.write(SYSTEM, lambda tx: tx.sessions.add(record))


async def add_row(store: Store, row: AuditRecord) -> None:
    """Store a line of the audit log."""
    await store.write(SYSTEM, lambda tx: tx.audit.add(row))
