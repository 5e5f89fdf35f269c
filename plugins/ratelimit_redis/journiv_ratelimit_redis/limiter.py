"""GCRA in one round trip: a script reads the clock, decides and remembers, all inside Redis."""

from __future__ import annotations

import hashlib
from collections.abc import Awaitable
from typing import Final, cast

from redis.exceptions import (
    AuthenticationError,
    NoPermissionError,
    NoScriptError,
    RedisClusterException,
    RedisError,
)

from journiv.contracts.ratelimit import Decision, RateLimiter, Rule
from journiv.domain.errors import ConfigError, Unavailable
from journiv_ratelimit_redis.clients import Clients, place

# Times are microseconds. Kept is when the bucket would be empty again; an event that does not
# pass leaves nothing behind. A microsecond is forgiven: sums of fractions miss by less. No bucket
# is fuller than full: one that seems so was counted before the clock was set back.
_SCRIPT: Final = """
local clock = redis.call('TIME')
local now = clock[1] * 1000000 + clock[2]
local spacing, depth, cost = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
local before = math.max(tonumber(redis.call('GET', KEYS[1]) or now), now)
if before > now + depth + spacing then
  before = now + depth
  redis.call('SET', KEYS[1], string.format('%.3f', before), 'PX', math.ceil(depth / 1000) + 1)
end
local after = before + cost * spacing
local wait = after - depth - now
if wait > 1 then
  return {0, string.format('%.0f', before - now), string.format('%.0f', math.ceil(wait))}
end
redis.call('SET', KEYS[1], string.format('%.3f', after), 'PX', math.ceil((after - now) / 1000) + 1)
return {1, string.format('%.0f', after - now), '0'}
"""
_SHA: Final = hashlib.sha1(_SCRIPT.encode(), usedforsecurity=False).hexdigest()
_MICRO: Final = 1_000_000
_FAILURES: Final = (OSError, RedisError, RedisClusterException)
_PROBE: Final = Rule(name="probe", limit=1000, period=1)


class RedisLimiter(RateLimiter):
    """Counts in Redis (`url` is for messages). Keys start with `journiv:limit:`."""

    def __init__(self, clients: Clients, url: str) -> None:
        self._clients = clients
        self._place = place(url)

    async def open(self) -> None:
        """See `RateLimiter`. Raises `ConfigError` when Redis refuses the password or user."""
        try:
            await self._count("", _PROBE, 1)
        except (AuthenticationError, NoPermissionError) as error:
            raise ConfigError(f"Redis at {self._place} refuses this user or password.") from error
        except _FAILURES as error:
            reason = str(error).partition(" : ")[0]  # what follows describes the client's insides
            raise Unavailable(f"could not reach Redis at {self._place}: {reason}") from error

    async def hit(self, key: str, rule: Rule, cost: int = 1) -> Decision:
        """See `RateLimiter`."""
        try:
            return await self._count(key, rule, cost)
        except _FAILURES as error:
            raise Unavailable("Redis does not answer.") from error

    async def reset(self, key: str, rule: Rule) -> None:
        """See `RateLimiter`."""
        await self._clients.asked.delete(_key(key, rule))

    async def ping(self) -> None:
        """See `RateLimiter`."""
        await self.hit("", _PROBE)

    async def close(self) -> None:
        """See `RateLimiter`."""
        await self._clients.close()

    async def _count(self, key: str, rule: Rule, cost: int) -> Decision:
        spacing = rule.period / rule.limit * _MICRO
        depth = spacing * (rule.burst or rule.limit)
        passed, fill, wait = await self._run(
            (_key(key, rule), repr(spacing), repr(depth), str(cost))
        )
        return Decision.of(
            rule,
            fill=int(fill) / _MICRO,
            retry_after=None if passed else int(wait) / _MICRO,
        )

    async def _run(self, given: tuple[str, ...]) -> tuple[int, bytes, bytes]:
        try:
            answer = self._clients.asked.evalsha(_SHA, 1, *given)
            return await cast("Awaitable[tuple[int, bytes, bytes]]", answer)
        except NoScriptError:  # a Redis that has been restarted
            answer = self._clients.asked.eval(_SCRIPT, 1, *given)
            return await cast("Awaitable[tuple[int, bytes, bytes]]", answer)


def _key(key: str, rule: Rule) -> str:
    return f"journiv:limit:{rule.name}:{key}"
