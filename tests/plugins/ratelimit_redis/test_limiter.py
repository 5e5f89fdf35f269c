from __future__ import annotations

import asyncio
import random

import pytest
from redis.asyncio import Redis

from journiv.builtin.memory_limiter import MemoryLimiter
from journiv.contracts.ratelimit import Rule
from journiv.domain.errors import ConfigError, Unavailable
from journiv_ratelimit_redis.clients import clients_for
from journiv_ratelimit_redis.limiter import RedisLimiter
from tests.services.redis import RedisServer

RULE = Rule(name="calls", limit=5, period=60, burst=10)


async def passes(limiter: RedisLimiter, key: str, rule: Rule = RULE) -> bool:
    return (await limiter.hit(key, rule)).allowed


async def test_a_burst_passes_and_the_next_one_waits(limiter: RedisLimiter, key: str) -> None:
    assert [await passes(limiter, key) for _ in range(11)] == [True] * 10 + [False]


async def test_of_many_at_once_the_burst_passes(limiter: RedisLimiter, key: str) -> None:
    passed = await asyncio.gather(*(passes(limiter, key) for _ in range(50)))
    assert sum(passed) == 10


async def test_waiting_as_long_as_told_is_enough(limiter: RedisLimiter, key: str) -> None:
    rule = Rule(name="fast", limit=10, period=2, burst=1)
    assert await passes(limiter, key, rule)
    refused = await limiter.hit(key, rule)
    assert not refused.allowed
    assert 0 < refused.retry_after <= 0.2
    await asyncio.sleep(refused.retry_after)
    assert await passes(limiter, key, rule)


async def test_what_does_not_pass_is_not_counted(limiter: RedisLimiter, key: str) -> None:
    for _ in range(50):
        answer = await limiter.hit(key, RULE)
    assert answer.retry_after <= 12.0


async def test_a_clock_that_is_set_back_keeps_nobody_out_for_longer_than_a_full_bucket(
    limiter: RedisLimiter, shared_redis: str, key: str
) -> None:
    rule = Rule(name="set-back", limit=10, period=2, burst=1)
    assert await passes(limiter, key, rule)
    redis: Redis = Redis.from_url(shared_redis)
    name = f"journiv:limit:set-back:{key}"
    counted = float(await redis.get(name))
    await redis.set(name, counted + 3600 * 1_000_000, ex=3600)  # as the clock were an hour ahead
    await redis.aclose()
    refused = await limiter.hit(key, rule)
    assert not refused.allowed
    assert refused.retry_after <= 0.2
    await asyncio.sleep(refused.retry_after)
    assert await passes(limiter, key, rule)


async def test_keys_and_rules_are_counted_apart(limiter: RedisLimiter, key: str) -> None:
    one = Rule(name="one", limit=1, period=60)
    other = Rule(name="other", limit=1, period=60)
    assert await passes(limiter, key, one)
    assert not await passes(limiter, key, one)
    assert await passes(limiter, key + "b", one)
    assert await passes(limiter, key, other)


async def test_a_reset_key_starts_anew_and_keys_do_not_stay_for_ever(
    limiter: RedisLimiter, key: str
) -> None:
    for _ in range(11):
        await limiter.hit(key, RULE)
    name = f"journiv:limit:calls:{key}"
    assert 0 < await limiter._clients.asked.pttl(name) <= 121_000
    await limiter.reset(key, RULE)
    assert await passes(limiter, key)


async def test_RL_6_redis_and_memory_decide_alike(limiter: RedisLimiter) -> None:
    """A thousand events by one clock: Redis's, which the memory limiter is told."""
    seconds, micro = await limiter._clients.asked.time()
    clock = [float(seconds) + micro / 1e6]
    memory = MemoryLimiter(lambda: clock[0])
    rules = [
        Rule(name=f"r{limit}-{burst}", limit=limit, period=3600, burst=burst)
        for limit in (1, 7, 60, 1000)
        for burst in (None, 3)
    ]
    chance = random.Random(6)
    differing = 0
    for _ in range(1000):
        rule, cost = chance.choice(rules), chance.choice((1, 1, 1, 2))
        there = await limiter.hit("alike", rule, cost)
        seconds, micro = await limiter._clients.asked.time()
        clock[0] = float(seconds) + micro / 1e6
        here = await memory.hit("alike", rule, cost)
        differing += (there.allowed, there.remaining) != (here.allowed, here.remaining)
    assert differing <= 1


async def test_a_redis_that_is_away_is_unavailable_and_counts_again_when_back(
    redis_server: RedisServer, key: str
) -> None:
    limiter = RedisLimiter(clients_for(redis_server.url, None), redis_server.url)
    assert await passes(limiter, key)
    redis_server.stop()
    with pytest.raises(Unavailable):
        await limiter.hit(key, RULE)
    redis_server.start()
    assert await passes(limiter, key)
    await limiter.close()


async def test_it_says_where_redis_is_without_the_password(redis_server: RedisServer) -> None:
    url = redis_server.url.replace("redis://", "redis://sam:hidden-word@")
    limiter = RedisLimiter(clients_for(url, None), url)
    with pytest.raises(ConfigError, match="refuses this user or password") as refused:
        await limiter.open()
    assert "hidden-word" not in refused.value.detail
    redis_server.stop()
    with pytest.raises(Unavailable, match=f"127.0.0.1:{redis_server.port}") as away:
        await limiter.open()
    assert "hidden-word" not in away.value.detail
    await limiter.close()
