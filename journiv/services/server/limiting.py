"""A rate limiter that goes on when the one it asks is out of order (security.md D6)."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import time
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Final

from journiv.contracts.ratelimit import Decision, RateLimiter, Rule
from journiv.domain.errors import Unavailable

PATIENCE: Final = 0.1
PAUSE: Final = 2.0
QUIET: Final = 60.0

_PROBE: Final = Rule(name="probe", limit=1000, period=1)

log = logging.getLogger("journiv.limits")


class FallbackLimiter(RateLimiter):
    """Asks `primary`; while that fails or is slow, `spare` counts what is vital, at half the limit.

    Other events pass uncounted then. A primary that has failed is asked again after `pause`
    seconds, by one event at a time; `ping` does the same, so that recovery needs no traffic.
    """

    def __init__(
        self,
        primary: RateLimiter,
        spare: RateLimiter,
        now: Callable[[], float] = time.monotonic,
        *,
        patience: float = PATIENCE,
        pause: float = PAUSE,
    ) -> None:
        self._primary = primary
        self._spare = spare
        self._now = now
        self._patience = patience
        self._pause = pause
        self._ask_again_at: float | None = None
        self._warned_at: float | None = None

    async def open(self) -> None:
        """See `RateLimiter`."""
        await self._primary.open()

    async def hit(self, key: str, rule: Rule, cost: int = 1) -> Decision:
        """See `RateLimiter`; never raises `Unavailable`."""
        try:
            return await self._asked(lambda: self._primary.hit(key, rule, cost))
        except Unavailable:
            if rule.vital:
                return await self._spare.hit(key, _halved(rule), cost)
            return Decision(
                allowed=True, limit=rule.limit, remaining=rule.limit, retry_after=0, reset_after=0
            )

    async def reset(self, key: str, rule: Rule) -> None:
        """See `RateLimiter`."""
        await self._spare.reset(key, _halved(rule))
        with contextlib.suppress(Exception):
            await self._primary.reset(key, rule)

    async def ping(self) -> None:
        """See `RateLimiter`. Counts an event of its own: answering is not yet counting."""

        async def probe() -> Decision:
            await self._primary.ping()
            return await self._primary.hit("", _PROBE)

        await self._asked(probe)

    async def close(self) -> None:
        """See `RateLimiter`."""
        await self._spare.close()
        await self._primary.close()

    async def _asked(self, question: Callable[[], Awaitable[Decision]]) -> Decision:
        """Ask the primary. Raises `Unavailable` when it is out of order, whatever the error."""
        if not self._may_ask():
            raise Unavailable("The rate limiter does not answer.")
        try:
            async with asyncio.timeout(self._patience):
                decision = await question()
        except Exception as error:  # a plugin and its driver may fail in any way
            self._ask_again_at = self._now() + self._pause
            self._warn(error)
            raise Unavailable("The rate limiter does not answer.") from None
        if self._ask_again_at is not None:
            self._ask_again_at = None
            log.info("The rate limiter counts again.")
        return decision

    def _may_ask(self) -> bool:
        if self._ask_again_at is None:
            return True
        now = self._now()
        if now < self._ask_again_at:
            return False
        self._ask_again_at = now + self._pause  # one asks; the others wait for what it learns
        return True

    def _warn(self, error: Exception) -> None:
        now = self._now()
        if self._warned_at is None or now - self._warned_at >= QUIET:
            self._warned_at = now
            log.warning(
                "The rate limiter does not count (%s). Until it does, this process counts "
                "sign-ins at half their limits, and other requests pass uncounted.",
                type(error).__name__,
            )


def _halved(rule: Rule) -> Rule:
    burst = None if rule.burst is None else max(1, rule.burst // 2)
    return replace(rule, limit=max(1, rule.limit // 2), burst=burst)
