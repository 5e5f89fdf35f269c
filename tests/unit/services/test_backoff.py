from __future__ import annotations

import pytest

from journiv.contracts.storage import Store, Transaction
from journiv.domain.errors import AuthenticationFailed, TooMany
from journiv.domain.scope import SYSTEM
from journiv.services.backoff import Backoff, wait
from journiv.services.sessions import Client
from journiv.sqlstore.tables import key_values
from journiv.sqlstore.transaction import SqlTransaction
from tests.unit.services.people import PASSWORD, Household

EMAIL = "sam@example.org"


@pytest.fixture
async def household(store: Store) -> Household:
    made = Household(store)
    await made.register()
    return made


async def attempt(household: Household, email: str = EMAIL, password: str = "wrong") -> str:
    try:
        await household.sign_in.with_password(email, password, Client())
    except AuthenticationFailed:
        return "failed"
    except TooMany as error:
        return f"wait {error.retry_after}"
    return "in"


def test_the_wait_doubles_from_the_fifth_failure_on_up_to_a_minute() -> None:
    waits = [wait(failures).total_seconds() for failures in (0, 4, 5, 6, 7, 10, 11, 1000)]
    assert waits == [0, 0, 1, 2, 4, 32, 60, 60]


@pytest.mark.parametrize("email", [EMAIL, "nobody@example.org"])
async def test_after_five_failures_an_account_known_or_not_waits(
    household: Household, email: str
) -> None:
    assert [await attempt(household, email) for _ in range(6)] == ["failed"] * 5 + ["wait 1"]
    household.clock.later(seconds=1)
    assert [await attempt(household, email) for _ in range(2)] == ["failed", "wait 2"]


async def test_while_it_waits_no_password_is_checked(household: Household) -> None:
    for _ in range(5):
        await attempt(household)
    asked = len(household.authenticator.asked)
    assert await attempt(household, password=PASSWORD) == "wait 1"
    assert len(household.authenticator.asked) == asked


async def test_waiting_as_long_as_told_lets_the_owner_in_and_all_is_forgotten(
    household: Household,
) -> None:
    for _ in range(5):
        await attempt(household)
    household.clock.later(seconds=1)
    assert await attempt(household, password=PASSWORD) == "in"
    assert [await attempt(household) for _ in range(5)] == ["failed"] * 5


async def test_one_account_waits_and_others_do_not(household: Household) -> None:
    await household.register("beth@example.org")
    for _ in range(6):
        await attempt(household)
    assert await attempt(household, "beth@example.org", PASSWORD) == "in"
    assert await attempt(household, " SAM@example.org ") == "wait 1"


async def test_a_restart_forgets_nothing_and_fifteen_quiet_minutes_do(
    household: Household, store: Store
) -> None:
    for _ in range(5):
        await attempt(household)
    again = Household(store)
    assert await attempt(again, password=PASSWORD) == "wait 1"
    again.clock.later(minutes=15)
    assert [await attempt(again) for _ in range(5)] == ["failed"] * 5


async def test_no_address_is_kept(household: Household) -> None:
    await attempt(household)

    def kept(tx: Transaction) -> str:
        assert isinstance(tx, SqlTransaction)
        return repr(tx._bound.connection.execute(key_values.select()).all())

    assert EMAIL not in await household.store.read(SYSTEM, kept)


async def test_switched_off_it_counts_nothing(household: Household) -> None:
    off = Backoff(b"b" * 32, enabled=False)
    now = household.clock.now()
    for _ in range(10):
        await household.store.write(SYSTEM, lambda tx: off.failed(tx, EMAIL, now))
    assert await household.store.read(SYSTEM, lambda tx: off.check(tx, EMAIL, now)) is None
