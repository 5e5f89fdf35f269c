from __future__ import annotations

import asyncio
import logging

import pytest

from journiv.builtin.memory_limiter import MemoryLimiter
from journiv.contracts.ratelimit import Decision, RateLimiter, Rule
from journiv.domain.errors import Unavailable
from journiv.services.server.limiting import PAUSE, QUIET, FallbackLimiter

SIGN_IN = Rule(name="sign-in", limit=5, period=60, burst=10, vital=True)
CALLS = Rule(name="calls", limit=2, period=60)


class Elsewhere(RateLimiter):
    """Counts in memory like a server elsewhere: down, slow or broken as it is told."""

    def __init__(self, clock: Clock) -> None:
        self.error: BaseException | None = None
        self.gate: asyncio.Event | None = None
        self.asked = 0
        self.closed = False
        self.pings = True
        self._counts = MemoryLimiter(clock)

    async def hit(self, key: str, rule: Rule, cost: int = 1) -> Decision:
        self.asked += 1
        if self.gate is not None:
            await self.gate.wait()
        if self.error is not None:
            raise self.error
        return await self._counts.hit(key, rule, cost)

    async def ping(self) -> None:
        if not self.pings:
            raise Unavailable("no ping")

    async def close(self) -> None:
        self.closed = True


class Clock:
    def __init__(self) -> None:
        self.at = 1000.0

    def __call__(self) -> float:
        return self.at


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def elsewhere(clock: Clock) -> Elsewhere:
    return Elsewhere(clock)


@pytest.fixture
def limiter(elsewhere: Elsewhere, clock: Clock) -> FallbackLimiter:
    return FallbackLimiter(elsewhere, MemoryLimiter(clock), clock, patience=0.02)


async def _passed(limiter: RateLimiter, rule: Rule, times: int) -> int:
    return sum([(await limiter.hit("key", rule)).allowed for _ in range(times)])


async def test_what_answers_decides(limiter: FallbackLimiter) -> None:
    assert await _passed(limiter, SIGN_IN, 15) == 10
    assert await _passed(limiter, CALLS, 15) == 2


@pytest.mark.parametrize("error", [Unavailable("gone"), OSError(111, "refused"), KeyError("x")])
async def test_in_an_outage_vital_events_are_counted_at_half_and_others_pass(
    limiter: FallbackLimiter, elsewhere: Elsewhere, error: Exception
) -> None:
    elsewhere.error = error
    assert await _passed(limiter, SIGN_IN, 15) == 5
    assert await _passed(limiter, CALLS, 15) == 15


async def test_a_limiter_that_hangs_is_an_outage_and_is_not_waited_for_again(
    limiter: FallbackLimiter, elsewhere: Elsewhere
) -> None:
    elsewhere.gate = asyncio.Event()
    assert await _passed(limiter, SIGN_IN, 15) == 5
    assert elsewhere.asked == 1


async def test_it_is_asked_again_by_one_after_a_pause_and_decides_again(
    limiter: FallbackLimiter, elsewhere: Elsewhere, clock: Clock
) -> None:
    elsewhere.error = Unavailable("gone")
    await _passed(limiter, CALLS, 1)
    clock.at += PAUSE
    elsewhere.gate, elsewhere.error, before = asyncio.Event(), None, elsewhere.asked
    first = asyncio.create_task(limiter.hit("key", CALLS))
    await asyncio.sleep(0)
    assert await _passed(limiter, CALLS, 9) == 9
    assert elsewhere.asked == before + 1
    elsewhere.gate.set()
    await first
    assert await _passed(limiter, CALLS, 9) == 1


async def test_a_ping_tells_of_the_outage_and_finds_its_end(
    limiter: FallbackLimiter, elsewhere: Elsewhere, clock: Clock
) -> None:
    await limiter.ping()
    elsewhere.error = Unavailable("gone")
    with pytest.raises(Unavailable):
        await limiter.ping()
    elsewhere.error = None
    with pytest.raises(Unavailable):
        await limiter.ping()
    clock.at += PAUSE
    await limiter.ping()
    assert await _passed(limiter, CALLS, 9) == 2


async def test_a_limiter_that_says_so_itself_is_out_of_order(
    limiter: FallbackLimiter, elsewhere: Elsewhere
) -> None:
    elsewhere.pings = False
    with pytest.raises(Unavailable):
        await limiter.ping()
    assert await _passed(limiter, CALLS, 9) == 9


async def test_an_outage_is_told_once_a_minute_and_without_the_errors_words(
    limiter: FallbackLimiter, elsewhere: Elsewhere, clock: Clock, caplog: pytest.LogCaptureFixture
) -> None:
    elsewhere.error = OSError("redis://:password@cache")
    with caplog.at_level(logging.WARNING):
        for _ in range(int(2 * QUIET / PAUSE)):
            await _passed(limiter, CALLS, 3)
            clock.at += PAUSE
    assert len(caplog.records) == 2
    assert "(OSError)" in caplog.text
    assert "password" not in caplog.text


async def test_a_request_that_is_given_up_is_no_outage(
    limiter: FallbackLimiter, elsewhere: Elsewhere
) -> None:
    elsewhere.gate = asyncio.Event()
    asking = asyncio.create_task(limiter.hit("key", CALLS))
    await asyncio.sleep(0)
    asking.cancel()
    with pytest.raises(asyncio.CancelledError):
        await asking
    elsewhere.gate = None
    assert await _passed(limiter, CALLS, 9) == 2


async def test_closing_closes_both(limiter: FallbackLimiter, elsewhere: Elsewhere) -> None:
    await limiter.close()
    assert elsewhere.closed
