from __future__ import annotations

import asyncio
import logging
from dataclasses import replace

import pytest

from journiv.contracts.records import SessionRecord
from journiv.contracts.storage import Store
from journiv.domain.errors import AuthenticationFailed, NotFound
from journiv.domain.scope import SYSTEM
from journiv.services.signin.refresh import read_token
from journiv.services.signin.sessions import Client, SessionRules
from tests.unit.services.people import RULES, Household


@pytest.fixture
async def household(store: Store) -> Household:
    made = Household(store)
    await made.register()
    return made


async def row(household: Household, session_id: str) -> SessionRecord:
    found = await household.store.read(SYSTEM, lambda tx: tx.sessions.get(session_id))
    assert found is not None
    return found


async def test_a_row_tells_nothing_that_signs_in(household: Household) -> None:
    tokens = (await household.enter()).tokens
    kept = repr(await row(household, tokens.session_id))
    parsed = read_token(tokens.refresh)
    assert parsed is not None
    assert parsed[1] not in kept
    assert tokens.access not in kept


async def test_tokens_stay_out_of_reprs(household: Household) -> None:
    shown = repr(await household.enter())
    assert "jr1." not in shown
    assert "jo_" not in shown


async def test_a_session_remembers_a_device_and_a_network_only(household: Household) -> None:
    client = Client(
        user_agent="Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
        address="203.0.113.77",
    )
    found = await household.sign_in.with_password(
        "sam@example.org", "quill-Lantern-harbour-47", client
    )
    kept = await row(household, found.tokens.session_id)
    assert (kept["device"], kept["address"]) == ("Firefox on Linux", "203.0.113.0/24")


async def test_an_unused_session_ends_after_seven_days(household: Household) -> None:
    token = (await household.enter(kind="web")).tokens.refresh
    household.clock.later(days=7, seconds=-1)
    token = (await household.sessions.refresh(token)).refresh
    household.clock.later(days=7)
    with pytest.raises(AuthenticationFailed):
        await household.sessions.refresh(token)


async def test_a_used_session_ends_after_thirty_days_with_its_access_tokens(
    household: Household,
) -> None:
    tokens = (await household.enter(kind="web")).tokens
    for _ in range(9):
        household.clock.later(days=3)
        tokens = await household.sessions.refresh(tokens.refresh)
    household.clock.later(days=3, minutes=-5)
    tokens = await household.sessions.refresh(tokens.refresh)
    principal = await household.principals.principal(tokens.access)
    assert principal.expires_at == int(household.clock.moment.timestamp()) + 5 * 60
    household.clock.later(minutes=5)
    with pytest.raises(AuthenticationFailed):
        await household.sessions.refresh(tokens.refresh)


async def test_ending_sessions_are_not_listed(household: Household) -> None:
    await household.enter()
    household.clock.later(days=6)
    principal = await household.principal()
    household.clock.later(days=1)
    listed = await household.sessions.live(principal)
    assert [session["id"] for session in listed] == [principal.session_id]


async def test_refreshes_at_once_rotate_once(household: Household) -> None:
    tokens = (await household.enter(kind="web")).tokens
    renewed = await asyncio.gather(*(household.sessions.refresh(tokens.refresh) for _ in range(20)))
    assert len({one.refresh for one in renewed}) == 1
    assert (await row(household, tokens.session_id))["generation"] == 1


async def test_a_replay_is_logged_without_the_token(
    household: Household, caplog: pytest.LogCaptureFixture
) -> None:
    tokens = (await household.enter(kind="web")).tokens
    await household.sessions.refresh(tokens.refresh)
    household.clock.later(seconds=11)
    with caplog.at_level(logging.WARNING), pytest.raises(AuthenticationFailed):
        await household.sessions.refresh(tokens.refresh)
    assert tokens.session_id in caplog.text
    assert tokens.refresh not in caplog.text
    assert (await row(household, tokens.session_id))["revoked_for"] == "reuse"


async def test_grace_is_a_setting(store: Store) -> None:
    household = Household(store, replace(RULES, grace=SessionRules().grace * 6))
    await household.register()
    tokens = (await household.enter(kind="web")).tokens
    successor = (await household.sessions.refresh(tokens.refresh)).refresh
    household.clock.later(seconds=60)
    assert (await household.sessions.refresh(tokens.refresh)).refresh == successor


async def test_strict_rotation_is_a_setting(store: Store) -> None:
    household = Household(store, replace(RULES, rotation="strict"))
    await household.register()
    tokens = (await household.enter()).tokens
    await household.sessions.refresh(tokens.refresh)
    household.clock.later(seconds=11)
    with pytest.raises(AuthenticationFailed):
        await household.sessions.refresh(tokens.refresh)


async def test_a_session_of_a_switched_off_account_cannot_be_renewed(household: Household) -> None:
    tokens = (await household.enter()).tokens
    principal = await household.principals.principal(tokens.access)
    await household.store.write(
        SYSTEM, lambda tx: tx.users.change(principal.user_id, {"is_active": False})
    )
    with pytest.raises(AuthenticationFailed):
        await household.sessions.refresh(tokens.refresh)


async def test_a_session_behind_the_security_version_is_dead(household: Household) -> None:
    tokens = (await household.enter()).tokens
    principal = await household.principals.principal(tokens.access)
    await household.store.write(
        SYSTEM, lambda tx: tx.users.change(principal.user_id, {"security_version": 2})
    )
    with pytest.raises(AuthenticationFailed):
        await household.sessions.refresh(tokens.refresh)
    with pytest.raises(AuthenticationFailed):
        await household.principals.principal(tokens.access)


async def test_leaving_twice_at_once_is_fine(household: Household) -> None:
    principal = await household.principal()
    await asyncio.gather(*(household.sessions.leave(principal) for _ in range(2)))
    assert (await row(household, principal.session_id))["revoked_for"] == "logout"


async def test_a_session_ends_once(household: Household) -> None:
    principal = await household.principal()
    await household.sessions.end(principal, principal.session_id)
    with pytest.raises(NotFound):
        await household.sessions.end(principal, principal.session_id)


async def test_beyond_fifty_sessions_the_longest_unseen_ends(household: Household) -> None:
    first, second = [(await household.enter(kind="web")).tokens for _ in range(2)]
    household.clock.later(minutes=10)
    await household.sessions.refresh(first.refresh)
    for _ in range(49):
        household.clock.later(minutes=1)
        newest = await household.principal()
    assert len(await household.sessions.live(newest)) == 50
    assert (await row(household, first.session_id))["revoked_for"] is None
    assert (await row(household, second.session_id))["revoked_for"] == "too-many"


async def test_a_storm_of_sign_ins_does_not_put_out_who_is_at_work(household: Household) -> None:
    access = (await household.enter()).tokens.access
    for _ in range(60):
        await household.enter()
    assert await household.principals.principal(access)
    household.clock.later(minutes=16)
    assert len(await household.sessions.live(await household.principal())) == 50
