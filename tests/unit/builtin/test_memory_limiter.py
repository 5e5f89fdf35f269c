from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from journiv.builtin.memory_limiter import MemoryLimiter
from journiv.contracts.ratelimit import Rule

RULE = Rule(name="calls", limit=5, period=60, burst=10)


class Time:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


async def passes(limiter: MemoryLimiter, key: str = "a", rule: Rule = RULE) -> bool:
    return (await limiter.hit(key, rule)).allowed


async def test_a_burst_passes_and_the_next_one_waits() -> None:
    limiter = MemoryLimiter(Time())
    assert [await passes(limiter) for _ in range(11)] == [True] * 10 + [False]


async def test_without_a_burst_the_whole_limit_passes_at_once() -> None:
    limiter = MemoryLimiter(Time())
    rule = Rule(name="calls", limit=60, period=60)
    assert [await passes(limiter, rule=rule) for _ in range(61)] == [True] * 60 + [False]


async def test_waiting_as_long_as_told_is_enough_and_a_little_less_is_not() -> None:
    time = Time()
    limiter = MemoryLimiter(time)
    for _ in range(10):
        await limiter.hit("a", RULE)
    refused = await limiter.hit("a", RULE)
    assert refused.retry_after == 12.0
    time.now += 11.9
    assert not await passes(limiter)
    time.now += 0.1
    assert await passes(limiter)
    assert not await passes(limiter)


async def test_what_does_not_pass_is_not_counted() -> None:
    time = Time()
    limiter = MemoryLimiter(time)
    for _ in range(50):
        await limiter.hit("a", RULE)
    time.now += 12
    assert await passes(limiter)


async def test_keys_and_rules_are_counted_apart() -> None:
    limiter = MemoryLimiter(Time())
    one = Rule(name="one", limit=1, period=60)
    other = Rule(name="other", limit=1, period=60)
    assert await passes(limiter, "a", one)
    assert not await passes(limiter, "a", one)
    assert await passes(limiter, "b", one)
    assert await passes(limiter, "a", other)


async def test_the_answer_says_how_much_is_left() -> None:
    limiter = MemoryLimiter(Time())
    rule = Rule(name="calls", limit=3, period=30)
    left = [(await limiter.hit("a", rule)).remaining for _ in range(4)]
    assert left == [2, 1, 0, 0]
    assert (await limiter.hit("a", rule)).reset_after == 30.0


async def test_a_cost_counts_for_several() -> None:
    limiter = MemoryLimiter(Time())
    assert (await limiter.hit("a", RULE, 9)).remaining == 1
    assert not (await limiter.hit("a", RULE, 2)).allowed
    assert (await limiter.hit("a", RULE, 1)).allowed


async def test_a_reset_key_starts_anew() -> None:
    limiter = MemoryLimiter(Time())
    for _ in range(11):
        await limiter.hit("a", RULE)
    await limiter.reset("a", RULE)
    assert await passes(limiter)


async def test_memory_is_bounded_and_the_longest_untouched_key_goes() -> None:
    limiter = MemoryLimiter(Time(), most_keys=2)
    rule = Rule(name="calls", limit=2, period=60)
    for key in ("kept", "forgotten", "kept", "new"):
        await limiter.hit(key, rule)
    assert len(limiter._empty_at) == 2
    assert not await passes(limiter, "kept", rule)
    assert [await passes(limiter, "forgotten", rule) for _ in range(3)] == [True, True, False]


@given(
    limit=st.integers(1, 100),
    period=st.floats(0.5, 3600),
    pauses=st.lists(st.floats(0, 100), max_size=60),
)
async def test_no_window_lets_more_than_burst_and_rate_through(
    limit: int, period: float, pauses: list[float]
) -> None:
    time = Time()
    limiter, rule = MemoryLimiter(time), Rule(name="r", limit=limit, period=period, burst=3)
    passed = []
    for pause in pauses:
        time.now += pause
        if await passes(limiter, rule=rule):
            passed.append(time.now)
    for first, start in enumerate(passed):
        for last in range(first, len(passed)):
            allowed = 3 + (passed[last] - start) * limit / period
            assert last - first + 1 <= allowed + 1e-3
