from __future__ import annotations

import asyncio
import os
import threading
from collections.abc import AsyncIterator, Mapping
from typing import Any

import pytest

from journiv.contracts.auth import Credentials
from journiv.domain.errors import AuthenticationFailed, Unavailable
from journiv_auth_local.authenticator import LocalAuthenticator
from journiv_auth_local.hashing import LOW, PasswordHashes, Verdict
from journiv_auth_local.policy import PasswordPolicy
from journiv_auth_local.pool import HashPool

POLICY = PasswordPolicy(8, "Journiv", "")


class HeldHashes(PasswordHashes):
    """Hashing that lasts until it is let go."""

    def __init__(self) -> None:
        super().__init__(LOW)
        self.go_on = threading.Event()
        self.started = threading.Event()
        self.threads: set[str] = set()

    def verify(self, password: str, stored: Mapping[str, Any] | None) -> Verdict:
        self.threads.add(threading.current_thread().name)
        self.started.set()
        self.go_on.wait(10)
        return super().verify(password, stored)


@pytest.fixture
async def local() -> AsyncIterator[LocalAuthenticator]:
    authenticator = LocalAuthenticator(PasswordHashes(LOW), HashPool(), POLICY)
    yield authenticator
    await authenticator.close()


async def test_an_enrolled_password_signs_in(local: LocalAuthenticator) -> None:
    stored = await local.enrol("correct horse")
    proof = await local.authenticate(
        Credentials(subject="a@b.example", secret="correct horse", stored=stored)
    )
    assert (proof.provider, proof.subject, proof.data) == ("local", "a@b.example", None)


async def test_unknown_and_wrong_fail_alike(local: LocalAuthenticator) -> None:
    errors = []
    for stored in (None, await local.enrol("correct horse")):
        with pytest.raises(AuthenticationFailed) as caught:
            await local.authenticate(Credentials(subject="a@b.example", secret="x", stored=stored))
        errors.append(caught.value.detail)
    assert errors == ["Incorrect email or password"] * 2


async def test_one_hashes_some_wait_and_the_rest_are_told_to_come_back() -> None:
    hashes = HeldHashes()
    local = LocalAuthenticator(hashes, HashPool(1, queue=2, patience=30), POLICY)

    async def attempt() -> str:
        try:
            await local.authenticate(Credentials(subject="a@b.example", secret="x"))
        except AuthenticationFailed:
            return "answered"
        except Unavailable as error:
            return f"come back in {error.retry_after} s"
        return "signed in"

    attempts = [asyncio.create_task(attempt()) for _ in range(6)]
    done, _ = await asyncio.wait(attempts, timeout=10, return_when="FIRST_COMPLETED")
    assert {task.result() for task in done} == {"come back in 2 s"}
    hashes.go_on.set()
    assert sorted(await asyncio.gather(*attempts)) == ["answered"] * 3 + ["come back in 2 s"] * 3
    assert len(hashes.threads) == 1
    await local.close()


async def test_waiting_has_an_end() -> None:
    hashes = HeldHashes()
    local = LocalAuthenticator(hashes, HashPool(1, patience=0.01), POLICY)
    credentials = Credentials(subject="a@b.example", secret="x")
    first = asyncio.create_task(local.authenticate(credentials))
    with pytest.raises(Unavailable):
        await asyncio.gather(local.authenticate(credentials), local.authenticate(credentials))
    hashes.go_on.set()
    with pytest.raises(AuthenticationFailed):
        await first
    await local.close()


async def test_somebody_who_leaves_does_not_free_a_busy_thread() -> None:
    hashes = HeldHashes()
    local = LocalAuthenticator(hashes, HashPool(1, patience=0.01), POLICY)
    credentials = Credentials(subject="a@b.example", secret="x")
    first = asyncio.create_task(local.authenticate(credentials))
    await asyncio.to_thread(hashes.started.wait, 10)
    first.cancel()
    with pytest.raises(Unavailable):
        await local.authenticate(credentials)
    hashes.go_on.set()
    await local.close()


async def test_hashing_lets_the_event_loop_go_first() -> None:
    pool = HashPool()
    mine = os.getpriority(os.PRIO_PROCESS, threading.get_native_id())
    hashing = await pool.run(lambda: os.getpriority(os.PRIO_PROCESS, threading.get_native_id()))
    assert hashing == max(mine, 10)
    assert os.getpriority(os.PRIO_PROCESS, threading.get_native_id()) == mine
    pool.close()


def test_secrets_stay_out_of_reprs() -> None:
    credentials = Credentials(subject="a@b.example", secret="correct horse", stored={"hash": "$x"})
    assert "horse" not in repr(credentials)
    assert "$x" not in repr(credentials)
