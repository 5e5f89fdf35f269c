"""Kits for rate limiters."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import pytest

from journiv.contracts.ratelimit import Decision, RateLimiter, Rule
from journiv.domain.errors import Unavailable
from journiv.domain.ids import new_id

SLOW = Rule(name="kit-slow", limit=5, period=3600)
"""Nothing is given back while a test runs."""
QUICK = Rule(name="kit-quick", limit=4, period=0.8)
"""One event is given back every 200 ms."""


class RateLimiterConformance:
    """Subclass it and override `limiter`: open, and closed by the fixture."""

    @pytest.fixture
    def limiter(self) -> RateLimiter:
        """The limiter under test."""
        raise NotImplementedError("override the fixture `limiter`")

    @pytest.fixture
    def key(self) -> str:
        """A key that nothing else counts."""
        return f"kit:{new_id()}"

    async def test_exactly_the_limit_passes_at_once(self, limiter: RateLimiter, key: str) -> None:
        answers = [await limiter.hit(key, SLOW) for _ in range(SLOW.limit + 3)]
        assert [one.allowed for one in answers] == [True] * SLOW.limit + [False] * 3

    async def test_a_burst_is_all_that_passes_at_once(self, limiter: RateLimiter, key: str) -> None:
        rule = Rule(name="kit-burst", limit=100, period=3600, burst=3)
        answers = [await limiter.hit(key, rule) for _ in range(5)]
        assert [one.allowed for one in answers] == [True] * 3 + [False] * 2

    async def test_an_answer_says_what_is_left(self, limiter: RateLimiter, key: str) -> None:
        answers = [await limiter.hit(key, SLOW) for _ in range(SLOW.limit + 1)]
        assert [one.limit for one in answers] == [SLOW.limit] * len(answers)
        assert [one.remaining for one in answers] == [4, 3, 2, 1, 0, 0]
        assert answers[0].retry_after == 0
        assert 0 < answers[0].reset_after <= SLOW.period / SLOW.limit
        assert 0 < answers[-1].retry_after <= SLOW.period / SLOW.limit

    async def test_waiting_as_told_lets_the_next_event_pass(
        self, limiter: RateLimiter, key: str
    ) -> None:
        refused = await exhausted(limiter, key, QUICK)
        await asyncio.sleep(refused.retry_after + 0.02)
        assert (await limiter.hit(key, QUICK)).allowed

    async def test_before_that_it_does_not(self, limiter: RateLimiter, key: str) -> None:
        rule = Rule(name="kit-patient", limit=2, period=20)
        refused = await exhausted(limiter, key, rule)
        assert refused.retry_after > 5
        await asyncio.sleep(0.05)
        assert not (await limiter.hit(key, rule)).allowed

    async def test_what_is_refused_is_not_counted(self, limiter: RateLimiter, key: str) -> None:
        first = await exhausted(limiter, key, SLOW)
        later = [await limiter.hit(key, SLOW) for _ in range(20)][-1]
        assert later.retry_after <= first.retry_after

    async def test_a_cost_counts_as_so_many_events(self, limiter: RateLimiter, key: str) -> None:
        assert (await limiter.hit(key, SLOW, 4)).remaining == 1
        assert not (await limiter.hit(key, SLOW, 2)).allowed
        assert (await limiter.hit(key, SLOW, 1)).allowed

    async def test_keys_are_counted_apart(self, limiter: RateLimiter, key: str) -> None:
        await exhausted(limiter, key, SLOW)
        for other in (f"{key}:", key[:-1], key.upper(), f"{key} é\U0001f600", f"{key}{'x' * 300}"):
            assert (await limiter.hit(other, SLOW)).remaining == SLOW.limit - 1, other

    async def test_rules_are_counted_apart(self, limiter: RateLimiter, key: str) -> None:
        await exhausted(limiter, key, SLOW)
        other = Rule(name="kit-other", limit=SLOW.limit, period=SLOW.period)
        assert (await limiter.hit(key, other)).allowed

    async def test_of_fifty_at_once_exactly_the_limit_passes(
        self, limiter: RateLimiter, key: str
    ) -> None:
        answers = await asyncio.gather(*(limiter.hit(key, SLOW) for _ in range(50)))
        assert sum(one.allowed for one in answers) == SLOW.limit

    async def test_reset_forgets_one_key_under_one_rule(
        self, limiter: RateLimiter, key: str
    ) -> None:
        other = Rule(name="kit-other", limit=SLOW.limit, period=SLOW.period)
        for rule in (SLOW, other):
            await exhausted(limiter, key, rule)
        await limiter.reset(key, SLOW)
        assert (await limiter.hit(key, SLOW)).remaining == SLOW.limit - 1
        assert not (await limiter.hit(key, other)).allowed

    async def test_resetting_what_was_never_counted_is_fine(
        self, limiter: RateLimiter, key: str
    ) -> None:
        await limiter.reset(key, SLOW)

    async def test_ping_counts_nothing_and_raises_nothing(
        self, limiter: RateLimiter, key: str
    ) -> None:
        await limiter.ping()
        assert (await limiter.hit(key, SLOW)).remaining == SLOW.limit - 1


class SharedRateLimiterConformance(RateLimiterConformance):
    """For limiters that count outside the process; override `another` and `outage`, too."""

    @pytest.fixture
    def another(self) -> RateLimiter:
        """A second limiter, as another server has it, that counts in the same place."""
        raise NotImplementedError("override the fixture `another`")

    @pytest.fixture
    def outage(self) -> Callable[[], Awaitable[None]]:
        """Awaited, makes the place where `limiter` counts unreachable."""
        raise NotImplementedError("override the fixture `outage`")

    async def test_two_servers_share_what_they_count(
        self, limiter: RateLimiter, another: RateLimiter, key: str
    ) -> None:
        both = [limiter, another] * 5
        answers = await asyncio.gather(*(one.hit(key, SLOW) for one in both))
        assert sum(answer.allowed for answer in answers) == SLOW.limit
        await another.reset(key, SLOW)
        assert (await limiter.hit(key, SLOW)).allowed

    async def test_an_outage_is_said(
        self, limiter: RateLimiter, outage: Callable[[], Awaitable[None]], key: str
    ) -> None:
        await outage()
        for asked in (limiter.hit(key, SLOW), limiter.ping(), limiter.open()):
            with pytest.raises(Unavailable):
                await asked


async def exhausted(limiter: RateLimiter, key: str, rule: Rule) -> Decision:
    """Count until an event is refused, and return that answer."""
    for _ in range(rule.limit + 5):
        answer = await limiter.hit(key, rule)
        if not answer.allowed:
            return answer
    raise AssertionError(f"{rule.limit + 5} events passed a limit of {rule.limit}")
