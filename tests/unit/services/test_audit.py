from __future__ import annotations

import sqlite3
from contextlib import closing
from functools import partial
from pathlib import Path

import pytest

from journiv.contracts.storage import Store, Transaction
from journiv.domain.errors import AuthenticationFailed, BadRequest, Forbidden, ReauthRequired
from journiv.domain.scope import SYSTEM
from journiv.services.accounts.audit import Audit, Source
from journiv.services.signin.recent_auth import RecentAuth
from journiv.services.signin.sessions import Client
from tests.unit.services.people import PASSWORD, Household

AT = "2026-03-01T12:00:00.000000Z"


@pytest.fixture
def household(store: Store) -> Household:
    return Household(store)


@pytest.fixture
def recent(household: Household) -> RecentAuth:
    own = household.own_password
    return RecentAuth(household.store, household.clock, own, household.audit, household.factor)


def told(household: Household, name: str, tx: Transaction) -> None:
    household.audit.record(tx, name, "u", AT)


async def written(household: Household, count: int = 4) -> None:
    for name in (f"event-{number}" for number in range(count)):
        await household.store.write(SYSTEM, partial(told, household, name))


async def events(household: Household, user_id: str) -> list[tuple[str, str]]:
    rows = await household.audit.own(user_id, 100, None)
    return [(row["event"], row["result"]) for row in rows]


async def test_an_untouched_log_verifies(household: Household) -> None:
    assert await household.audit.verify() == (0, [])
    await written(household)
    assert await household.audit.verify() == (4, [])


@pytest.mark.parametrize(
    ("statement", "found"),
    [
        ("UPDATE audit SET result = 'refused' WHERE number = 2", "Row 2 is not"),
        ("UPDATE audit SET at = '2020' WHERE number = 4", "Row 4 is not"),
        ("UPDATE audit SET actor = 'x' WHERE number = 1", "Row 1 is not"),
        ("DELETE FROM audit WHERE number = 3", "between 2 and 4"),
    ],
)
async def test_a_changed_log_is_found_out(
    household: Household, database: Path, statement: str, found: str
) -> None:
    await written(household)
    with closing(sqlite3.connect(database)) as connection, connection:
        connection.execute(statement)
    _, wrong = await household.audit.verify()
    assert len(wrong) == 1
    assert found in wrong[0]


async def test_another_key_verifies_nothing_but_a_previous_one_does(household: Household) -> None:
    await written(household, 1)
    foreign = Audit(household.store, (b"x" * 32,), (b"p" * 32,))
    rotated = Audit(household.store, (b"x" * 32, b"a" * 32), (b"q" * 32, b"p" * 32))
    assert len((await foreign.verify())[1]) == 1
    assert await rotated.verify() == (1, [])
    assert len(await rotated.own("u", 10, None)) == 1


async def test_old_rows_go_and_the_rest_still_verifies(household: Household) -> None:
    await written(household)
    await household.store.write(SYSTEM, lambda tx: tx.audit.purge("9998-01-01T00:00:00.000000Z"))
    await written(household, 2)
    assert await household.audit.verify() == (3, [])


async def test_a_row_names_neither_person_nor_address(household: Household) -> None:
    source = Source(address="203.0.113.77", request_id="r")
    await household.store.write(
        SYSTEM, lambda tx: household.audit.record(tx, "e", "u" * 36, AT, source=source)
    )
    (row,) = await household.audit.own("u" * 36, 10, None)
    assert row["network"] == "203.0.113.0/24"
    assert "u" * 36 not in str(row)


async def test_sign_ins_and_failures_are_told_to_their_owner_alone(household: Household) -> None:
    sam, alex = await household.register(), await household.register("alex@example.org")
    await household.enter()
    with pytest.raises(AuthenticationFailed):
        await household.sign_in.with_password("sam@example.org", "wrong", Client())
    assert await events(household, sam.user["id"]) == [("sign-in", "refused"), ("sign-in", "ok")]
    assert await events(household, alex.user["id"]) == []


async def test_a_sign_in_to_a_switched_off_account_is_told(household: Household) -> None:
    await household.register("admin@example.org")
    sam = (await household.register()).user["id"]
    await household.admin.change(sam, {"is_active": False})
    with pytest.raises(AuthenticationFailed, match="inactive"):
        await household.enter()
    assert await events(household, sam) == [("sign-in", "refused"), ("account.disable", "ok")]


async def test_a_reused_refresh_token_is_told(household: Household) -> None:
    sam = await household.register()
    first = (await household.enter(kind="web")).tokens.refresh
    for token in (first, (await household.sessions.refresh(first)).refresh):
        await household.sessions.refresh(token)
    household.clock.later(minutes=1)
    with pytest.raises(AuthenticationFailed):
        await household.sessions.refresh(first)
    assert ("token.reuse", "ended") in await events(household, sam.user["id"])


async def test_what_is_sensitive_needs_a_sign_in_of_the_last_ten_minutes(
    household: Household, recent: RecentAuth
) -> None:
    await household.register()
    tokens = (await household.enter()).tokens
    recent.require(await household.principals.principal(tokens.access))
    household.clock.later(minutes=10, seconds=2)
    with pytest.raises(ReauthRequired):
        recent.require(await household.principals.principal(tokens.access))
    principal = await household.principals.principal(tokens.access)
    with pytest.raises(BadRequest, match="Password is incorrect"):
        await recent.confirm(principal, "wrong", None, Source())
    with pytest.raises(ReauthRequired):
        recent.require(await household.principals.principal(tokens.access))
    await recent.confirm(principal, PASSWORD, None, Source())
    recent.require(await household.principals.principal(tokens.access))


async def test_renewed_tokens_are_no_recent_sign_in(
    household: Household, recent: RecentAuth
) -> None:
    await household.register()
    tokens = (await household.enter()).tokens
    household.clock.later(minutes=11)
    renewed = await household.sessions.refresh(tokens.refresh)
    with pytest.raises(Forbidden):
        recent.require(await household.principals.principal(renewed.access))
