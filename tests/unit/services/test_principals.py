from __future__ import annotations

import logging
from pathlib import Path

import pytest

from journiv.contracts.storage import Store
from journiv.domain.clock import SystemClock, instant
from journiv.domain.errors import AuthenticationFailed, Forbidden
from journiv.domain.scope import SYSTEM
from journiv.services.signin.principals import Principals
from journiv_store_sqlite.connections import Tuning
from journiv_store_sqlite.store import SqliteStore
from tests.unit.services.people import Household


@pytest.fixture
async def household(store: Store) -> Household:
    made = Household(store)
    await made.register()
    return made


async def token(household: Household) -> str:
    return (await household.enter()).tokens.access


async def test_a_principal_is_who_signed_in(household: Household) -> None:
    account = await household.register("beth@example.org")
    principal = await household.principal("beth@example.org")
    assert (principal.user_id, principal.email) == (account.user["id"], "beth@example.org")
    assert (principal.role, principal.scope.user_id) == ("user", account.user["id"])


async def test_a_known_token_costs_no_read_until_something_changes(
    household: Household, monkeypatch: pytest.MonkeyPatch
) -> None:
    access = await token(household)
    first = await household.principals.principal(access)
    reads: list[object] = []
    read = household.store.read

    async def counting(*given: object, **named: object) -> object:
        reads.append(given)
        return await read(*given, **named)

    monkeypatch.setattr(household.store, "read", counting)
    for _ in range(5):
        assert await household.principals.principal(access) is first
    assert reads == []
    await household.enter()
    assert await household.principals.principal(access) == first
    assert len(reads) == 1  # the token is looked up again; signing in only writes


async def test_an_ended_session_is_refused_at_once(household: Household) -> None:
    access = await token(household)
    principal = await household.principals.principal(access)
    await household.sessions.end(principal, principal.session_id)
    with pytest.raises(AuthenticationFailed):
        await household.principals.principal(access)


async def test_what_another_process_ends_is_refused_at_once(
    household: Household, database: Path
) -> None:
    access = await token(household)
    principal = await household.principals.principal(access)
    log = logging.getLogger("journiv.tests")
    async with SqliteStore(database, SystemClock(), log, Tuning(), 1) as other:
        at = instant(household.clock.moment)
        await other.write(SYSTEM, lambda tx: tx.sessions.revoke(principal.session_id, at, "x"))
        with pytest.raises(AuthenticationFailed):
            await household.principals.principal(access)


async def test_a_switched_off_account_is_forbidden(household: Household) -> None:
    access = await token(household)
    principal = await household.principals.principal(access)
    await household.store.write(
        SYSTEM, lambda tx: tx.users.change(principal.user_id, {"is_active": False})
    )
    with pytest.raises(Forbidden, match="User account is inactive"):
        await household.principals.principal(access)


@pytest.mark.parametrize(("late", "passes"), [(29, True), (31, False)])
async def test_a_known_token_expires_too(household: Household, late: int, passes: bool) -> None:
    access = await token(household)
    await household.principals.principal(access)
    household.clock.later(minutes=15, seconds=late)
    if passes:
        assert await household.principals.principal(access)
        return
    for _ in range(2):
        with pytest.raises(AuthenticationFailed):
            await household.principals.principal(access)


@pytest.mark.parametrize("text", ["", "x", "jo_a.b", "eyJ.a.b"])
async def test_what_no_handler_knows_is_refused(household: Household, text: str) -> None:
    with pytest.raises(AuthenticationFailed):
        await household.principals.principal(text)


async def test_only_so_many_tokens_are_kept(household: Household) -> None:
    handlers = household.principals._handlers
    principals = Principals(household.store, household.clock, handlers, kept=2)
    tokens = [await token(household) for _ in range(3)]
    for access in (tokens[0], tokens[1], tokens[0], tokens[2]):
        await principals.principal(access)
    assert list(principals._known) == [tokens[0], tokens[2]]
