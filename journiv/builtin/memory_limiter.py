"""Counting in this process's memory, for one process and for tests.

GCRA: of each key only one number is kept, the time at which its bucket would be empty again
(the "theoretical arrival time" of ITU-T I.371).
"""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable
from typing import Final

from journiv.contracts.ratelimit import ROUNDING, Decision, RateLimiter, Rule

MOST_KEYS: Final = 100_000


class MemoryLimiter(RateLimiter):
    """Keeps at most `most_keys` buckets; beyond that the one longest untouched is forgotten.

    `now` returns seconds of a clock that never goes back.
    """

    def __init__(
        self, now: Callable[[], float] = time.monotonic, *, most_keys: int = MOST_KEYS
    ) -> None:
        self._now = now
        self._most_keys = most_keys
        self._empty_at: OrderedDict[tuple[str, str], float] = OrderedDict()

    async def hit(self, key: str, rule: Rule, cost: int = 1) -> Decision:
        """See `RateLimiter`. An event that does not pass is not counted."""
        now = self._now()
        spacing = rule.period / rule.limit
        depth = spacing * (rule.burst or rule.limit)
        bucket = (rule.name, key)
        before = max(self._empty_at.get(bucket, now), now)
        after = before + cost * spacing
        wait = after - depth - now
        if wait > ROUNDING:
            return Decision.of(rule, fill=before - now, retry_after=wait)
        self._empty_at[bucket] = after
        self._empty_at.move_to_end(bucket)
        if len(self._empty_at) > self._most_keys:
            self._empty_at.popitem(last=False)
        return Decision.of(rule, fill=after - now, retry_after=None)

    async def reset(self, key: str, rule: Rule) -> None:
        """See `RateLimiter`."""
        self._empty_at.pop((rule.name, key), None)
