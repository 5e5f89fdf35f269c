from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from journiv.contracts.auth import Credentials, Proof
from journiv.contracts.storage import Store, Transaction
from journiv.domain.errors import AuthenticationFailed, TooMany, Unavailable
from journiv.domain.scope import SYSTEM
from journiv.services.signin.backoff import Backoff, wait
from journiv.services.signin.known_devices import KnownDevices
from journiv.services.signin.sessions import Client
from journiv.sqlstore.tables import key_values
from journiv.sqlstore.transaction import SqlTransaction
from tests.unit.services.people import PASSWORD, Household, PlainPasswords

EMAIL = "sam@example.org"


@pytest.fixture
async def household(store: Store) -> Household:
    made = Household(store)
    await made.register()
    return made


async def attempt(
    household: Household, email: str = EMAIL, password: str = "wrong", device: str = ""
) -> str:
    try:
        await household.sign_in.with_password(email, password, Client(device=device))
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


async def test_of_many_attempts_at_once_no_more_are_checked_than_in_a_row(
    household: Household,
) -> None:
    told = await asyncio.gather(*(attempt(household) for _ in range(50)))
    assert told.count("failed") == 5
    assert len(household.authenticator.asked) == 5


async def test_attempts_that_nobody_checked_are_not_counted(
    household: Household, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def busy(self: PlainPasswords, credentials: Credentials) -> Proof:
        raise Unavailable("busy")

    with monkeypatch.context() as patch:
        patch.setattr(PlainPasswords, "authenticate", busy)
        for _ in range(20):
            with pytest.raises(Unavailable):
                await attempt(household)
    assert [await attempt(household) for _ in range(6)] == ["failed"] * 5 + ["wait 1"]


async def test_attempts_that_were_right_are_never_too_many(household: Household) -> None:
    assert {await attempt(household, password=PASSWORD) for _ in range(120)} == {"in"}
    assert await attempt(household) == "failed"


async def test_from_the_hundredth_failure_of_a_day_on_the_wait_is_a_quarter_of_an_hour(
    household: Household,
) -> None:
    for _ in range(99):
        assert await attempt(household) == "failed"
        household.clock.later(seconds=60)
    assert await attempt(household) == "failed"
    assert await attempt(household, password=PASSWORD) == "wait 900"
    household.clock.later(minutes=15)
    assert await attempt(household) == "failed"
    assert await attempt(household) == "wait 900"
    household.clock.later(hours=24)
    assert [await attempt(household) for _ in range(6)] == ["failed"] * 5 + ["wait 1"]


async def test_signing_in_does_not_reset_what_strangers_did_that_day(
    household: Household,
) -> None:
    for number in range(99):
        assert await attempt(household) == "failed"
        household.clock.later(seconds=60)
        if number % 20 == 0:
            assert await attempt(household, password=PASSWORD) == "in"
    assert await attempt(household) == "failed"
    assert await attempt(household) == "wait 900"


async def test_a_known_device_is_not_held_up_by_strangers_but_by_its_own_failures(
    household: Household,
) -> None:
    device = (await household.enter()).device
    for _ in range(6):
        await attempt(household)
    assert await attempt(household, password=PASSWORD) == "wait 1"
    assert await attempt(household, password=PASSWORD, device=device) == "in"
    assert [await attempt(household, device=device) for _ in range(6)] == ["failed"] * 5 + [
        "wait 1"
    ]


async def test_a_device_is_known_to_its_account_alone_and_for_180_days(
    household: Household,
) -> None:
    device = (await household.enter()).device
    now, known = household.clock.now(), household.devices
    assert known.recognised(device, EMAIL, now) is not None
    assert known.recognised(device, "beth@example.org", now) is None
    assert known.recognised(device, EMAIL, now + timedelta(days=180)) is None
    assert KnownDevices((b"x" * 32,)).recognised(device, EMAIL, now) is None
    assert KnownDevices((b"x" * 32, b"d" * 32)).recognised(device, EMAIL, now) is not None
    last = "B" if device[-1] == "A" else "A"
    for forged in (device[:-1] + last, device + "\n", "jd1..1.", "", device.replace("jd1", "jd2")):
        assert known.recognised(forged, EMAIL, now) is None
    assert EMAIL not in device


async def test_a_device_keeps_its_name_and_so_its_failures(household: Household) -> None:
    first = (await household.enter()).device
    found = await household.sign_in.with_password(EMAIL, PASSWORD, Client(device=first))
    now = household.clock.now()
    names = {household.devices.recognised(one, EMAIL, now) for one in (first, found.device)}
    assert len(names) == 1


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
